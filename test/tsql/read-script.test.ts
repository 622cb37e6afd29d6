import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/model/database.ts';
import { scriptDatabase } from '../../src/scripter/script-database.ts';
import { scriptReseed } from '../../src/scripter/table-data.ts';
import { readScriptText } from '../../src/tsql/read-script.ts';
import { compareSchemas } from '../../src/verify/schema-differences.ts';
import { arbitraryModel } from '../support/arbitrary-model.ts';

/** The script of a model, as an export writes it without rows. */
function scriptOf(database: Database): string {
  const { entries } = scriptDatabase(database, { target: 160, owners: true, privileges: true });
  const section = (name: string) => entries.filter(e => e.section === name).flatMap(e => e.batches);
  const reseeds = database.tables.flatMap(t => scriptReseed(t, false));
  const batches = [
    ...section('database'),
    ...section('pre-data'),
    ...reseeds,
    ...section('post-data'),
    ...section('state'),
  ];
  return batches.map(batch => `${batch}\r\nGO\r\n`).join('');
}

describe('a script as a model', () => {
  it('gives back the model that it was made from', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryModel, async model => {
        const read = await readScriptText(scriptOf(model));
        expect(compareSchemas(model, read).differences).toEqual([]);
        expect(read).toEqual(model);
      }),
      // Shrinking a model takes long and tells little: the seed is printed.
      { numRuns: 300, endOnFailure: true },
    );
  }, 300_000);
});
