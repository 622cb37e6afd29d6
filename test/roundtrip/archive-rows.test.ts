import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataFormat } from '../../src/archive/manifest.ts';
import { runScript } from '../support/sandbox.ts';
import { at, createDatabase, type Place, sandboxPlace } from './place.ts';

const patience = 300_000;
const formats: readonly DataFormat[] = ['sql', 'csv', 'jsonl', 'native'];

/** Tables of a database each, by what is special about their rows. */
const databases: Readonly<Record<string, string>> = {
  large: `CREATE TABLE dbo.Notes (id int PRIMARY KEY, note nvarchar(max))
INSERT dbo.Notes VALUES (1, REPLICATE(CAST(N'x' AS nvarchar(max)), 3000000)), (2, N'y')
GO`,
  wide: `CREATE TABLE dbo.Wide (id int IDENTITY PRIMARY KEY, ${columns(300, i => `c${i} varchar(8000)`)})
INSERT dbo.Wide VALUES (${columns(300, i => (i % 50 === 49 ? 'NULL' : `REPLICATE('${i + 100}', 2633)`))})
INSERT dbo.Wide DEFAULT VALUES
GO`,
  'large object': `CREATE TABLE dbo.Lobs (id int PRIMARY KEY, t text, n ntext, i image, b varbinary(max), x xml, v sql_variant)
GO
${lobRows()}
GO`,
  valueless: `CREATE TABLE dbo.Versions (v rowversion, c AS (1))
CREATE TABLE dbo.Computed (v timestamp NOT NULL, c AS (CONVERT(int, 2)) PERSISTED)
GO
${'INSERT dbo.Versions DEFAULT VALUES;\n'.repeat(2)}${'INSERT dbo.Computed DEFAULT VALUES;\n'.repeat(2500)}
GO`,
};

/** Rows with large values, around the sizes from which a row is written, or loaded, in parts. */
function lobRows(): string {
  const text = (size: number) => `REPLICATE(CAST('ä''b' AS varchar(max)), ${size / 4})`;
  const unicode = (size: number) => `REPLICATE(CAST(N'ä𝄞''' AS nvarchar(max)), ${size / 8})`;
  const bytes = (size: number) => `CAST(REPLICATE(CAST('ab' AS varchar(max)), ${size / 2}) AS varbinary(max))`;
  const xml = (size: number) =>
    `CAST(N'<a>' + REPLICATE(CAST(N'ä b ' AS nvarchar(max)), ${size / 8}) + N'</a>' AS xml)`;
  const values = [
    [
      ['t', text(1_200_000)],
      ['n', unicode(8)],
    ],
    [['n', unicode(1_200_000)]],
    [['i', bytes(1_200_000)]],
    [['x', xml(1_200_000)]],
    [
      ['i', bytes(2_400_000)],
      ['t', text(4)],
      ['v', '1'],
    ],
    [
      ['i', '0x'],
      ['b', bytes(2_400_000)],
      ['x', "N'<a> </a>'"],
    ],
  ] as const;
  const insert = (row: (typeof values)[number], id: number) =>
    `INSERT dbo.Lobs (id, ${row.map(v => v[0]).join(', ')}) VALUES (${id}, ${row.map(v => v[1]).join(', ')})`;
  return values.map(insert).join('\n');
}

function columns(count: number, column: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => column(i)).join(', ');
}

const folder = mkdtempSync(join(tmpdir(), 'xpdb-archive-rows-'));
let place: Place;

beforeAll(async () => {
  place = await sandboxPlace({ version: 160, password: 'Archive-rows-1' });
  for (const [name, script] of Object.entries(databases)) {
    await createDatabase(place, name);
    const session = await place.session(name);
    await runScript(session, script);
    await session.close();
  }
}, patience);

afterAll(async () => {
  await place?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function exportAs(name: string, format: DataFormat): Promise<string> {
  const path = join(folder, `${name}-${format}`);
  const form = ['--format', 'dir', '--data-format', format, '--overwrite', '-o', path];
  await at(place, ['export', ...place.flags, '-d', name, ...form]);
  return path;
}

async function compare(from: string, to: string): Promise<void> {
  await at(place, ['verify', '--from', from, '--to', to, ...place.flags.slice(2), '--no-database-settings']);
}

describe.each(Object.keys(databases))('a database of %s rows', name => {
  it.each(formats)(
    'comes back whole from an archive of %s',
    async format => {
      const path = await exportAs(name, format);
      const copy = `${name}_${format}`;
      await at(place, ['import', ...place.flags, '-i', path, '--create', '-d', copy]);
      await compare(place.side(name), place.side(copy));
      await compare(path, place.side(copy));
    },
    patience,
  );

  it(
    'is copied whole',
    async () => {
      const copy = `${name}_copied`;
      const sides = ['--from', place.side(name), '--to', place.side(copy), ...place.flags.slice(2)];
      await at(place, ['copy', ...sides, '--create']);
      await at(place, ['verify', ...sides, '--no-database-settings']);
    },
    patience,
  );
});

it(
  'a chunk that holds fewer rows than its archive says is told',
  async () => {
    const path = await exportAs('large', 'sql');
    const manifest = join(path, 'manifest.json');
    const text = readFileSync(manifest, 'utf8');
    const more = text.replaceAll('"rows": 2', '"rows": 3');
    expect(more).not.toBe(text);
    writeFileSync(manifest, more);
    const run = await at(place, ['import', ...place.flags, '-i', path, '--create', '-d', 'large_less'], 1);
    expect(run.stderr).toContain('gave 2 rows of [dbo].[Notes], and should have 3');
  },
  patience,
);
