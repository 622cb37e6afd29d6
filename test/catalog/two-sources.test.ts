import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Database } from '../../src/model/database.ts';
import { readScriptText } from '../../src/tsql/read-script.ts';
import { compareSchemas } from '../../src/verify/schema-differences.ts';
import { corporaAvailable, readCorpus } from '../support/corpora.ts';
import { readLoaded } from '../support/loaded.ts';

/** What differs between the model of a script and that of a sandbox on which it ran. */
async function differences(script: string, read: Database): Promise<readonly string[]> {
  const parsed = await readScriptText(script);
  return compareSchemas(parsed, read, {
    partialOptions: true,
    databaseProperties: parsed.properties.name !== '',
  }).differences.map(d => `${d.difference} ${d.kind} ${d.object} ${d.path ?? ''}: ${d.from ?? ''} / ${d.to ?? ''}`);
}

describe('a script and the database that it makes are one model', () => {
  it('of the telephony database', async () => {
    const script = readFileSync(new URL('../../examples/telephony.sql', import.meta.url), 'utf8');
    const volumes = ['C:\\', 'D:\\', 'F:\\', 'L:\\'];
    const found = await differences(script, await readLoaded(script, { database: 'Telephony', volumes }));
    expect(found).toEqual([]);
  }, 120_000);

  it.skipIf(!corporaAvailable).each(['northwind', 'pubs', 'chinook'] as const)(
    'of %s (sample databases)',
    async name => {
      const script = readCorpus(name);
      const version = name === 'pubs' ? 105 : 160;
      const made = /^\s*CREATE DATABASE \[?(\w+)/im.exec(script)?.[1];
      const read = await readLoaded(script, { version, ...(made === undefined ? {} : { database: made }) });
      expect(await differences(script, read)).toEqual([]);
    },
    120_000,
  );
});
