/** Names that an expression can see. */

import type { Query } from '../parser/ast.ts';
import type { Bound, Frame, Plan, SessionView } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { type Collation, collationNamed, equalityKey } from '../types/collation.ts';
import type { SqlType } from '../types/sql-type.ts';

export interface ScopeColumn {
  readonly name: string;
  readonly type: SqlType;
  /** Becomes true when an outer join may leave the column empty. */
  nullable: boolean;
  flags: number;
  readonly slot: number;
  readonly identity: boolean;
  readonly rowGuid: boolean;
  /** Set when an expression reads it. */
  used: boolean;
}

export interface ScopeRelation {
  readonly id: number;
  readonly alias: string;
  readonly schema: string | null;
  readonly database: string | null;
  readonly columns: readonly ScopeColumn[];
}

/** What binding needs besides names. */
export interface BindContext {
  readonly session: SessionView;
  readonly frame: Frame;
  /** Common table expressions in sight, innermost last. */
  readonly commonTables: readonly CommonTableScope[];
  /** Names inside views resolve in the view's database with its schema. */
  readonly database: string | null;
  readonly viewDepth: number;
}

export interface CommonTableScope {
  readonly name: string;
  readonly columns: readonly string[] | null;
  readonly query: Query;
  /** CTEs that its own query sees. */
  readonly context: BindContext | null;
  /** While a recursive member is bound. */
  readonly working: { readonly plan: Plan } | null;
}

/** Grouped queries: after GROUP BY only keys and aggregates are readable. */
export interface Grouping {
  /** Key of a group expression → its place in the group row. */
  readonly keys: Map<string, { readonly slot: number; readonly bound: Bound }>;
  aggregate(call: unknown, scope: Scope): Bound | null;
  /** True while an aggregate's own argument is bound. */
  inside: boolean;
}

const nameCollation = collationNamed('Latin1_General_CI_AS');

export class Scope {
  readonly relations: ScopeRelation[] = [];
  readonly parent: Scope | null;
  readonly context: BindContext;
  width = 0;
  /** A name of an enclosing query was read. */
  correlated = false;
  grouping: Grouping | null = null;
  /** Collects windowed calls; null where they are not allowed. */
  windows: ((call: never) => Bound) | null = null;
  /** Relations read by the expression that is being bound. */
  private collector: Set<number> | null = null;

  constructor(context: BindContext, parent: Scope | null) {
    this.context = context;
    this.parent = parent;
  }

  /** Case rules of names are those of the database. */
  key(name: string): string {
    return equalityKey(name, this.nameCollation);
  }
  private get nameCollation(): Collation {
    const c = this.context.session.settings.databaseCollation;
    return c.binary || !c.ignoreCase ? c : nameCollation;
  }

  add(relation: ScopeRelation): void {
    const key = this.key(relation.alias);
    for (const other of this.relations)
      if (this.key(other.alias) === key && other.schema === null && relation.schema === null && relation.alias !== '')
        throw new ServerError(
          1011,
          `The correlation name '${relation.alias}' is specified multiple times in a FROM clause.`,
        );
    this.relations.push(relation);
  }

  /** Runs `bind` and tells which relations of this level it read. */
  collect<T>(bind: () => T): { readonly result: T; readonly reads: ReadonlySet<number> } {
    const before = this.collector;
    const reads = new Set<number>();
    this.collector = reads;
    try {
      return { result: bind(), reads };
    } finally {
      this.collector = before;
      if (before) for (const id of reads) before.add(id);
    }
  }
  read(relation: ScopeRelation, column: ScopeColumn): void {
    column.used = true;
    this.collector?.add(relation.id);
  }

  /** Relations that `a.` or `s.a.` or `d.s.a.` can mean. */
  relationsNamed(path: readonly string[]): ScopeRelation[] {
    const alias = this.key(path[path.length - 1]!);
    const schema = path.length > 1 ? path[path.length - 2]! : null;
    return this.relations.filter(
      r =>
        this.key(r.alias) === alias &&
        (schema === null || schema === '' || (r.schema !== null && this.key(r.schema) === this.key(schema))),
    );
  }

  /** A column by its name parts on this level; null = not here. */
  find(parts: readonly string[]): { readonly relation: ScopeRelation; readonly column: ScopeColumn } | null {
    const name = this.key(parts[parts.length - 1]!);
    const relations = parts.length > 1 ? this.relationsNamed(parts.slice(0, -1)) : this.relations;
    let found: { relation: ScopeRelation; column: ScopeColumn } | null = null;
    for (const relation of relations)
      for (const column of relation.columns)
        if (this.key(column.name) === name) {
          if (found) throw new ServerError(209, `Ambiguous column name '${parts[parts.length - 1]}'.`);
          found = { relation, column };
        }
    return found;
  }
}
