/** Rows of a bulk load into a table: cells whose bytes are those that the table stores are copied, the others converted. */
import { ROW } from '../../../data/row-scanner.ts';
import type { WireColumn } from '../../../data/wire-column.ts';
import type { IdentityColumn } from '../execute/identity.ts';
import { ServerError } from '../server-error.ts';
import type { Session } from '../session/session.ts';
import { cellEnd, cellReader, type Framing, framingOf, isNullCell } from '../types/row-reader.ts';
import { RowWriter } from '../types/row-writer.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { wireForm } from '../types/wire-type.ts';
import { assignment } from './assign.ts';
import { type CellCopier, cellCopier } from './cell-copier.ts';
import type { LayoutColumn } from './layout.ts';
import type { TableWriter } from './table-writer.ts';

interface Source {
  /** Place in the table. */
  readonly place: number;
  readonly framing: Framing;
  readonly column: LayoutColumn;
  /** Refuses a cell of a length that its declared type cannot have; null where any length may be. */
  readonly longest: ((bytes: number) => void) | null;
  readonly read: (b: Buffer, at: number) => Value;
  readonly convert: (value: Value) => Value;
  readonly copy: CellCopier | null;
}

const wrongLength = (colid: number): ServerError =>
  new ServerError(4815, `Received an invalid column length from the bcp client for colid ${colid}.`, { class: 17 });
const shortBinary = (): ServerError =>
  new ServerError(
    4804,
    'While reading current row from host, a premature end-of-message was encountered--an incoming data stream was interrupted when the server expected to see more data. The host program may have terminated. Ensure that you are using a supported client application programming interface (API).',
    { class: 17 },
  );
const invalidType = (colid: number, state: number): ServerError =>
  new ServerError(4816, `Invalid column type from bcp client for colid ${colid}.`, { state });

export class BulkReader {
  private readonly writer: TableWriter;
  private readonly identity: IdentityColumn;
  private readonly sources: readonly Source[];
  /** By place in the table: the index of its source, or −1. */
  private readonly sourceOf: readonly number[];
  private readonly keepNulls: boolean;
  private readonly out = new RowWriter();
  private readonly starts: Int32Array;
  /** Columns whose values are needed beside their bytes, when cells are copied. */
  private readonly keyColumns: readonly number[];

  constructor(
    writer: TableWriter,
    identity: IdentityColumn,
    declared: readonly { readonly type: SqlType; readonly place: number }[],
    sent: readonly WireColumn[],
    keepNulls: boolean,
    session: Session,
  ) {
    this.writer = writer;
    this.identity = identity;
    this.keepNulls = keepNulls;
    if (sent.length !== declared.length)
      throw new ServerError(
        4804,
        'While reading current row from host, a premature end-of-message was encountered--an incoming data stream was interrupted when the server expected to see more data. The host program may have terminated. Ensure that you are using a supported client application programming interface (API).',
        { state: 3 },
      );
    const { layout } = writer;
    this.sources = declared.map((d, i) => sourceOf(layout.columns[d.place]!, d, sent[i]!, i + 1, writer, session));
    const sourceOfPlace = new Array<number>(layout.columns.length).fill(-1);
    this.sources.forEach((s, i) => {
      sourceOfPlace[s.place] = i;
    });
    this.sourceOf = sourceOfPlace;
    this.starts = new Int32Array(this.sources.length + 1);
    const keys = new Set<number>();
    for (const index of [layout.clustered, ...layout.unique]) for (const p of index?.parts ?? []) keys.add(p.column);
    this.keyColumns = [...keys];
  }

  /** Inserts the rows of a chunk of whole ROW tokens; yields how many. */
  take(bytes: Buffer): number {
    const { sources, starts } = this;
    let at = 0;
    let rows = 0;
    while (at < bytes.length) {
      if (bytes[at] !== ROW)
        throw new ServerError(4804, `While reading current row from host, an unexpected token ${bytes[at]} was found.`);
      at++;
      for (let i = 0; i < sources.length; i++) {
        const { framing, longest } = sources[i]!;
        starts[i] = at;
        const end = cellEnd(bytes, at, framing);
        if (longest && framing === 'short' && bytes.readUInt16LE(at) !== 0xffff) longest(end - at - 2);
        at = end;
      }
      starts[sources.length] = at;
      if (this.writer.plain) this.copyRow(bytes);
      else this.convertRow(bytes);
      rows++;
    }
    return rows;
  }

  private convertRow(bytes: Buffer): void {
    const { columns } = this.writer.layout;
    const values = new Array<Value>(columns.length).fill(null);
    const given = new Uint8Array(columns.length);
    for (let i = 0; i < this.sources.length; i++) {
      const s = this.sources[i]!;
      const raw = s.read(bytes, this.starts[i]!);
      if (raw === null && !this.keepNulls && this.writer.hasDefault(s.place)) continue;
      values[s.place] = raw === null ? null : s.convert(raw);
      given[s.place] = 1;
    }
    for (let i = 0; i < columns.length; i++)
      if (!given[i] && this.writer.hasDefault(i)) values[i] = this.writer.defaultOf(i);
    this.identity.fill(values, given);
    this.writer.insert(values);
  }

  private copyRow(bytes: Buffer): void {
    const { writer, out, sourceOf: bySource, sources, starts } = this;
    const { columns, identity } = writer.layout;
    out.position = 0;
    const values: Value[] = [];
    const cells: number[] = [];
    for (let place = 0; place < columns.length; place++) {
      const c = columns[place]!;
      cells.push(out.position);
      const i = bySource[place]!;
      let value: Value;
      if (i < 0) {
        if (place === identity) {
          values[place] = null;
          this.identity.fill(values, new Uint8Array(columns.length));
          value = values[place]!;
        } else value = writer.defaultOf(place);
      } else {
        const s = sources[i]!;
        const start = starts[i]!;
        if (!isNullCell(bytes, start, s.framing)) {
          if (s.copy?.(bytes, start, starts[i + 1]!, out)) {
            if (place === identity) this.identity.take(c.read(out.buffer, cells[place]!));
            continue;
          }
          value = s.convert(s.read(bytes, start));
        } else value = !this.keepNulls && writer.hasDefault(place) ? writer.defaultOf(place) : null;
        if (place === identity) this.identity.take(value);
      }
      if (value === null && !c.nullable) throw writer.nullRefused(c);
      c.write(out, value);
    }
    for (const k of this.keyColumns) values[k] = columns[k]!.read(out.buffer, cells[k]!);
    writer.insertBytes(values, out.take());
  }
}

function sourceOf(
  column: LayoutColumn,
  declared: { readonly type: SqlType; readonly place: number },
  sent: WireColumn,
  colid: number,
  writer: TableWriter,
  session: Session,
): Source {
  const { settings } = session;
  const form = wireForm(sent, settings.databaseCollation);
  if (!fits(form.type, declared.type)) throw invalidType(colid, 1);
  if (form.type.name === 'vector' && !session.nativeVectors) throw invalidType(colid, 1);
  if (((sent.flags & 1) !== 0) !== column.nullable) throw invalidType(colid, 1);
  const max = (t: SqlType): boolean => t.length < 0 && /^(n?varchar|varbinary)$/.test(t.name);
  if (max(column.type) && !max(form.type)) throw invalidType(colid, 2);
  // The declaration tells how bytes are read, not the collation in the metadata.
  const type: SqlType = { ...form.type, collation: declared.type.collation ?? form.type.collation };
  const framing = framingOf(form.type, form.nullable);
  const assign = assignment(declaredWidth(type, declared.type), column, writer.table, session.version);
  return {
    place: declared.place,
    framing,
    column,
    longest: longestCell(declared.type, colid),
    read: cellReader(type, form.nullable),
    convert: value => assign(value, settings),
    copy: cellCopier(type, form.nullable, column),
  };
}

/** The declared width counts, whatever that of the metadata is (captured: bulk.wire-width, bulk.binary-short). */
function longestCell(declared: SqlType, colid: number): Source['longest'] {
  if (declared.length <= 0) return null;
  const limit = /^n/.test(declared.name) ? declared.length * 2 : declared.length;
  switch (declared.name) {
    case 'binary':
      return bytes => {
        if (bytes > limit) throw wrongLength(colid);
        if (bytes < limit) throw shortBinary();
      };
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'varbinary':
      return bytes => {
        if (bytes > limit) throw wrongLength(colid);
      };
    default:
      return null;
  }
}

/** A value of the wire under its declared type: fixed-length text is as wide as that. */
const declaredWidth = (type: SqlType, declared: SqlType): SqlType =>
  type.name === declared.name ? { ...type, length: declared.length } : type;

/** Whether a wire type can carry a declared one. */
function fits(sent: SqlType, declared: SqlType): boolean {
  if (sent.name === 'vector')
    return declared.name === 'vector' && sent.length === declared.length && sent.scale === declared.scale;
  if (sent.name === declared.name) return true;
  const family = (t: SqlType): string => {
    switch (t.name) {
      case 'decimal':
      case 'numeric':
        return 'decimal';
      case 'char':
      case 'varchar':
        return 'ansi';
      case 'nchar':
      case 'nvarchar':
        return 'unicode';
      case 'binary':
      case 'varbinary':
      case 'timestamp':
        return 'binary';
      case 'hierarchyid':
      case 'geometry':
      case 'geography':
        return 'binary';
      case 'text':
        return 'ansi';
      case 'ntext':
        return 'unicode';
      case 'image':
        return 'binary';
      case 'json':
      case 'vector':
        return 'ansi';
      default:
        return t.name;
    }
  };
  return family(sent) === family(declared);
}
