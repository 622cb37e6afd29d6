import { describe, expect, it } from 'vitest';
import { readDatabase } from '../../src/catalog/read-database.ts';
import type { VersionNumber } from '../../src/compat/version.ts';
import { scriptBatches } from '../../src/tsql/script-batches.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { sessionOn, withSandbox } from '../support/sandbox.ts';

const versions: readonly VersionNumber[] = [100, 105, 110, 120, 130, 140, 150, 160, 170];
const databases = { northwind: 'Northwind', pubs: 'pubs', chinook: 'Chinook' } as const;
/** Tables and rows of some of them, as the scripts have them. */
const contents = {
  northwind: {
    tables: 13,
    rows: [
      ['Customers', 91],
      ['Order Details', 2155],
      ['Employees', 9],
    ],
  },
  pubs: {
    tables: 11,
    rows: [
      ['authors', 23],
      ['sales', 21],
      ['roysched', 86],
    ],
  },
  chinook: {
    tables: 11,
    rows: [
      ['Track', 3503],
      ['PlaylistTrack', 8715],
      ['Invoice', 412],
    ],
  },
} as const;
type Name = keyof typeof databases;

describe.skipIf(!corporaAvailable)('the sample databases', () => {
  for (const version of versions)
    it(`load as version ${version}`, { timeout: 240_000 }, async () => {
      for (const name of Object.keys(databases) as Name[]) {
        await withSandbox({ version }, async sandbox => {
          const session = await sessionOn(sandbox);
          // Northwind's script makes no database.
          if (name === 'northwind') {
            await session.execute('CREATE DATABASE Northwind');
            await session.useDatabase('Northwind');
          }
          const errors: (number | undefined)[] = [];
          for await (const batch of scriptBatches([readCorpus(name)]))
            for (let i = 0; i < batch.count; i++)
              await session
                .execute(batch.text)
                .catch((error: { details?: { number?: number } }) => errors.push(error.details?.number));
          // pubs asks for the product's major version, which 2008 does not tell, and calls sp_dboption below 12; 2012 has it no more.
          expect(errors).toEqual(name === 'pubs' && version === 110 ? [2812] : []);
          await session.useDatabase(databases[name]);
          const { tables, rows } = contents[name];
          for (const [table, count] of rows)
            expect((await session.query(`SELECT COUNT(*) FROM [${table}]`)).rows, table).toEqual([[count]]);
          const model = await readDatabase(session, version);
          expect(model.tables).toHaveLength(tables);
          await session.close();
        });
      }
    });
});
