/** OUTPUT of INSERT, UPDATE and DELETE. */
import { Scope, type ScopeRelation } from '../bind/scope.ts';
import type { Output } from '../parser/ast.ts';
import type { Env, OutputColumn, Run } from '../query/runtime.ts';
import { bindItems } from '../query/select.ts';
import { ServerError } from '../server-error.ts';
import { assignment } from '../storage/assign.ts';
import { type Layout, layoutOf } from '../storage/layout.ts';
import type { Value } from '../types/values.ts';
import type { Execution } from './execution.ts';
import { IdentityColumn } from './identity.ts';
import { ResultSender } from './result-sender.ts';
import { resolveTarget, writerFor } from './target.ts';

export class OutputRows {
  private readonly x: Execution;
  private readonly clause: Output;
  private readonly columns: readonly OutputColumn[];
  private readonly evals: readonly ((env: Env) => Value)[];
  private readonly width: number;
  private readonly base: number;
  private readonly run: Run;
  private readonly rows: Value[][] = [];

  /** `from`: the row's other relations, which OUTPUT may name as well; their slots come first in the row. */
  constructor(
    x: Execution,
    clause: Output,
    layout: Layout,
    kinds: 'inserted' | 'deleted' | 'both',
    from: { readonly relations: readonly ScopeRelation[]; readonly width: number } | null = null,
  ) {
    this.x = x;
    this.clause = clause;
    this.run = x.run();
    const scope = new Scope(x.bind(), null);
    this.base = from?.width ?? 0;
    this.width = layout.columns.length;
    if (kinds !== 'deleted') scope.relations.push(pseudoTable('inserted', layout, this.base, -1));
    if (kinds !== 'inserted') scope.relations.push(pseudoTable('deleted', layout, this.base + this.width, -2));
    for (const r of from?.relations ?? []) scope.relations.push(r);
    const projection = bindItems(clause.items, scope);
    this.columns = projection.columns;
    this.evals = projection.evals;
  }

  add(inserted: readonly Value[] | null, deleted: readonly Value[] | null, joined: readonly Value[] = []): void {
    const row: Value[] = joined.slice(0, this.base);
    const { width, base } = this;
    for (let i = 0; i < width; i++) {
      row[base + i] = inserted?.[i] ?? null;
      row[base + width + i] = deleted?.[i] ?? null;
    }
    const env: Env = { row, outer: null, run: this.run };
    this.rows.push(this.evals.map(e => e(env)));
  }

  /** OUTPUT … INTO, within the statement. */
  async store(): Promise<void> {
    const { into } = this.clause;
    if (!into) return;
    const { x } = this;
    const target = resolveTarget(x, into.target, 'OUTPUT INTO');
    if (!target.variable) x.session.transaction.touch(target.table);
    const layout = layoutOf(target.table);
    const places = into.columns
      ? into.columns.map(name => {
          const place = layout.columns.findIndex(c => c.name.toLowerCase() === name.toLowerCase());
          if (place < 0) throw new ServerError(207, `Invalid column name '${name}'.`);
          return place;
        })
      : layout.columns.flatMap((c, i) => (c.generated ? [] : [i]));
    if (places.length !== this.columns.length)
      throw new ServerError(213, 'Column name or number of supplied values does not match table definition.');
    const assigns = this.columns.map((c, i) =>
      assignment(c.type, layout.columns[places[i]!]!, target.table, x.session.version),
    );
    const writer = writerFor(x, target, this.run, 'INSERT', 1);
    const identity = new IdentityColumn(writer, x.session, false);
    for (const row of this.rows) {
      const values = new Array<Value>(layout.columns.length).fill(null);
      const given = new Uint8Array(layout.columns.length);
      row.forEach((v, i) => {
        const place = places[i]!;
        values[place] = v === null ? null : assigns[i]!(v, this.run.settings);
        given[place] = 1;
      });
      layout.columns.forEach((_, i) => {
        if (!given[i]) values[i] = writer.defaultOf(i);
      });
      identity.fill(values, given);
      writer.insert(values);
    }
    writer.finish();
    identity.remember();
  }

  /** OUTPUT to the client. */
  async send(): Promise<void> {
    if (this.clause.into) return;
    const sender = new ResultSender(this.x, this.columns);
    for (const row of this.rows) {
      sender.row(row);
      if (sender.full) await sender.flush();
    }
    await sender.flush();
  }
}

function pseudoTable(alias: string, layout: Layout, base: number, id: number): ScopeRelation {
  return {
    id,
    alias,
    schema: null,
    database: null,
    columns: layout.columns.map((c, i) => ({
      name: c.name,
      type: c.type,
      nullable: c.nullable,
      flags: c.flags,
      slot: base + i,
      identity: c.identity,
      rowGuid: c.rowGuid,
      used: false,
    })),
  };
}
