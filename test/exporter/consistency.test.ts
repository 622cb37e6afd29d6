import { describe, expect, it } from 'vitest';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import { openConsistency } from '../../src/exporter/consistency.ts';
import {
  adoptDatabaseSnapshot,
  dropStaleSnapshots,
  findDatabaseSnapshot,
} from '../../src/exporter/database-snapshot.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';
import { type FakeOptions, fakeSession } from './fake-session.ts';
import { server } from './shop.ts';

interface Facts {
  readonly isolation?: number;
  readonly readOnly?: boolean;
  readonly groups?: readonly string[];
  readonly snapshots?: readonly string[];
  /** Names of snapshots that other sessions hold. */
  readonly held?: readonly string[];
  readonly execute?: FakeOptions['execute'];
}

function session(facts: Facts = {}) {
  return fakeSession({
    query: sql => {
      if (sql.includes('[snapshot_isolation_state]')) {
        return [
          {
            snapshot_isolation_state: facts.isolation ?? 0,
            is_read_only: facts.readOnly ?? false,
            source_database_id: null,
          },
        ];
      }
      if (sql.includes('sys.database_files')) {
        return [
          { type: 0, name: "Shop's data", physical_name: 'D:\\Data\\Shop.mdf' },
          { type: 1, name: 'Shop_log', physical_name: 'L:\\Log\\Shop.ldf' },
          { type: 2, name: 'Blobs', physical_name: 'D:\\Blobs' },
        ];
      }
      if (sql.includes('sys.filegroups')) return (facts.groups ?? ['FG']).map(type => ({ type }));
      if (sql.includes('sp_getapplock')) return [{ result: facts.held?.some(name => sql.includes(name)) ? -1 : 0 }];
      if (sql.includes('sys.databases'))
        return (facts.snapshots ?? []).map(name => ({ name, made: '2024-02-29T23:00:00' }));
      return undefined;
    },
    ...(facts.execute ? { execute: facts.execute } : {}),
  });
}

const refusal = (number: number) =>
  new SqlServerError([{ number, state: 1, class: 16, line: 1, procedure: '', server: '', message: `error ${number}` }]);
const best = { way: null, jobs: 1 } as const;

describe('the point in time of an export', () => {
  it('is a database snapshot where the server has them, of all data files, and it is dropped at the end', async () => {
    const own = session();
    const consistency = await openConsistency(own, server, best);
    expect(consistency.way).toBe('snapshot-database');
    expect(consistency.database).toMatch(/^Shop_xpdb_snapshot_[0-9a-f]{12}$/);
    const create = own.ran.find(sql => sql.startsWith('CREATE DATABASE'))!;
    expect(create).toMatch(
      /^CREATE DATABASE \[Shop_xpdb_snapshot_[0-9a-f]{12}\] ON \(NAME = N'Shop''s data', FILENAME = N'D:\\Data\\Shop\.mdf\.[0-9a-f]{12}\.ss'\) AS SNAPSHOT OF \[Shop\]$/,
    );
    if (oracleAvailable) expect(await parseWith(100, create)).toEqual([]);
    await own.useDatabase(consistency.database);
    await consistency.release();
    expect(own.ran.slice(-3, -1)).toEqual(['USE Shop', `DROP DATABASE [${consistency.database}]`]);
    expect(own.ran.at(-1)).toContain('sp_releaseapplock');
  });

  it('is one SNAPSHOT transaction where the server refuses a database snapshot', async () => {
    const own = session({ isolation: 1, execute: sql => (sql.startsWith('CREATE') ? refusal(262) : undefined) });
    const consistency = await openConsistency(own, server, best);
    expect(consistency).toMatchObject({ way: 'snapshot', database: 'Shop', findings: [] });
    expect(own.ran.at(-1)).toBe('BEGIN snapshot');
    await consistency.release();
    expect(own.ran.at(-1)).toBe('ROLLBACK');
  });

  it.each([
    ['an edition without database snapshots', { ...server, major: 12, editionText: 'Standard Edition' }, {}],
    ['Azure', { ...server, engineEdition: 5 }, {}],
    ['a memory-optimized filegroup', server, { groups: ['FG', 'FX'] }],
    ['memory-optimized tables in spite of SNAPSHOT transactions', server, { groups: ['FG', 'FX'], isolation: 1 }],
    ['a refusal', server, { execute: () => refusal(1844) }],
  ] as const)(
    'is none, with a finding that says why, with %s and without SNAPSHOT transactions',
    async (_, properties, facts) => {
      const consistency = await openConsistency(session(facts), properties, best);
      expect(consistency.way).toBe('none');
      expect(consistency.findings).toMatchObject([{ rule: 'consistency', severity: 'info' }]);
    },
  );

  it('needs nothing where nothing changes', async () => {
    const own = session({ readOnly: true });
    expect(await openConsistency(own, server, { way: 'snapshot', jobs: 4 })).toMatchObject({ way: 'unchanging' });
    expect(own.ran.some(sql => sql.startsWith('CREATE'))).toBe(false);
  });

  it('is what was asked for, or an error', async () => {
    await expect(openConsistency(session(), server, { way: 'snapshot', jobs: 1 })).rejects.toThrow(
      /does not allow SNAPSHOT/,
    );
    await expect(
      openConsistency(session({ isolation: 1 }), server, { way: 'snapshot', jobs: 2 }),
    ).rejects.toMatchObject({ message: expect.stringContaining('one job only'), exitCode: 2 });
    await expect(
      openConsistency(session({ isolation: 1, groups: ['FX'] }), server, { way: 'snapshot', jobs: 1 }),
    ).rejects.toThrow(/memory-optimized/);
    const old = { ...server, major: 11, edition: 'express' as const };
    await expect(openConsistency(session(), old, { way: 'snapshot-database', jobs: 1 })).rejects.toThrow(
      /no database snapshot/,
    );
    await expect(
      openConsistency(session({ execute: () => refusal(5123) }), server, { way: 'snapshot-database', jobs: 1 }),
    ).rejects.toMatchObject({ details: { number: 5123 } });
    expect((await openConsistency(session({ isolation: 1 }), server, { way: 'none', jobs: 1 })).way).toBe('none');
  });
});

describe('database snapshots that were left behind', () => {
  it('are dropped when they are of xpdb and nobody is in them', async () => {
    const snapshots = [
      'Shop_xpdb_snapshot_0123456789ab',
      'Shop_xpdb_snapshot_aaaaaaaaaaaa',
      'Shop_xpdb_snapshot_bbbbbbbbbbbb',
      'Shop_nightly',
      'Shop_xpdb_snapshot_mine',
    ];
    const own = session({
      snapshots,
      held: ['Shop_xpdb_snapshot_bbbbbbbbbbbb'],
      execute: sql => (sql.startsWith('DROP') && sql.includes('aaaaaaaaaaaa') ? refusal(3702) : undefined),
    });
    expect(await dropStaleSnapshots(own, 'Shop')).toEqual(['Shop_xpdb_snapshot_0123456789ab']);
    expect(own.ran.filter(sql => sql.startsWith('DROP'))).toEqual([
      'DROP DATABASE [Shop_xpdb_snapshot_0123456789ab]',
      'DROP DATABASE [Shop_xpdb_snapshot_aaaaaaaaaaaa]',
    ]);
  });

  it('are not taken from another run that reads them', async () => {
    const own = session({ held: ['Shop_xpdb_snapshot_0123456789ab'] });
    await expect(adoptDatabaseSnapshot(own, 'Shop', 'Shop_xpdb_snapshot_0123456789ab')).rejects.toThrow(
      /another export is reading/,
    );
  });

  it('are found by their name and source', async () => {
    expect(await findDatabaseSnapshot(session(), 'Shop', 'night')).toBeNull();
    const own = session({ snapshots: ['night'] });
    expect(await findDatabaseSnapshot(own, 'Shop', 'night')).toBe('2024-02-29T23:00:00');
    if (oracleAvailable) expect(await parseWith(100, own.ran[0]!)).toEqual([]);
  });
});
