import { describe, expect, it } from 'vitest';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { compareSchemas, oracleAvailable, parseWith } from '../support/oracle.ts';

describe.skipIf(!oracleAvailable)("Microsoft's parser", () => {
  it('takes a script of its version and refuses what is newer', async () => {
    expect(await parseWith(100, 'SELECT 1\nGO\nCREATE TABLE t (a int)\n')).toEqual([]);
    expect(await parseWith(110, 'DROP TABLE IF EXISTS t')).not.toEqual([]);
    expect(await parseWith(130, 'DROP TABLE IF EXISTS t')).toEqual([]);
  });

  it.skipIf(!corporaAvailable)(
    'finds no difference between Northwind and itself (sample databases)',
    async () => {
      const text = readCorpus('northwind');
      const result = await compareSchemas(110, text, text);
      expect(result.errors).toEqual([]);
      expect(result.differences).toEqual([]);
    },
    120_000,
  );

  it.skipIf(!corporaAvailable)(
    'finds a column that was lengthened (sample databases)',
    async () => {
      const text = readCorpus('northwind');
      const changed = text.replace('"LastName" nvarchar (20)', '"LastName" nvarchar (21)');
      expect(changed).not.toBe(text);
      const result = await compareSchemas(110, text, changed);
      expect(result.differences.some(d => d.object.includes('LastName') || d.name.includes('Length'))).toBe(true);
    },
    120_000,
  );
});
