import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvLargeRow } from '../../src/data/csv-large-row.ts';
import { createCsvRowWriter } from '../../src/data/csv-row-writer.ts';
import { createJsonlLargeRow, createJsonlRowWriter } from '../../src/data/jsonl-row-writer.ts';
import type { LargeRowWriter } from '../../src/data/large-row-writer.ts';
import type { RowWriter } from '../../src/data/row-writer.ts';
import { Rowsum } from '../../src/data/rowsum.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';
import { hex, plp, ucs2 } from '../connection/tds-bytes.ts';
import { columns, i32, pointed, short, sized } from './wire-columns.ts';

const utf8 = 'Latin1_General_100_BIN2_UTF8';
const types: readonly WireColumn[] = [
  columns.int,
  columns.nvarcharMax,
  columns.varcharMax(utf8),
  columns.varbinaryMax,
  columns.xml,
  columns.json,
  columns.udt('dbo', 'Point'),
  columns.ntext,
  columns.nvarchar,
].map((column, i) => ({ ...column, name: `c${i}` }));
const none = Buffer.alloc(8, 0xff);

const text = fc.string({
  unit: fc.constantFrom("'", '"', '\\', '\n', '\r', ',', 'é', '漢', '😀', '\uD800', '\uDC00', ' ', 'a'),
  maxLength: 12,
});
const wellFormed = text.map(t => t.toWellFormed());
const row = fc.record({
  id: fc.integer(),
  a: fc.option(text),
  b: fc.option(
    fc.oneof(
      wellFormed.map(t => Buffer.from(t)),
      fc.uint8Array({ maxLength: 6 }).map(u => Buffer.from(u)),
    ),
  ),
  c: fc.option(fc.uint8Array({ maxLength: 6 })),
  d: fc.option(wellFormed),
  e: fc.option(wellFormed),
  f: fc.option(fc.uint8Array({ maxLength: 6 })),
  g: fc.option(text),
  h: fc.option(text),
  step: fc.integer({ min: 1, max: 9 }),
});

function wireOf(r: typeof row extends fc.Arbitrary<infer T> ? T : never): Buffer {
  const max = (bytes: Uint8Array | null | undefined) => {
    if (!bytes) return none;
    const chunks = [];
    for (let i = 0; i < bytes.length; i += r.step) chunks.push(Buffer.from(bytes.subarray(i, i + r.step)));
    return plp(...chunks);
  };
  return Buffer.concat([
    Buffer.of(0xd1),
    short(i32(r.id)),
    max(r.a === null ? null : ucs2(r.a)),
    max(r.b),
    max(r.c),
    max(r.d === null ? null : ucs2(r.d)),
    max(r.e === null ? null : Buffer.from(r.e)),
    max(r.f),
    r.g === null ? Buffer.of(0) : pointed(ucs2(r.g)),
    r.h === null ? hex('ffff') : sized(ucs2(r.h)),
  ]);
}

function inParts(writer: LargeRowWriter, bytes: Buffer, step: number): string {
  for (let at = 0; at < bytes.length; at += step) writer.part(bytes.subarray(at, at + step));
  writer.end();
  const sum = new Rowsum();
  sum.addLanes();
  return `${sum} ${Buffer.from(writer.take()).toString('utf8')}`;
}
function whole(writer: RowWriter, bytes: Buffer): string {
  writer.write(bytes, 0, bytes.length);
  const text = Buffer.from(writer.take()).toString('utf8');
  return `${writer.rowsum} ${text}`;
}

describe('a row in parts', () => {
  it('becomes the JSON line of the whole row', () => {
    fc.assert(
      fc.property(row, r => {
        const bytes = wireOf(r);
        const expected = whole(createJsonlRowWriter(types, { table: 'T' }), bytes);
        expect(inParts(createJsonlLargeRow(types, { table: 'T' }), bytes, r.step)).toBe(expected);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('becomes the line of CSV of the whole row, its large values in quotes', () => {
    fc.assert(
      fc.property(row, r => {
        const bytes = wireOf(r);
        const fields = (line: string) => parseLine(line.slice(33));
        const expected = whole(createCsvRowWriter(types, { table: 'T', header: false }), bytes);
        const found = inParts(createCsvLargeRow(types, {}), bytes, r.step);
        expect(found.slice(0, 32)).toBe(expected.slice(0, 32));
        expect(fields(found)).toEqual(fields(expected));
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('counts what a code page lacks', () => {
    const line = createCsvLargeRow([columns.nvarcharMax], { encoding: 1252 });
    const bytes = Buffer.concat([Buffer.of(0xd1), plp(ucs2('é'), ucs2('Ω'), ucs2('я'))]);
    line.part(bytes);
    line.end();
    expect(Buffer.from(line.take())).toEqual(Buffer.from('"é??"\r\n', 'latin1'));
    expect(line.malformed()).toEqual([{ column: 'c', values: 1 }]);
  });

  it('stops at what a code page lacks when it is to be strict', () => {
    const line = createCsvLargeRow([columns.nvarcharMax], { encoding: 1252, strict: true });
    expect(() => line.part(Buffer.concat([Buffer.of(0xd1), plp(ucs2('Ω'))]))).toThrow('code page 1252 lacks');
  });

  it('writes UTF-16', () => {
    const line = createCsvLargeRow([columns.nvarcharMax], { encoding: 'utf16le' });
    line.part(Buffer.concat([Buffer.of(0xd1), plp(ucs2('é😀'))]));
    line.end();
    expect(Buffer.from(line.take())).toEqual(ucs2('"é😀"\r\n'));
  });
});

/** Fields of one line, whether in quotes or not; null for none. */
function parseLine(line: string): (string | null)[] {
  const fields: (string | null)[] = [];
  const pattern = /("(?:[^"]|"")*"|[^,"\r\n]*)(,|\r\n$)/gy;
  for (let m = pattern.exec(line); m; m = pattern.exec(line)) {
    const [, field] = m as unknown as [string, string];
    fields.push(field === '' ? null : field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (m[2] !== ',') break;
  }
  return fields;
}
