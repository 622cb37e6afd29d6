import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wireCollation } from '../../src/sandbox/engine/types/wire-collation.ts';
import type { RpcParameter } from '../../src/sandbox/tds/engine.ts';
import { type Answer, type RawServer, type RawSession, rawServer } from '../support/raw-session.ts';
import { intParameter, textParameter } from '../support/rpc-parameters.ts';
import type { Token } from '../support/token-reader.ts';
import { wireExceptions } from './captured-wire-exceptions.ts';

interface WireCase {
  readonly id: string;
  readonly sql?: string;
  readonly hex?: string;
  readonly resp?: string;
  readonly resp1?: string;
  readonly resp2?: string;
  readonly req2?: { readonly hex?: string };
  readonly tokens?: readonly string[];
  readonly resp1_tokens?: readonly string[];
  readonly resp2_tokens?: readonly string[];
  readonly responses?: readonly (readonly string[])[];
  readonly error?: readonly [number, number, number, string?];
  readonly coltype?: string;
  readonly value_hex?: string;
  readonly rows?: readonly (readonly unknown[])[];
  readonly cols?: readonly (readonly unknown[])[];
}

const url = new URL('../../../shared/facts/captured-wire.json', import.meta.url);
const available = existsSync(url);
const cases: readonly WireCase[] = available
  ? (JSON.parse(readFileSync(url, 'utf8')) as { cases: WireCase[] }).cases
  : [];
const byId = new Map(cases.map(c => [c.id, c]));
const given = (id: string): WireCase => {
  const found = byId.get(id);
  if (!found) throw new Error(`no captured case ${id}`);
  return found;
};

/** Whether a token is what a capture's line tells of it; what the line leaves out is open. */
function fits(actual: Token | undefined, line: string): boolean {
  if (!actual) return false;
  const [name = ''] = line.split(/[\s]/);
  if (actual.name !== name) return false;
  switch (name) {
    case 'DONE':
    case 'DONEPROC':
    case 'DONEINPROC': {
      const status = /0x([0-9a-f]{4})/i.exec(line);
      if (status && actual.status !== Number.parseInt(status[1]!, 16)) return false;
      if (!status && ((actual.status! & 1) !== 0) !== /\bmore\b/.test(line)) return false;
      if (!status && /\(.*error/.test(line) && (actual.status! & 2) === 0) return false;
      if (/no count/.test(line) && (actual.status! & 0x10) !== 0) return false;
      const command = /cmd=(\d+)/.exec(line)?.[1] ?? /^DONE\w*(?: more)? (\d+)/.exec(line)?.[1];
      if (command !== undefined && actual.command !== Number(command)) return false;
      const count = /(?:n=|count=)(\d+)/.exec(line)?.[1];
      return count === undefined || actual.count === BigInt(count);
    }
    case 'ERROR': {
      const [number, state, level] = [/ERROR (\d+)/, /state=? ?(\d+)/, /class=? ?(\d+)/].map(p => p.exec(line)?.[1]);
      return (
        (number === undefined || actual.number === Number(number)) &&
        (state === undefined || actual.state === Number(state)) &&
        (level === undefined || actual.class === Number(level))
      );
    }
    case 'INFO': {
      const number = /INFO (\d+)(?!\/)/.exec(line)?.[1];
      const text = /'([^']*)'/.exec(line)?.[1];
      return (
        (number === undefined || actual.number === Number(number)) && (text === undefined || actual.message === text)
      );
    }
    case 'RETURNSTATUS': {
      const value = /(-?\d+)$/.exec(line)?.[1];
      return value === undefined || actual.value === Number(value);
    }
    case 'ENVCHANGE': {
      const type = /type (\d+)/.exec(line)?.[1];
      return type === undefined || actual.value === Number(type);
    }
    case 'COLMETADATA': {
      const count = /COLMETADATA (\d+)$/.exec(line)?.[1];
      return count === undefined || actual.columns?.length === Number(count);
    }
    default:
      return true;
  }
}

const show = (t: Token): string =>
  t.name.startsWith('DONE')
    ? `${t.name} 0x${t.status!.toString(16).padStart(4, '0')} cmd=${t.command} count=${t.count}`
    : t.name === 'ERROR' || t.name === 'INFO'
      ? `${t.name} ${t.number} state ${t.state} class ${t.class} ${t.message}`
      : `${t.name}${t.value === undefined ? '' : ` ${t.value}`}`;

/** Compares token by token; INFO and rows where the capture's list has none were not recorded. */
function expectTokens(answer: Answer, lines: readonly string[]): void {
  const wanted = lines.map(l => l.replace(/^status=/, ''));
  const hasInfo = wanted.some(l => l.startsWith('INFO'));
  const hasRows = wanted.some(l => l.startsWith('COLMETADATA'));
  const actual = answer.tokens.filter(
    t => (hasInfo || t.name !== 'INFO') && (hasRows || !/^(COLMETADATA|ROW)$/.test(t.name)),
  );
  const ok = actual.length === wanted.length && wanted.every((line, i) => fits(actual[i], line));
  if (!ok) expect(actual.map(show)).toEqual(wanted);
}

/** XACT_STATE() outside a transaction was 1 in some captures and 0 in others, by a rule that is not known: its byte is left open. */
const withoutState = (hex: string): string =>
  hex.replace(/(d1921000000000000002|05010100000002)(00|01)/, (_, before: string) => `${before}--`);

const expectBytes = (answer: Answer, hex: string): void => expect(answer.bytes.toString('hex')).toBe(hex);

describe.skipIf(!available)('token orders and bytes captured from SQL Server 2025', () => {
  let server: RawServer;
  let session: RawSession;
  const replayed = new Set<string>();
  const run = async (sql: string): Promise<Answer> => {
    const answer = await session.batch(sql);
    const error = answer.tokens.find(t => t.name === 'ERROR');
    if (error) throw new Error(`${error.number} ${error.message} in ${sql}`);
    return answer;
  };
  const replay = (id: string, check: (c: WireCase) => Promise<void>): void => {
    replayed.add(id);
    it(id, async () => {
      const reason = wireExceptions[id];
      if (reason === undefined) return check(given(id));
      await expect(check(given(id)), `${id} is given now, but is listed as an exception: ${reason}`).rejects.toThrow();
    });
  };

  beforeAll(async () => {
    server = rawServer(170);
    session = await server.open();
    await session.batch('CREATE DATABASE wire');
    await session.batch('USE wire');
    await session.batch(`CREATE TABLE dbo.BulkWireProbe (id int NOT NULL, label nvarchar(16) NULL, payload varbinary(16) NULL);
      CREATE TABLE dbo.character_metadata_probe (id int NOT NULL, value varchar(1) COLLATE SQL_Latin1_General_CP1_CI_AS NULL);
      CREATE TABLE dbo.utf8_boundary_probe (id int NOT NULL, value varchar(max) COLLATE Cyrillic_General_100_BIN2 NULL);
      CREATE TABLE dbo.attention_probe (n int NULL)`);
  });
  afterAll(async () => {
    await session?.close();
    await server?.close();
  });

  describe('control of flow', () => {
    for (let i = 1; i <= 15; i++)
      replay(`tokens.control-${i}`, async c => {
        expectTokens(await session.batch(c.sql!), c.tokens!);
        await session.batch('SET NOCOUNT OFF');
      });
    for (const id of [
      'tokens.error-in-select',
      'tokens.error-in-try',
      'tokens.error-in-sp_executesql',
      'tokens.set-error',
    ])
      replay(id, async c => expectTokens(await session.batch(c.sql!), c.tokens!));
    replay('tokens.set-language', async c =>
      expectTokens(await session.batch(c.sql!.replace('SELECT ...', 'SELECT 1 AS one')), c.tokens!),
    );
    replay('tokens.sp_prepare-sp_execute', async c => {
      await session.batch('SET DATEFORMAT mdy');
      const sql = `SET DATEFORMAT mdy; DECLARE @handle int; EXEC sys.sp_prepare @handle OUTPUT, N'@d NVARCHAR(30)', N'SELECT TRY_CAST(@d AS DATE) AS value'; SET DATEFORMAT dmy; EXEC sys.sp_execute @handle, N'03/04/2024'; EXEC sys.sp_unprepare @handle`;
      expectTokens(
        await session.batch(sql),
        c.tokens!.filter(t => t !== '...'),
      );
      await session.batch('SET DATEFORMAT mdy');
    });
    replay('tokens.rpc-select', async c => {
      const parameters: RpcParameter[] = [
        textParameter('@stmt', 'SELECT @d AS value'),
        textParameter('@params', '@d int'),
        intParameter('@d', 5),
      ];
      expectTokens(await session.rpc({ procedure: 10, parameters }), c.tokens!);
    });
    replay('rpc.return-value', async () => {
      const answer = await session.rpc({
        procedure: 11,
        parameters: [
          intParameter('@handle', null, true),
          textParameter('@params', '@d int'),
          textParameter('@stmt', 'SELECT @d AS value'),
        ],
      });
      const token = answer.tokens.find(t => t.name === 'RETURNVALUE')!;
      expect(token.bytes.toString('hex')).toBe(
        'ac0000074000680061006e0064006c0065000100000000000026040401000000'.replace(
          /01000000$/,
          token.bytes.subarray(-4).toString('hex'),
        ),
      );
    });
    replay('tokens.nbcrow', async c =>
      expectTokens(
        await session.batch("SELECT 1 AS a, NULL AS b, CAST(NULL AS date) AS c, NULL AS d, NULL AS e, 'x' AS f"),
        c.tokens!,
      ),
    );
    replay('done.commands', async c => {
      const command = async (sql: string): Promise<number> =>
        (await run(sql)).tokens.findLast(t => t.name.startsWith('DONE'))!.command!;
      const seen: [number, string][] = [];
      const note = async (sql: string): Promise<void> => {
        seen.push([await command(sql), sql]);
      };
      for (const sql of [
        'SET XACT_ABORT ON',
        'SET XACT_ABORT OFF',
        'IF 1 = 0 PRINT 1',
        'SELECT 1 AS x',
        'CREATE TABLE dbo.done_probe (n int)',
        'INSERT dbo.done_probe VALUES (1)',
        'DELETE dbo.done_probe',
        'ALTER TABLE dbo.done_probe ADD m int',
        'CREATE TRIGGER dbo.done_trigger ON dbo.done_probe AFTER INSERT AS RETURN',
        'DROP TABLE dbo.done_probe',
        'BEGIN TRAN',
        'ROLLBACK',
        "EXEC sp_executesql N'SELECT 1 AS x'",
        "RAISERROR('x', 10, 1)",
        "PRINT 'x'",
        'SET DATEFORMAT mdy',
        'CREATE SCHEMA done_schema',
      ])
        await note(sql);
      expect(seen.map(([n]) => n)).toEqual([
        185, 186, 192, 193, 198, 195, 196, 216, 221, 199, 212, 210, 224, 246, 247, 249, 253,
      ]);
      const known = new Set(c.rows!.map(r => r[0]));
      for (const [n] of seen) expect(known).toContain(n);
    });
    replay('done.status', async () => {
      const status = async (sql: string): Promise<number[]> =>
        (await session.batch(sql)).tokens.filter(t => t.name === 'DONE').map(t => t.status!);
      expect(await status('SELECT 1 AS a; SELECT 2 AS b')).toEqual([0x11, 0x10]);
      expect(await status('BEGIN TRAN; ROLLBACK')).toEqual([1, 0]);
      expect(await status('SELECT * FROM nowhere')).toEqual([2]);
      expect(await status('SET NOCOUNT ON; SELECT 1 AS a; SET NOCOUNT OFF')).toEqual([1, 1, 0]);
      expect(
        (await session.batch('SET NOCOUNT ON; SELECT 1 AS a; SELECT @@ROWCOUNT AS n; SET NOCOUNT OFF')).bytes.includes(
          Buffer.from('d101000000', 'hex'),
        ),
      ).toBe(true);
    });
    replay('bulk.setup-ddl-batch', async c => {
      const table = (name: string, more = ''): string =>
        `CREATE TABLE dbo.${name} (id int NOT NULL PRIMARY KEY${more});`;
      const sql = `${table('parent')}${table('d1')}${table('d2')}${table('d3')}${table('d4')}INSERT dbo.parent VALUES (1);${table('child', ' REFERENCES dbo.parent(id)')}`;
      expectBytes(await session.batch(sql), c.resp!);
    });
    replay('bulk.create-trigger', async c =>
      expectBytes(
        await session.batch('CREATE TRIGGER dbo.d1_trigger ON dbo.d1 AFTER INSERT AS BEGIN SET NOCOUNT ON END'),
        c.resp!,
      ),
    );
    replay('bulk.drop-table', async c => expectBytes(await session.batch('DROP TABLE dbo.d1'), c.resp!));
  });

  describe('bulk load', () => {
    const probe = 'insert bulk dbo.BulkWireProbe([id] int, [label] nvarchar(16), [payload] varbinary(16))';
    const message = (id: string): Buffer => Buffer.from(given(id).req2!.hex!, 'hex');
    const rowsOf = async (): Promise<string> =>
      (await run('SELECT id, label, payload FROM dbo.BulkWireProbe ORDER BY id')).tokens
        .filter(t => /ROW$/.test(t.name))
        .map(t => t.bytes.toString('hex'))
        .join(' ');
    replay('bulk.zero-rows', async c => {
      expectBytes(await session.batch(c.sql!), c.resp1!);
      const answer = await session.bulk(message(c.id));
      expectTokens(answer, c.resp2_tokens!);
      expect(answer.tokens[0]!.message).toBe(c.error![3]);
      expect(await rowsOf()).toBe('');
    });
    replay('bulk.null-row', async c => {
      await run(c.sql!);
      expectTokens(await session.bulk(message(c.id)), c.resp2_tokens!);
      expect(await rowsOf()).toBe('d20601000000');
      await run('TRUNCATE TABLE dbo.BulkWireProbe');
    });
    replay('bulk.unicode-and-binary', async c => {
      await run(probe);
      await session.bulk(message(c.id));
      expect(await rowsOf()).toBe('d1020000000600e9003dd800de030000ff80');
      await run('TRUNCATE TABLE dbo.BulkWireProbe');
    });
    replay('bulk.multirow', async c => {
      await run(probe);
      expectTokens(await session.bulk(message(c.id)), c.resp2_tokens!);
      expect(await rowsOf()).toBe(
        'd1030000000a0061006c00700068006100020001' + '02 d202040000000000 d204050000000200a903',
      );
      await run('TRUNCATE TABLE dbo.BulkWireProbe');
    });
    replay('bulk.metadata-only', async c => {
      const metadata = message('bulk.null-row');
      const end = metadata.indexOf(0xd1);
      const answers = [
        await session.batch(probe),
        await session.bulk(Buffer.concat([metadata.subarray(0, end), metadata.subarray(-13)])),
      ];
      expectTokens({ bytes: Buffer.alloc(0), tokens: answers.flatMap(a => a.tokens) }, c.tokens!);
    });
    /** A load into a table of one column; flags and type as sent. */
    const loadOne = async (create: string, statement: string, column: string, rows: string): Promise<Answer> => {
      await session.batch('DROP TABLE IF EXISTS dbo.one');
      await run(create);
      await run(statement);
      return session.bulk(Buffer.from(`810100${column}${rows}fd000000000000000000000000`, 'hex'));
    };
    replay('bulk.nullable-flag', async c => {
      const answer = await loadOne(
        'CREATE TABLE dbo.one (n int NOT NULL)',
        'insert bulk dbo.one ([n] int)',
        '000000000500260401' + '6e00',
        'd10401000000',
      );
      expect(answer.tokens.map(show)).toEqual([
        `ERROR 4816 state ${c.error![1]} class 16 Invalid column type from bcp client for colid 1.`,
        'DONE 0x0002 cmd=253 count=0',
      ]);
    });
    replay('bulk.max-needs-max', async c => {
      const answer = await loadOne(
        'CREATE TABLE dbo.one (n nvarchar(max) NULL)',
        'insert bulk dbo.one ([n] nvarchar(10))',
        '000000000500e714000904d00034016e00',
        'd102004100',
      );
      expect(answer.tokens[0]).toMatchObject({ number: c.error![0], state: c.error![1], class: c.error![2] });
    });
    replay('bulk.declared-vs-wire-type', async c => {
      const answer = await loadOne(
        'CREATE TABLE dbo.one (n varchar(3) NULL)',
        'insert bulk dbo.one ([n] varchar(3))',
        '00000000050026040' + '16e00',
        'd10401000000',
      );
      expect(answer.tokens[0]).toMatchObject({ number: c.error![0], state: c.error![1], class: c.error![2] });
    });
    replay('bulk.column-count', async c => {
      await run(probe);
      const answer = await session.bulk(
        Buffer.from('81010000000000040026040' + '1' + '6e00' + 'd10401000000' + 'fd000000000000000000000000', 'hex'),
      );
      expect(answer.tokens[0]).toMatchObject({ number: c.error![0], state: c.error![1], class: c.error![2] });
    });
    replay('bulk.statement-errors', async () => {
      const errors = async (sql: string): Promise<number[]> => {
        const { tokens } = await session.batch(sql);
        expect(show(tokens.at(-1)!)).toBe('DONE 0x0002 cmd=253 count=0');
        return tokens.filter(t => t.name === 'ERROR').map(t => t.number!);
      };
      expect(await errors('insert bulk dbo.missing ([n] int)')).toEqual([208, 208]);
      expect(await errors('insert bulk dbo.BulkWireProbe ([nope] int)')).toEqual([]);
      expect(await errors('insert bulk dbo.BulkWireProbe ([id] int, [id] int)')).toEqual([264]);
      await run('DROP TABLE IF EXISTS dbo.one; CREATE TABLE dbo.one (n int NULL, twice AS n * 2)');
      expect(await errors('insert bulk dbo.one ([n] int, [twice] int)')).toEqual([271]);
      const unknown = await session.batch('insert bulk dbo.one ([n] nosuchtype)');
      expect(unknown.tokens[0]).toMatchObject({ number: 2715, state: 2 });
      expect(await errors('insert bulk dbo.one ([n] int) with (KEEP_IDENTITY)')).toEqual([102]);
      expect(await errors('insert bulk dbo.one')).toEqual([102]);
      expect(await errors('insert bulk dbo.one ([n] int); SELECT 1')).toEqual([428]);
      await run(
        'insert bulk dbo.one ([n] int) with (keep_nulls, tablock, ROWS_PER_BATCH=5, KILOBYTES_PER_BATCH=7, ORDER(n ASC), CHECK_CONSTRAINTS, FIRE_TRIGGERS)',
      );
      expect(await errors('SELECT 1 AS x')).toEqual([4022]);
    });
    replay('bulk.identity', async () => {
      const create = 'CREATE TABLE dbo.one (id int IDENTITY(10,5) NOT NULL, n int NULL)';
      await loadOne(create, 'insert bulk dbo.one ([n] int)', '000000000500260401' + '6e00', 'd10401000000d10402000000');
      expect(
        (await run('SELECT MIN(id) + MAX(id) AS s FROM dbo.one')).bytes.includes(Buffer.from('0419000000', 'hex')),
      ).toBe(true);
      await session.batch('DROP TABLE dbo.one');
      await run(create);
      await run('insert bulk dbo.one ([id] int, [n] int)');
      await session.bulk(
        Buffer.from(
          '81020000000000040026040269006400000000000500260401' +
            '6e00' +
            'd104640000000401000000d104c80000000402000000' +
            'fd000000000000000000000000',
          'hex',
        ),
      );
      await run('INSERT dbo.one (n) VALUES (3)');
      expect((await run('SELECT MAX(id) AS m FROM dbo.one')).bytes.includes(Buffer.from('04cd000000', 'hex'))).toBe(
        true,
      );
    });
    replay('bulk.keep-nulls', async () => {
      for (const [options, expected] of [
        ['', '05000000'],
        [' with (KEEP_NULLS)', null],
      ] as const) {
        await loadOne(
          'CREATE TABLE dbo.one (n int NULL DEFAULT 5)',
          `insert bulk dbo.one ([n] int)${options}`,
          '000000000500260401' + '6e00',
          'd100',
        );
        const row = (await run('SELECT n FROM dbo.one')).tokens.find(t => /ROW$/.test(t.name))!;
        expect(row.bytes.toString('hex')).toBe(expected === null ? 'd201' : `d104${expected}`);
      }
    });
    replay('bulk.constraints', async () => {
      const create = 'CREATE TABLE dbo.one (n int NULL CONSTRAINT ck_one CHECK (n > 0))';
      const trusted = async (): Promise<boolean> =>
        (
          await run("SELECT 1 AS x FROM sys.check_constraints WHERE name = 'ck_one' AND is_not_trusted = 0")
        ).tokens.some(t => t.name === 'ROW');
      await loadOne(create, 'insert bulk dbo.one ([n] int)', '000000000500260401' + '6e00', 'd104ffffffff');
      expect(await trusted()).toBe(false);
      const refused = await loadOne(
        create,
        'insert bulk dbo.one ([n] int) with (CHECK_CONSTRAINTS)',
        '000000000500260401' + '6e00',
        'd104ffffffff',
      );
      expect(refused.tokens.map(t => `${t.name} ${t.number ?? t.command}`)).toEqual([
        'ERROR 547',
        'INFO 3621',
        'DONE 240',
      ]);
      expect(refused.tokens[0]).toMatchObject({ state: 0, class: 16 });
      expect(await trusted()).toBe(true);
    });
    replay('bulk.failures', async () => {
      const keyed = 'CREATE TABLE dbo.one (n int NOT NULL PRIMARY KEY)';
      const twice = await loadOne(
        keyed,
        'insert bulk dbo.one ([n] int)',
        '000000000400260401' + '6e00',
        'd10401000000d10401000000',
      );
      expect(twice.tokens.map(t => `${t.name} ${t.number ?? t.command}`)).toEqual([
        'ERROR 2627',
        'INFO 3621',
        'DONE 240',
      ]);
      expect((await run('SELECT * FROM dbo.one')).tokens.some(t => /ROW$/.test(t.name))).toBe(false);
      const conversion = await loadOne(
        'CREATE TABLE dbo.one (n int NULL)',
        'insert bulk dbo.one ([n] varchar(3))',
        '000000000500a703000904d00034016e00',
        'd10300616263',
      );
      expect(conversion.tokens.map(t => `${t.name} ${t.number ?? t.command}`)).toEqual(['ERROR 245', 'DONE 253']);
      await run('SET XACT_ABORT ON');
      await run('BEGIN TRAN');
      const aborted = await loadOne(
        keyed,
        'insert bulk dbo.one ([n] int)',
        '000000000400260401' + '6e00',
        'd10401000000d10401000000',
      );
      expect(aborted.tokens.filter(t => t.name !== 'ENVCHANGE').map(t => `${t.name} ${t.number ?? t.command}`)).toEqual(
        ['ERROR 2627', 'DONE 253'],
      );
      await run('SET XACT_ABORT OFF');
      expect((await run('SELECT @@TRANCOUNT AS n')).bytes.includes(Buffer.from('d100000000', 'hex'))).toBe(true);
    });
    replay('bulk.nocount', async () => {
      await run('SET NOCOUNT ON');
      const answer = await loadOne(
        'CREATE TABLE dbo.one (n int NULL)',
        'insert bulk dbo.one ([n] int)',
        '000000000500260401' + '6e00',
        'd10401000000',
      );
      expect(answer.tokens.map(show)).toEqual(['DONE 0x0000 cmd=240 count=0']);
      await run('SET NOCOUNT OFF');
    });
    replay('bulk.source-declaration-wins', async () => {
      await loadOne(
        'CREATE TABLE dbo.one (n nvarchar(10) NULL)',
        'insert bulk dbo.one ([n] varchar(10) COLLATE Cyrillic_General_CI_AS)',
        '000000000500a70a000904d00034016e00',
        'd10600cff0e8e2e5f2',
      );
      const row = (await run('SELECT n FROM dbo.one')).tokens.find(t => t.name === 'ROW')!;
      expect(row.bytes.subarray(3).toString('utf16le')).toBe('Привет');
    });
    replay('bulk.varchar1-keep-nulls', async c => {
      await run(c.sql!);
      await session.bulk(message(c.id));
      const readback = `SELECT @@ERROR AS last_error, @@ROWCOUNT AS last_rowcount, XACT_STATE() AS transaction_state, @@TRANCOUNT AS transaction_count;
        SELECT id, value, CAST(value AS varbinary(max)) AS native_bytes, CAST(value AS nvarchar(max)) AS unicode_value, CAST(CAST(value AS nvarchar(max)) AS varbinary(max)) AS unicode_units
        FROM dbo.character_metadata_probe ORDER BY id`;
      const answer = await session.batch(readback);
      expectTokens(answer, given('rows.varchar-nbcrow-plp').tokens!);
      expectBytes(answer, given('rows.varchar-nbcrow-plp').hex!);
    });
    replayed.add('rows.varchar-nbcrow-plp');
    replay('bulk.varchar-max-plp', async c => {
      await run(c.sql!);
      await session.bulk(message(c.id));
      const readback = `SELECT @@ERROR AS last_error, @@ROWCOUNT AS last_rowcount, XACT_STATE() AS transaction_state, @@TRANCOUNT AS transaction_count;
        SELECT id, value, CAST(value AS varbinary(max)) AS native_bytes, CAST(value AS nvarchar(max)) AS unicode_value, CAST(CAST(value AS nvarchar(max)) AS varbinary(max)) AS unicode_units
        FROM dbo.utf8_boundary_probe ORDER BY id`;
      expectBytes(await session.batch(readback), given('rows.varchar-max-bin2').hex!);
    });
    replayed.add('rows.varchar-max-bin2');
    replay('bulk.staging-defaults-1', async c => {
      await run(
        `CREATE TABLE dbo.items (id int IDENTITY(1,1) NOT NULL, marker int NOT NULL DEFAULT 0, a int NULL DEFAULT 11 CONSTRAINT ck_items CHECK (a > 0), b nvarchar(20) NULL DEFAULT N'β', c int NULL DEFAULT 22)`,
      );
      expectBytes(await session.batch(c.sql!), c.resp1!);
      expectBytes(await session.bulk(message(c.id)), c.resp2!);
      const answer = await session.batch(
        "SELECT @@ERROR AS last_error, @@ROWCOUNT AS last_rowcount, @@IDENTITY AS last_identity, SCOPE_IDENTITY() AS scope_identity, IDENT_CURRENT('dbo.items') AS current_identity, XACT_STATE() AS transaction_state, @@TRANCOUNT AS transaction_count; SELECT id, marker, a, b, c FROM dbo.items ORDER BY id",
      );
      // The capture goes on with what a trigger wrote; its beginning is these two results.
      const whole = given('rows.readback-defaults-1').hex!;
      const [first, second] = answer.bytes.toString('hex').split('fd1100c1000100000000000000') as [string, string];
      const begins = `${first}fd1100c1000100000000000000${second.replace(/fd1000c1.*$/, '')}`;
      expect(withoutState(whole.slice(0, begins.length))).toBe(withoutState(begins));
    });
    replayed.add('rows.readback-defaults-1');
    for (const id of ['bulk.trigger-summary', 'bulk.binary-short', 'bulk.wire-width'])
      replay(id, async () => {
        switch (id) {
          case 'bulk.binary-short': {
            const answer = await loadOne(
              'CREATE TABLE dbo.one (n binary(4) NULL)',
              'insert bulk dbo.one ([n] binary(4))',
              '000000000500ad0400016e00',
              'd102000102',
            );
            expect(answer.tokens[0]).toMatchObject({ number: 4804, state: 1, class: 17 });
            return;
          }
          case 'bulk.wire-width': {
            const answer = await loadOne(
              'CREATE TABLE dbo.one (n nvarchar(8) NULL)',
              'insert bulk dbo.one ([n] nvarchar(1))',
              '000000000500e702000904d00034016e00',
              'd1040041004200',
            );
            expect(answer.tokens[0]).toMatchObject({ number: 4815, state: 1, class: 17 });
            return;
          }
          default:
            throw new Error('triggers are not fired');
        }
      });
  });

  describe('types, flags and collations', () => {
    /** Type of the only column and bytes of the only row of a query. */
    const one = async (sql: string): Promise<{ type: string; value: string; flags: number }> => {
      const { tokens } = await run(sql);
      const metadata = tokens.find(t => t.name === 'COLMETADATA')!;
      const row = tokens.find(t => t.name === 'ROW');
      // Behind the token byte: count, user type, flags; before the name: the type.
      const nameBytes = metadata.columns![0]!.name.length * 2 + 1;
      return {
        type: metadata.bytes.subarray(9, metadata.bytes.length - nameBytes).toString('hex'),
        flags: metadata.bytes.readUInt16LE(7),
        value: row ? row.bytes.subarray(1).toString('hex') : '',
      };
    };
    const samples: Readonly<Record<string, string>> = {
      'type.int': 'SELECT 4242 AS v',
      'type.intn4': 'SELECT CAST(11 AS int) AS v',
      'type.intn2': 'SELECT CAST(1 AS smallint) AS v',
      'type.intn1': 'SET DATEFIRST 2; SELECT @@DATEFIRST AS v; SET DATEFIRST 7',
      'type.bit': "SELECT is_not_trusted AS v FROM sys.check_constraints WHERE name = 'ck_items'",
      'type.numericn38': "SELECT IDENT_CURRENT('dbo.items') AS v",
      'type.varchar1': "SELECT CAST('A' AS varchar(1)) AS v",
      'type.varchar-empty': "SELECT CAST('' AS varchar(1)) AS v",
      'type.nvarchar20': "SELECT CAST(N'row0' AS nvarchar(20)) AS v",
      'type.nvarchar16-supplementary': "SELECT CAST(N'é' + NCHAR(0xD83D) + NCHAR(0xDE00) AS nvarchar(16)) AS v",
      'type.sysname': "SELECT name AS v FROM sys.check_constraints WHERE name = 'ck_items'",
      'type.varbinary16': 'SELECT CAST(0x00ff80 AS varbinary(16)) AS v',
      'type.varbinary-max': 'SELECT CAST(0x41 AS varbinary(max)) AS v',
      'type.nvarchar-max': "SELECT CAST(N'A' AS nvarchar(max)) AS v",
      'type.xml': "SELECT CAST(N'<row><value>1</value></row>' AS xml) AS v",
      'type.varchar-max-utf8-empty': "SELECT CAST('' AS varchar(max)) COLLATE Latin1_General_100_BIN2_UTF8 AS v",
    };
    for (const [id, sql] of Object.entries(samples))
      replay(id, async c => {
        const found = await one(sql);
        expect(found.type).toBe(c.coltype);
        expect(found.value).toBe(c.value_hex);
      });
    replay('rows.varchar-literal', async c => expectBytes(await session.batch(c.sql!), c.hex!));
    replay('rows.varchar-max-empty-utf8', async c => expectBytes(await session.batch(c.sql!), c.hex!));
    replay('rows.product-version', async () => {
      const found = await one("SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(128)) AS v");
      expect(found).toEqual({
        type: 'e700010904d00034',
        flags: 0x21,
        value: '1600310037002e0030002e0034003000360035002e003400',
      });
    });
    replay('type.metadata-only', async c => {
      const declared = c.cols!.filter(col => !/IDENTITY| AS |COUNT|NOT NULL|^D/i.test(String(col[0])));
      await run(`CREATE TABLE dbo.all_types (${declared.map((col, i) => `c${i} ${col[0]} NULL`).join(', ')})`);
      const { columns } = (await run('SELECT * FROM dbo.all_types')).tokens[0]!;
      declared.forEach(([name, , length, precision, scale, flags], i) => {
        const column = columns![i]!;
        if (length !== null) expect(column.maxLength, String(name)).toBe(length);
        if (precision !== null) expect(column.precision, String(name)).toBe(precision);
        if (scale !== null) expect(column.scale, String(name)).toBe(scale);
        expect(column.flags, String(name)).toBe(flags);
      });
    });
    replay('flags.columns', async () => {
      await run(
        'CREATE TABLE dbo.flagged (id int IDENTITY NOT NULL, a int NOT NULL, b int NULL, c varchar(5) COLLATE Latin1_General_BIN2 NULL)',
      );
      const flags = async (sql: string): Promise<number[]> =>
        (await run(sql)).tokens[0]!.columns!.map(col => col.flags);
      expect(await flags('SELECT id, a, b, c FROM dbo.flagged ORDER BY id')).toEqual([16, 8, 9, 11]);
      expect(
        await flags('SELECT 1 AS a, @@ROWCOUNT AS b, ISNULL(b, 0) AS c, CAST(a AS bigint) AS d FROM dbo.flagged'),
      ).toEqual([32, 32, 32, 33]);
      expect(await flags('SELECT COUNT(*) AS n, AVG(a) AS m FROM dbo.flagged')).toEqual([1, 1]);
      expect(
        await flags(
          "SELECT N'a' COLLATE Latin1_General_CS_AS AS n, CAST('a' AS varchar(4)) COLLATE Latin1_General_CS_AS AS v",
        ),
      ).toEqual([34, 35]);
    });
    replay('flags.literal-vs-cast', async c => {
      const { columns } = (
        await run(
          "SELECT N'a' COLLATE Latin1_General_CI_AS AS n, CAST('a' AS VARCHAR(4)) COLLATE Latin1_General_CI_AS AS v",
        )
      ).tokens[0]!;
      expect(columns!.map(col => [col.name, col.maxLength, col.flags])).toEqual(
        c.cols!.map(col => [col[0], col[2], col[3]]),
      );
    });
    replay('flags.functions', async c => {
      const sql =
        "SELECT NCHAR(65) AS a, ISNULL(NCHAR(NULL), '') AS b, ISNULL(DATENAME(month, '2020-01-01'), N'abc') AS c, DATENAME(month, '2020-01-01') AS d, CHAR(65) AS e, ERROR_NUMBER() AS f";
      const { columns } = (await run(sql)).tokens[0]!;
      expect(columns!.map(col => [col.maxLength, col.flags])).toEqual(c.cols!.map(col => [col[2], col[3]]));
    });
    replay('collation.bytes', async c => {
      for (const row of c.rows!)
        expect(Buffer.from(wireCollation(String(row[0]))).toString('hex'), String(row[0])).toBe(
          String(row[6]).replace('*', ''),
        );
    });
    replay('collation.server', async () => {
      const { columns } = (
        await run(
          "SELECT CAST(SERVERPROPERTY('Collation') AS varchar(50)) AS c WHERE CAST(SERVERPROPERTY('Collation') AS varchar(50)) = 'SQL_Latin1_General_CP1_CI_AS'",
        )
      ).tokens[0]!;
      expect(Buffer.from(columns![0]!.collation!.bytes).toString('hex')).toBe('0904d00034');
    });
  });

  describe('attention', () => {
    /** Runs a batch and cancels it while it waits. */
    const cancelled = (sql: string): Promise<Answer> => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 150);
      return session.batch(sql, abort.signal);
    };
    const body = "INSERT dbo.attention_probe VALUES (1); WAITFOR DELAY '00:01:00'";
    const tried = `BEGIN TRY ${body} END TRY BEGIN CATCH PRINT 'caught' END CATCH`;
    replay('attention.batch', async c => expectTokens(await cancelled(body), c.responses![0]!));
    replay('attention.batch-try-catch', async c => expectTokens(await cancelled(tried), c.responses![0]!));
    replay('attention.batch-tran-xact_abort', async c => {
      await run('SET XACT_ABORT ON; BEGIN TRAN');
      const answer = await cancelled(body);
      expectTokens(answer, c.responses![0]!);
      await run('SET XACT_ABORT OFF');
    });
    replay('attention.rpc', async c => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 150);
      expectTokens(
        await session.rpc({ procedure: 10, parameters: [textParameter('@stmt', body)] }, abort.signal),
        c.responses![0]!,
      );
    });
    replay('attention.state-after', async () => {
      const state = async (): Promise<string> =>
        (await run('SELECT @@TRANCOUNT AS n')).tokens.find(t => t.name === 'ROW')!.bytes.toString('hex');
      await run('TRUNCATE TABLE dbo.attention_probe; BEGIN TRAN');
      await cancelled(body);
      expect(await state()).toBe('d101000000');
      await run('ROLLBACK');
      expect((await run('SELECT n FROM dbo.attention_probe')).tokens.some(t => t.name === 'ROW')).toBe(false);
      await cancelled(body);
      expect(await state()).toBe('d100000000');
      expect((await run('SELECT n FROM dbo.attention_probe')).tokens.filter(t => t.name === 'ROW')).toHaveLength(1);
    });
    replay('attention.idle-then-batch', async c => {
      await run(
        'DROP TABLE IF EXISTS dbo.edge; CREATE TABLE dbo.edge (n int NULL); INSERT dbo.edge VALUES (1); SET DATEFIRST 2',
      );
      const sql =
        'SELECT 4242 AS edge_marker, @@TRANCOUNT AS transaction_count, XACT_STATE() AS transaction_state, @@DATEFIRST AS first_day; SELECT n FROM dbo.edge ORDER BY n';
      const answer = await session.batch(sql);
      await run('SET DATEFIRST 7');
      expectTokens(answer, c.tokens!);
      expect(withoutState(answer.bytes.toString('hex'))).toBe(withoutState(c.hex!));
    });
  });

  it('replays every captured case or says why not', () => {
    const elsewhere = new Set(['attention.idle', 'attention.ignore-bit', 'bulk.plp-split']);
    const missing = cases
      .map(c => c.id)
      .filter(id => !replayed.has(id) && !elsewhere.has(id) && wireExceptions[id] === undefined);
    expect(missing).toEqual([]);
  });
});
