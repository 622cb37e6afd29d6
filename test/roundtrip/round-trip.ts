import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type TargetVersion, versionNumber } from '../../src/compat/version.ts';
import { compareSchemas, oracleAvailable, parseWith } from '../support/oracle.ts';
import { at, createDatabase, dropDatabase, freshName, type Place } from './place.ts';

export interface RoundTrip {
  readonly name: string;
  readonly script: string;
  /** Whether the script makes its database (under that name) rather than needing one. */
  readonly database: string | null;
  readonly target: TargetVersion;
  /** More flags of the export: blockers that are accepted. */
  readonly exportFlags?: readonly string[];
  /** What Microsoft's schema compare may find: each names an object that a finding names, or a blind spot of the judge. */
  readonly explained?: readonly RegExp[];
  /** The parser that takes the original. */
  readonly asOf: number;
  readonly collation?: string;
}

/**
 * Loads a script at the source, exports the database for a version, has Microsoft's parser of that version and its schema compare
 * judge the script, imports it at the target, and verifies both databases.
 */
export async function roundTrip(trip: RoundTrip, source: Place, target: Place): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'xpdb-roundtrip-'));
  const original = trip.database ?? freshName(trip.name);
  const copy = freshName(trip.name);
  const made: [Place, string][] = [];
  try {
    const input = join(folder, 'original.sql');
    writeFileSync(input, trip.script);
    if (trip.database === null) await createDatabase(source, original);
    made.push([source, original]);
    await at(source, [
      'import',
      ...source.flags,
      '-i',
      input,
      ...(trip.database === null ? ['-d', original] : ['--create']),
    ]);

    const output = join(folder, 'export.sql');
    await at(source, [
      'export',
      ...source.flags,
      '-d',
      original,
      '--target',
      trip.target,
      '-o',
      output,
      ...(trip.exportFlags ?? []),
    ]);
    const exported = readFileSync(output, 'utf8');
    if (oracleAvailable) await judge(trip, exported);

    made.push([target, copy]);
    await at(target, ['import', ...target.flags, '-i', output, '--create', '-d', copy, ...target.paths]);
    await at(source, [
      'verify',
      ...['--from', source.side(original), '--to', target.side(copy)],
      ...source.flags.slice(2),
    ]);
  } finally {
    for (const [place, name] of made) await dropDatabase(place, name).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judge(trip: RoundTrip, exported: string): Promise<void> {
  expect(await parseWith(versionNumber(trip.target), exported)).toEqual([]);
  const plain = trip.script.replace(/ON \[PRIMARY\]/gi, '');
  const { differences, errors, rejectedA, rejectedB } = await compareSchemas(
    trip.asOf,
    plain,
    exported,
    trip.collation,
  );
  expect(errors.filter(e => !e.includes('Data loss could occur'))).toEqual([]);
  expect(rejectedA).toEqual([]);
  expect(rejectedB).toEqual([]);
  const found = differences.filter(d => d.type !== '').map(d => `${d.action} ${d.type} ${d.object}`);
  expect(found.filter(d => !(trip.explained ?? []).some(pattern => pattern.test(d)))).toEqual([]);
}
