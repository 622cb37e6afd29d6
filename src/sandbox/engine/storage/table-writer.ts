/** Changing rows of one user table within one statement, with every rule that the table has. */

import { coerce, rowKey } from '../bind/comparison.ts';
import type { SandboxForeignKey, SandboxTable } from '../catalog-access.ts';
import type { Env, Eval, Run, SessionView, Test } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { displayText } from '../types/convert.ts';
import { RowWriter } from '../types/row-writer.ts';
import { decimalType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { assignment } from './assign.ts';
import { ForeignKeyCheck } from './foreign-key-check.ts';
import { type Layout, type LayoutColumn, type LayoutIndex, layoutOf, rowDecoder } from './layout.ts';
import type { RowStorage } from './row-storage.ts';
import { bindTableCondition, bindTableExpression, isUnsupported } from './table-expression.ts';

const terminated = [{ number: 3621, state: 0, class: 0, message: 'The statement has been terminated.', line: null }];

export interface WriterOptions {
  /** INSERT, UPDATE, DELETE, MERGE: word of messages. */
  readonly verb: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly checkConstraints: boolean;
  /** Whether the statement would fire triggers; left out: yes. */
  readonly firesTriggers?: boolean;
  /** Says once what the sandbox records but does not do. */
  readonly notice: (message: string) => void;
}

const scratch = new RowWriter();
const noFilters: readonly boolean[] = [];

export class TableWriter {
  readonly table: SandboxTable;
  readonly layout: Layout;
  private readonly storage: RowStorage;
  private readonly session: SessionView;
  private readonly run: Run;
  private readonly env: Env;
  private readonly options: WriterOptions;
  private readonly defaults: (Eval | null)[];
  private readonly computed: { column: number; evaluate: Eval | null }[];
  private readonly checks: { name: string; test: Test; text: string }[] = [];
  private readonly filters: (Test | null)[];
  private readonly references: ForeignKeyCheck[] = [];
  private readonly deleted: Value[][] = [];
  private readonly updated: { before: Value[]; after: Value[] }[] = [];

  constructor(table: SandboxTable, storage: RowStorage, run: Run, options: WriterOptions) {
    this.table = table;
    this.storage = storage;
    this.run = run;
    this.session = run.session;
    this.options = options;
    const layout = layoutOf(table);
    this.layout = layout;
    this.env = { row: [], outer: null, run };
    this.defaults = layout.columns.map(c => {
      const text = c.definition.defaultExpression;
      if (text === null) return null;
      try {
        const bound = bindTableExpression(text, null, this.session);
        const assign = assignment(bound.isNull ? c.type : bound.type, c, table, this.session.version);
        return env => assign(bound.eval(env), env.run.settings);
      } catch (error) {
        return () => {
          throw error;
        };
      }
    });
    this.computed = layout.columns.flatMap((c, column): { column: number; evaluate: Eval | null }[] => {
      if (!c.definition.computed) return [];
      try {
        const bound = bindTableExpression(c.definition.computed.expression, table, this.session);
        return [{ column, evaluate: coerce(bound, c.type) }];
      } catch (error) {
        if (!isUnsupported(error)) throw error;
        options.notice(
          `The computed column ${table.schema}.${table.name}.${c.name} cannot be evaluated by the sandbox (${(error as Error).message}): it stays NULL.`,
        );
        return [{ column, evaluate: null }];
      }
    });
    if (options.checkConstraints) this.bindChecks();
    this.filters = layout.unique.map(u =>
      u.index.filter === null ? null : bindTableCondition(u.index.filter, table, this.session),
    );
    if (table.triggers.length > 0 && options.firesTriggers !== false)
      options.notice(
        `The sandbox does not fire triggers: ${table.triggers.join(', ')} on ${table.schema}.${table.name}.`,
      );
  }

  private bindChecks(): void {
    const { table, session, options, layout } = this;
    for (const c of table.checks) {
      if (c.disabled) continue;
      try {
        this.checks.push({ name: c.name, test: bindTableCondition(c.expression, table, session), text: c.expression });
      } catch (error) {
        if (!isUnsupported(error)) throw error;
        options.notice(
          `The check constraint ${c.name} cannot be evaluated by the sandbox (${(error as Error).message}): it is not enforced.`,
        );
      }
    }
    if (options.verb === 'DELETE') return;
    for (const key of table.foreignKeys) {
      if (key.disabled) continue;
      const parent = session.catalog.tableById(table.databaseId, key.referencedTableId);
      if (parent) this.references.push(new ForeignKeyCheck(key, layout, parent, this.storage, this.run));
    }
  }

  /** The default of a column; NULL where it has none. */
  defaultOf(column: number): Value {
    const d = this.defaults[column];
    return d ? d(this.env) : null;
  }
  hasDefault(column: number): boolean {
    return this.defaults[column] !== null;
  }

  private fill(values: Value[], keepRowVersion = false): void {
    const { layout, session } = this;
    if (layout.rowVersion >= 0 && !keepRowVersion) {
      const version = Buffer.alloc(8);
      version.writeBigUInt64BE(session.catalog.nextRowVersion(this.table.databaseId));
      values[layout.rowVersion] = version;
    }
    this.env.row = values;
    for (const c of this.computed) values[c.column] = c.evaluate ? c.evaluate(this.env) : null;
  }

  private validate(values: Value[]): void {
    const { layout, table } = this;
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== null) continue;
      const c = layout.columns[i]!;
      if (!c.nullable && !(c.definition.computed && this.computed.some(k => k.column === i && !k.evaluate)))
        throw this.nullRefused(c);
    }
    this.env.row = values;
    for (const c of this.checks)
      if (c.test(this.env) === false) throw this.conflict('CHECK', c.name, table, columnOfCheck(c.text, layout));
  }

  nullRefused(c: LayoutColumn): ServerError {
    const { table, options } = this;
    return new ServerError(
      515,
      `Cannot insert the value NULL into column '${c.name}', table '${table.database}.${table.schema}.${table.name}'; column does not allow nulls. ${options.verb} fails.`,
      { state: 2, more: terminated },
    );
  }

  /** Nothing but keys and NOT NULL is to be looked after: rows may come as bytes. */
  get plain(): boolean {
    return (
      this.computed.length === 0 &&
      this.checks.length === 0 &&
      this.references.length === 0 &&
      this.layout.rowVersion < 0 &&
      this.filters.every(f => f === null)
    );
  }

  /** A row that is ready: `values` holds those of key columns. Only of a `plain` writer. */
  insertBytes(values: readonly Value[], bytes: Buffer): void {
    const result = this.storage.insert(this.layout, values, bytes, noFilters);
    if ('duplicate' in result && !result.duplicate.index.ignoreDuplicateKey)
      throw this.duplicate(result.duplicate, values);
  }

  private conflict(
    kind: 'CHECK' | 'FOREIGN KEY' | 'REFERENCE',
    name: string,
    table: SandboxTable,
    column: string | null,
  ): ServerError {
    return new ServerError(
      547,
      `The ${this.options.verb} statement conflicted with the ${kind} constraint "${name}". The conflict occurred in database "${table.database}", table "${table.schema}.${table.name}"${column === null ? '' : `, column '${column}'`}.`,
      { state: 0, more: terminated },
    );
  }

  encode(values: readonly Value[]): Buffer {
    scratch.position = 0;
    const { columns } = this.layout;
    for (let i = 0; i < columns.length; i++) columns[i]!.write(scratch, values[i]!);
    return scratch.take();
  }

  private filterResults(values: Value[]): (boolean | null)[] {
    this.env.row = values;
    return this.filters.map(f => (f ? f(this.env) : true));
  }

  duplicate(index: LayoutIndex, values: readonly Value[]): ServerError {
    const { table } = this;
    const shown = index.parts.map(p => displayText(values[p.column]!, p.type, this.run.settings)).join(', ');
    const name = `${table.schema}.${table.name}`;
    const i = index.index;
    if (i.kind === 'uniqueIndex')
      return new ServerError(
        2601,
        `Cannot insert duplicate key row in object '${name}' with unique index '${i.name}'. The duplicate key value is (${shown}).`,
        { class: 14, more: terminated },
      );
    return new ServerError(
      2627,
      `Violation of ${i.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE KEY'} constraint '${i.name}'. Cannot insert duplicate key in object '${name}'. The duplicate key value is (${shown}).`,
      { class: 14, more: terminated },
    );
  }

  /** A new row: values of all columns, those that the server fills left NULL. False = ignored by IGNORE_DUP_KEY. */
  insert(values: Value[]): boolean {
    this.fill(values);
    this.validate(values);
    const result = this.storage.insert(this.layout, values, this.encode(values), this.filterResults(values));
    if ('duplicate' in result) {
      if (result.duplicate.index.ignoreDuplicateKey) return false;
      throw this.duplicate(result.duplicate, values);
    }
    this.checkReferences(values);
    return true;
  }

  /** Foreign keys of a new or changed row; those to the own table wait for the end of the statement. */
  private pending: Value[][] = [];
  private checkReferences(values: Value[]): void {
    if (this.references.some(r => this.isOwn(r))) this.pending.push(values);
    for (const r of this.references) if (!this.isOwn(r)) this.checkReference(r, values);
  }
  private isOwn(r: ForeignKeyCheck): boolean {
    return r.parent.objectId === this.table.objectId;
  }
  private checkReference(r: ForeignKeyCheck, values: readonly Value[]): void {
    if (r.holds(values)) return;
    const { name, referencedColumns } = r.key;
    throw this.conflict('FOREIGN KEY', name, r.parent, referencedColumns.length === 1 ? referencedColumns[0]! : null);
  }

  /** Removes rows. */
  delete(rows: readonly { readonly rid: number; readonly values: Value[] }[]): void {
    for (const row of rows) {
      this.storage.remove(this.layout, row.rid, row.values);
      this.deleted.push(row.values);
    }
  }

  /** Replaces rows: all are taken out first, so that keys may swap. */
  update(rows: readonly { readonly rid: number; readonly before: Value[]; readonly after: Value[] }[]): void {
    const key = this.layout.clustered?.parts ?? [];
    for (const row of rows) this.storage.remove(this.layout, row.rid, row.before);
    for (const row of rows) {
      this.fill(row.after);
      this.validate(row.after);
      if (key.some(p => row.before[p.column] !== row.after[p.column])) this.storage.keysMove(this.layout);
      const clash = this.storage.restore(
        this.layout,
        row.rid,
        row.after,
        this.encode(row.after),
        this.filterResults(row.after),
      );
      if (clash) throw this.duplicate(clash, row.after);
      this.updated.push({ before: row.before, after: row.after });
    }
    for (const row of rows) this.checkReferences(row.after);
  }

  /** Ends the statement: references of the table to itself, and rows elsewhere that refer to what is gone. */
  finish(depth = 0): void {
    for (const values of this.pending)
      for (const r of this.references) if (this.isOwn(r)) this.checkReference(r, values);
    this.pending = [];
    if (this.deleted.length === 0 && this.updated.length === 0) return;
    if (depth > 32) throw new ServerError(40000, 'not supported by the sandbox: cascades deeper than 32');
    for (const key of this.table.referencedBy) if (!key.disabled) this.followReference(key, depth);
  }

  private followReference(key: SandboxForeignKey, depth: number): void {
    const { layout, session } = this;
    const child = session.catalog.tableById(this.table.databaseId, key.tableId);
    if (!child) return;
    const referenced = key.referencedColumns.map(n => layout.columns.findIndex(c => c.name === n));
    const kinds = referenced.map(c => layout.columns[c]!.type);
    const hash = rowKey(kinds);
    const gone = new Map<string, Value[] | null>();
    for (const values of this.deleted) gone.set(hash(referenced.map(c => values[c]!)), null);
    for (const { before, after } of this.updated) {
      const old = referenced.map(c => before[c]!);
      const now = referenced.map(c => after[c]!);
      if (hash(old) !== hash(now)) gone.set(hash(old), now);
    }
    if (gone.size === 0) return;
    // A key that another row of the statement brought back is not gone.
    const decodeOwn = rowDecoder(layout, referenced);
    if (this.updated.length > 0)
      for (const stored of this.storage.scan(this.table)) gone.delete(hash(decodeOwn(stored.bytes)));
    if (gone.size === 0) return;
    const childLayout = layoutOf(child);
    const columns = key.columns.map(n => childLayout.columns.findIndex(c => c.name === n));
    const decode = rowDecoder(childLayout, columns);
    const decodeAll = rowDecoder(
      childLayout,
      childLayout.columns.map((_, i) => i),
    );
    const convert = columns.map((c, i) =>
      assignment(childLayout.columns[c]!.type, { name: '', type: kinds[i]! }, null, session.version),
    );
    const hits: { rid: number; values: Value[]; replacement: Value[] | null }[] = [];
    for (const stored of this.storage.scan(child)) {
      const own = decode(stored.bytes);
      if (own.includes(null)) continue;
      const found = gone.get(hash(own.map((v, i) => convert[i]!(v, this.run.settings))));
      if (found !== undefined) hits.push({ rid: stored.rid, values: decodeAll(stored.bytes), replacement: found });
    }
    if (hits.length === 0) return;
    const deletes = hits.filter(h => h.replacement === null);
    const updates = hits.filter(h => h.replacement !== null);
    const act = (list: typeof hits, action: SandboxForeignKey['onDelete'], onDelete: boolean): void => {
      if (list.length === 0) return;
      if (action === 'NO ACTION')
        throw this.conflict('REFERENCE', key.name, child, key.columns.length === 1 ? key.columns[0]! : null);
      const writer = new TableWriter(child, this.storage, this.run, {
        ...this.options,
        verb: onDelete && action === 'CASCADE' ? 'DELETE' : 'UPDATE',
        checkConstraints: true,
      });
      if (action === 'CASCADE' && onDelete) writer.delete(list);
      else
        writer.update(
          list.map(h => {
            const after = [...h.values];
            columns.forEach((c, i) => {
              if (action === 'CASCADE') {
                const back = assignment(kinds[i]!, childLayout.columns[c]!, child, session.version);
                after[c] = back(h.replacement![i]!, this.run.settings);
              } else after[c] = action === 'SET NULL' ? null : writer.defaultOf(c);
            });
            return { rid: h.rid, before: h.values, after };
          }),
        );
      writer.finish(depth + 1);
    };
    act(deletes, key.onDelete, true);
    act(updates, key.onUpdate, false);
  }

  /** The next identity value; seeds and increments may have 38 digits. */
  nextIdentity(last: bigint | null): bigint {
    const { identity } = this.layout.columns[this.layout.identity]!.definition;
    const next = last === null ? identity!.seed : last + identity!.increment;
    const t = this.layout.columns[this.layout.identity]!.type;
    const limits: Record<string, bigint> = {
      tinyint: 255n,
      smallint: 32767n,
      int: 2147483647n,
      bigint: 9223372036854775807n,
    };
    if ((limits[t.name] ?? 10n ** BigInt(t.precision || 38)) < next)
      throw new ServerError(8115, `Arithmetic overflow error converting IDENTITY to data type ${t.name}.`, {
        more: terminated,
      });
    return next;
  }
  identityValue(n: bigint): Value {
    const t = this.layout.columns[this.layout.identity]!.type;
    return assignment(decimalType(38, 0), { name: '', type: t }, null, this.session.version)(n, this.run.settings);
  }
}

/** The column that a check of one column names in its message. */
function columnOfCheck(text: string, layout: Layout): string | null {
  const names = new Set([...text.matchAll(/\[((?:[^\]]|\]\])+)\]/g)].map(m => m[1]!.replaceAll(']]', ']')));
  const columns = layout.columns.filter(c => names.has(c.name));
  return columns.length === 1 ? columns[0]!.name : null;
}
