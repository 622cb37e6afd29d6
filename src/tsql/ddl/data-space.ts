import type { Compression, DataSpace } from '../../model/data-space.ts';
import type { TokenCursor } from '../token-cursor.ts';

/** Behind ON of a table: `[fg]`, `scheme(column)`, `"default"` (null). */
export function parseDataSpace(cursor: TokenCursor): DataSpace | null {
  const space = parseIndexSpace(cursor);
  return isDefaultSpace(space) ? null : space;
}

/** Behind ON of an index or key, where "default" is not the same as nothing: without ON it lies where its table lies. */
export function parseIndexSpace(cursor: TokenCursor): DataSpace {
  const isString = cursor.token.kind === 'string' || cursor.token.kind === 'nstring';
  const name = isString ? cursor.string() : cursor.name();
  const partitionColumn = cursor.is('(') ? (cursor.nameList()[0] ?? null) : null;
  return { name, partitionColumn };
}

/** Whether it means the default filegroup, whatever that is. */
export function isDefaultSpace(space: DataSpace): boolean {
  return space.partitionColumn === null && space.name.toLowerCase() === 'default';
}

/** Filegroup name behind TEXTIMAGE_ON or FILESTREAM_ON; null for "default". */
export function parseFilegroupName(cursor: TokenCursor): string | null {
  return parseDataSpace(cursor)?.name ?? null;
}

/** Behind `DATA_COMPRESSION =`: `PAGE [ON PARTITIONS (1, 3 TO 5)]`. */
export function parseCompression(cursor: TokenCursor): Compression {
  const kind = cursor.name().toUpperCase() as Compression['kind'];
  const partitions: number[] = [];
  if (cursor.takeWord('ON', 'PARTITIONS')) {
    for (const [from, to] of cursor.list(() => partitionRange(cursor)))
      for (let n = from; n <= to; n++) partitions.push(n);
  }
  return { kind, partitions };
}

function partitionRange(cursor: TokenCursor): [number, number] {
  const from = Number(cursor.signedNumber());
  return [from, cursor.takeWord('TO') ? Number(cursor.signedNumber()) : from];
}
