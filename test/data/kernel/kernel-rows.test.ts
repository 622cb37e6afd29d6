import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCsvRowWriter } from '../../../src/data/csv-row-writer.ts';
import { createJsonlRowWriter } from '../../../src/data/jsonl-row-writer.ts';
import type { KernelUse } from '../../../src/data/kernel/kernel-rows.ts';
import type { RowWriter } from '../../../src/data/row-writer.ts';
import { createSqlRowWriter } from '../../../src/data/sql-row-writer.ts';
import { SummedRows } from '../../../src/data/summed-rows.ts';
import { arbitraryRows, type Rows } from './arbitrary-rows.ts';

/** Everything a writer tells, its text cut where it was taken. */
function written(writer: RowWriter, rows: readonly Buffer[], at: number) {
  const texts: Buffer[] = [];
  for (const part of [rows.slice(0, at), rows.slice(at)]) {
    const bytes = Buffer.concat([Buffer.of(1, 2, 3), ...part]);
    writer.write(bytes, 3, bytes.length);
    const taken = writer.take();
    texts.push(Buffer.from(taken));
    writer.recycle(taken);
  }
  writer.finish();
  texts.push(Buffer.from(writer.take()));
  return {
    // Of one character a byte, so that a difference can be read.
    text: texts.map(t => t.toString('latin1')),
    rows: writer.rows,
    rowsum: writer.rowsum.toString(),
    summed: writer.rowsum.rows,
    denormals: writer.denormals(),
    replaced: writer.replaced(),
  };
}

const table = { schema: 'dbo', table: 'T' };
const runs = 400;

function same(rows: Rows, at: number, open: (kernel: KernelUse) => RowWriter): void {
  const cut = at % (rows.rows.length + 1);
  expect(written(open('always'), rows.rows, cut)).toEqual(written(open('never'), rows.rows, cut));
}

describe('the kernel', () => {
  it('writes the script that the writer itself writes', () => {
    const options = fc.record({
      rowsPerStatement: fc.integer({ min: 1, max: 20 }),
      bytesPerStatement: fc.integer({ min: 1, max: 2000 }),
      bytesPerBatch: fc.integer({ min: 1, max: 4000 }),
      newline: fc.constantFrom('\r\n' as const, '\n' as const),
      rowsum: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitraryRows(30), fc.nat(30), options, (rows, at, limits) =>
        same(rows, at, kernel => createSqlRowWriter(rows.columns, { ...table, ...limits, kernel })),
      ),
      { numRuns: runs },
    );
  });

  it('writes the CSV that the writer itself writes', () => {
    const options = fc.record({
      delimiter: fc.constantFrom(',', ';', '\t', '|', ' '),
      nullText: fc.constantFrom('', 'NULL', '\\N'),
      newline: fc.constantFrom('\r\n' as const, '\n' as const),
      encoding: fc.constantFrom('utf8' as const, 'utf16le' as const, 1252 as const),
      rowsum: fc.boolean(),
    });
    fc.assert(
      fc.property(arbitraryRows(30), fc.nat(30), options, (rows, at, form) => {
        fc.pre(!form.nullText.includes(form.delimiter));
        same(rows, at, kernel => createCsvRowWriter(rows.columns, { ...table, ...form, kernel }));
      }),
      { numRuns: runs },
    );
  });

  it('writes the JSON lines that the writer itself writes', () => {
    fc.assert(
      fc.property(arbitraryRows(30), fc.nat(30), fc.boolean(), (rows, at, rowsum) =>
        same(rows, at, kernel => createJsonlRowWriter(rows.columns, { ...table, rowsum, kernel })),
      ),
      { numRuns: runs },
    );
  });

  it('sums the rows as they are summed without it', () => {
    fc.assert(
      fc.property(arbitraryRows(30), ({ columns, rows }) => {
        const [sum, expected] = (['always', 'never'] as const).map(kernel => {
          const summed = new SummedRows(columns, undefined, kernel);
          for (const part of [rows.slice(0, 9), rows.slice(9)]) summed.add(Buffer.concat(part), 0, length(part));
          return [summed.rowsum.rows, summed.rowsum.toString()];
        });
        expect(sum).toEqual(expected);
      }),
      { numRuns: runs },
    );
  });
});

const length = (rows: readonly Buffer[]) => rows.reduce((sum, row) => sum + row.length, 0);
