import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/connection/session.ts';
import { openSandbox, type Sandbox, sessionOn } from '../../support/sandbox.ts';
import { contentOf, inNewDatabase, replayRows } from './replay-rows.ts';

const run = promisify(execFile);

function hasFreebcp(): boolean {
  try {
    execFileSync('freebcp', ['-v'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

describe.skipIf(!hasFreebcp())("FreeTDS' freebcp", () => {
  let sandbox: Sandbox;
  let session: Session;
  let folder: string;
  beforeAll(async () => {
    sandbox = await openSandbox({ version: 160 });
    session = await sessionOn(sandbox);
    folder = await mkdtemp(join(tmpdir(), 'xpdb-freebcp-'));
    const conf = `[sandbox]\n\thost = ${sandbox.host}\n\tport = ${sandbox.port}\n\ttds version = 7.4\n\tclient charset = UTF-8\n`;
    await writeFile(join(folder, 'freetds.conf'), conf);
  });
  afterAll(async () => {
    await session.close();
    await sandbox.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('loads from a text file what the literals of the same values load', async () => {
    const schema = `CREATE TABLE dbo.t (i int NULL, l bigint NULL, d decimal(18, 4) NULL, f float NULL, t datetime2(7) NULL,
      n nvarchar(60) NULL, v varchar(20) NULL, b bit NULL, g uniqueidentifier NULL, dt datetime NULL);`;
    const values = [
      ['-1', '9223372036854775807', '-1.2500', '0.1', '2024-02-29 13:14:15.1234567', 'Ωé', 'x', '1'],
      ['2147483647', '0', '99999999999999.9999', '1.5', '1753-01-01 00:00:00.0000000', "it's", '', '0'],
    ] as const;
    const dates = '2024-02-29 13:14:15.123';
    const guid = '01234567-89AB-CDEF-0123-456789ABCDEF';
    const text = (value: string) => `N'${value.replaceAll("'", "''")}'`;
    const literals = values.map(([i, l, d, f, t, n, v, b]) => {
      const list = [i, l, d, `${f}E0`, text(t.replace(' ', 'T')), text(n), text(v), b, text(guid)];
      return `(${list.join(', ')}, ${text(dates.replace(' ', 'T'))})`;
    });
    // An empty field of a text file is NULL for freebcp; a NUL byte is the empty text.
    const lines = values.map(row => [...row.map(v => (v === '' ? '\0' : v)), guid, dates].join('\t'));
    await inNewDatabase(session, 'byliterals', schema);
    const { how, error } = await replayRows(
      session,
      `INSERT dbo.t VALUES ${literals.join(', ')}, (${Array(10).fill('NULL')});`,
      true,
    );
    expect(error).toBeNull();
    expect(how).toEqual(['bulk']);
    const loaded = await contentOf(session, 'dbo.t');

    await inNewDatabase(session, 'byfreebcp', schema);
    const file = join(folder, 'rows.txt');
    await writeFile(file, `${[...lines, Array(10).fill('').join('\t')].join('\n')}\n`);
    const { stdout, stderr } = await run(
      'freebcp',
      ['byfreebcp.dbo.t', 'in', file, '-S', 'sandbox', '-U', sandbox.user, '-P', sandbox.password, '-c'],
      { env: { ...process.env, FREETDSCONF: join(folder, 'freetds.conf'), TDSVER: '7.4' }, timeout: 60_000 },
    );
    expect(stdout + stderr).toMatch(/3 rows copied/);
    expect(await contentOf(session, 'dbo.t')).toEqual(loaded);
  });
});
