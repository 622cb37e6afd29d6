import type { Compression, DataSpace } from '../../model/data-space.ts';
import type { TokenCursor } from '../token-cursor.ts';

/** Behind ON: `[fg]`, `scheme(column)`, `"default"` (null). */
export function parseDataSpace(cursor: TokenCursor): DataSpace | null {
  const isString = cursor.token.kind === 'string' || cursor.token.kind === 'nstring';
  const name = isString ? cursor.string() : cursor.name();
  const partitionColumn = cursor.is('(') ? (cursor.nameList()[0] ?? null) : null;
  return name.toLowerCase() === 'default' && partitionColumn === null ? null : { name, partitionColumn };
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
