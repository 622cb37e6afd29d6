/** Rows as a server sends them, made from a seed: the 8-column table of the benchmarks and a table of wide text. */

import { collationFromName } from '../src/data/collation.ts';
import { type WireColumn, WireType } from '../src/data/wire-column.ts';

function column(name: string, type: WireType, more: Partial<WireColumn> = {}): WireColumn {
  return {
    name,
    type,
    userType: 0,
    flags: 9,
    maxLength: 0,
    precision: 0,
    scale: 0,
    collation: null,
    udt: null,
    ...more,
  };
}

const collation = collationFromName('SQL_Latin1_General_CP1_CI_AS');

/** int, bigint, decimal(18,4), float, datetime2(7), nvarchar(60), varchar(20), bit */
export function eightColumns(): readonly WireColumn[] {
  return [
    column('id', WireType.intN, { maxLength: 4 }),
    column('big', WireType.intN, { maxLength: 8 }),
    column('amount', WireType.decimalN, { maxLength: 17, precision: 18, scale: 4 }),
    column('ratio', WireType.floatN, { maxLength: 8 }),
    column('at', WireType.datetime2N, { scale: 7 }),
    column('name', WireType.nvarchar, { maxLength: 120, collation }),
    column('code', WireType.bigVarChar, { maxLength: 20, collation }),
    column('on', WireType.bitN, { maxLength: 1 }),
  ];
}

export interface BenchRows {
  readonly bytes: Buffer;
  /** Start of each row, and the end of the last. */
  readonly starts: readonly number[];
}

/** Deterministic numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** A tenth of the values are NULL, in NBCROW tokens where a row has any. */
export function eightColumnRows(count: number): BenchRows {
  const random = generator(42);
  const bytes = Buffer.alloc(count * 200);
  const starts: number[] = [];
  const words = ['Ärger', 'order', "it's", 'Müller', 'customer', 'shipment', 'Straße', 'north', 'blue', 'sample'];
  let at = 0;
  for (let i = 0; i < count; i++) {
    starts.push(at);
    let bitmap = 0;
    for (let c = 1; c < 8; c++) if (random() < 0.114) bitmap |= 1 << c;
    bytes[at++] = bitmap === 0 ? 0xd1 : 0xd2;
    if (bitmap !== 0) bytes[at++] = bitmap;
    const has = (c: number) => (bitmap & (1 << c)) === 0;
    bytes[at++] = 4;
    at = bytes.writeInt32LE(i, at);
    if (has(1)) {
      bytes[at++] = 8;
      at = bytes.writeBigInt64LE(BigInt(Math.floor(random() * 2 ** 52)) * 2048n - 2n ** 62n, at);
    }
    if (has(2)) {
      bytes[at++] = 9;
      bytes[at++] = random() < 0.5 ? 0 : 1;
      at = bytes.writeBigUInt64LE(BigInt(Math.floor(random() * 1e12)), at);
    }
    if (has(3)) {
      bytes[at++] = 8;
      at = bytes.writeDoubleLE(i * 1.1 + random() * 0.001, at);
    }
    if (has(4)) {
      bytes[at++] = 8;
      const ticks = Math.floor(random() * 863999999999);
      at = bytes.writeUIntLE(ticks, at, 5);
      at = bytes.writeUIntLE(738000 + Math.floor(random() * 3000), at, 3);
    }
    if (has(5)) {
      const text = `${words[i % 10]} ${words[(i * 7 + (i >> 4)) % 10]} ${i % 1000}`;
      at = bytes.writeUInt16LE(text.length * 2, at);
      at += bytes.write(text, at, 'utf16le');
    }
    if (has(6)) {
      const text = `C-${(i * 7919) % 1000000}-X`;
      at = bytes.writeUInt16LE(text.length, at);
      at += bytes.write(text, at, 'latin1');
    }
    if (has(7)) {
      bytes[at++] = 1;
      bytes[at++] = i & 1;
    }
  }
  starts.push(at);
  return { bytes: bytes.subarray(0, at), starts };
}

/** int, nvarchar(4000), varchar(8000) */
export function wideTextColumns(): readonly WireColumn[] {
  return [
    column('id', WireType.intN, { maxLength: 4 }),
    column('body', WireType.nvarchar, { maxLength: 8000, collation }),
    column('raw', WireType.bigVarChar, { maxLength: 8000, collation }),
  ];
}

/** About 1,500 characters in either text, with quotes, line breaks and accents as prose has them. */
export function wideTextRows(count: number): BenchRows {
  const prose =
    "The customer's order was placed on Monday; “delivery” took three days.\r\n" +
    'Größe und Maße stimmen, the rest of the shipment follows by sea freight as agreed last year.\r\n';
  const long = prose.repeat(9);
  const starts: number[] = [];
  const parts: Buffer[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    starts.push(at);
    const text = long.slice(i % 150);
    const body = Buffer.from(text, 'utf16le');
    const raw = Buffer.from(text.replaceAll(/[“”]/g, '"'), 'latin1');
    const head = Buffer.alloc(8);
    head[0] = 0xd1;
    head[1] = 4;
    head.writeInt32LE(i, 2);
    head.writeUInt16LE(body.length, 6);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(raw.length);
    parts.push(head, body, length, raw);
    at += 8 + body.length + 2 + raw.length;
  }
  starts.push(at);
  return { bytes: Buffer.concat(parts), starts };
}
