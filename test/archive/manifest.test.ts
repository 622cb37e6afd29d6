import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatManifest, type Manifest, parseManifest } from '../../src/archive/manifest.ts';
import { XpdbError } from '../../src/model/error.ts';

const sha256 = 'a'.repeat(64);
const rowsum = '0'.repeat(32);

const sampleManifest: Manifest = {
  source: { version: '16.0.1000.6', database: 'Shop', collation: 'Latin1_General_CI_AS' },
  target: '2012',
  options: { table: 'dbo.*', 'no-owner': true },
  consistency: 'snapshot-database',
  data: { format: 'sql', compression: 'zstd' },
  shard: null,
  scripts: [{ section: 'pre-data', path: 'pre-data.sql', bytes: 10, storedBytes: 10, sha256 }],
  tables: [
    {
      schema: 'dbo',
      name: 'Calls',
      columns: ['id', 'at'],
      identity: true,
      rows: 5,
      rowsum,
      chunks: [
        {
          path: 'data/00001-dbo.Calls/000001.sql.zst',
          bytes: 100,
          storedBytes: 40,
          sha256,
          rows: 2,
          rowsum,
          range: '[id] < 3',
          readAt: null,
        },
        {
          path: 'data/00001-dbo.Calls/000002.sql.zst',
          bytes: 100,
          storedBytes: 40,
          sha256,
          rows: 3,
          rowsum,
          range: '[id] >= 3',
          readAt: '2026-01-31T12:00:00.000Z',
        },
      ],
    },
  ],
  findings: [{ rule: 'compression', severity: 'dropped', object: '[dbo].[Calls]', message: 'without', line: 3 }],
};

type Json = Record<string, unknown>;
const json = () => JSON.parse(formatManifest(sampleManifest)) as Json;
/** Sets the value at a path like `tables.0.chunks.1.rows`. */
function changed(path: string, value: unknown): string {
  const root = json();
  const names = path.split('.');
  const last = names.pop()!;
  const owner = names.reduce((of, name) => of[name] as Json, root);
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return JSON.stringify(root);
}

describe('a manifest', () => {
  it('comes back as it was written, the same bytes each time', () => {
    expect(parseManifest(formatManifest(sampleManifest), 'm')).toEqual(sampleManifest);
    expect(formatManifest(parseManifest(formatManifest(sampleManifest), 'm'))).toBe(formatManifest(sampleManifest));
  });

  it.each([
    ['format', 'zip', 'manifest.json: is no manifest of an xpdb archive'],
    ['version', 2, 'manifest.json has format version 2; this xpdb reads up to 1'],
    ['version', '1', 'manifest.json: version is no whole number'],
    ['source', [], 'manifest.json: source is no object'],
    ['source.database', undefined, 'manifest.json: source.database is missing'],
    ['data.format', 'exe', 'manifest.json: data.format is "exe", not one of sql, csv, jsonl, native'],
    ['options.table', 3, 'manifest.json: options.table is neither text nor true nor false'],
    ['scripts.0.path', '../x', 'manifest.json: scripts[0].path is no path inside the archive'],
    ['scripts.0.section', 'x', 'manifest.json: scripts[0].section is "x", not one of'],
    ['tables', {}, 'manifest.json: tables is no list'],
    ['tables.0.chunks.1.path', '/etc/passwd', 'manifest.json: tables[0].chunks[1].path is no path inside the archive'],
    [
      'tables.0.chunks.1.path',
      'data/00001-dbo.calls/000001.SQL.zst',
      'names the file data/00001-dbo.calls/000001.SQL.zst twice',
    ],
    ['tables.0.chunks.1.path', 'Manifest.json', 'names the file Manifest.json twice'],
    ['tables.0.chunks.1.rows', -1, 'manifest.json: tables[0].chunks[1].rows is no whole number'],
    ['tables.0.chunks.1.rows', 4, 'manifest.json: tables[0].rows is 5, but its chunks have 6'],
    ['tables.0.chunks.1.bytes', 1e300, 'manifest.json: tables[0].chunks[1].bytes is no whole number'],
    ['tables.0.chunks.0.sha256', 'xyz', 'manifest.json: tables[0].chunks[0].sha256 is not of the form'],
    ['tables.0.identity', 0, 'manifest.json: tables[0].identity is neither true nor false'],
    ['findings.0.severity', 'bad', 'manifest.json: findings[0].severity is "bad"'],
    ['shard', { shard: 1 }, 'manifest.json: shard.of is missing'],
  ])('with %s = %j says where it is wrong', (path, value, message) => {
    expect(() => parseManifest(changed(path, value), 'manifest.json')).toThrow(message);
  });

  it('that is cut, or no JSON, or JSON of another kind, is an error of its own', () => {
    const text = formatManifest(sampleManifest);
    for (const other of [text.slice(0, 300), '', '[]', '3', 'null', '{"__proto__": {"format": "xpdb-archive"}}']) {
      expect(() => parseManifest(other, 'm')).toThrow(XpdbError);
    }
  });

  it('never fails but with a message for people, whatever stands in it', () => {
    const paths = [
      'source',
      'target',
      'options',
      'data',
      'scripts',
      'tables',
      'findings',
      'tables.0.chunks',
      'tables.0.columns',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        try {
          parseManifest(changed(path, value), 'm');
        } catch (error) {
          expect(error).toBeInstanceOf(XpdbError);
        }
      }),
    );
  });
});
