/**
 * What an archive's folder holds: `manifest.json`. It is written last, so a folder without it is incomplete. Everything in it
 * is checked when it is read, for an archive may come from anywhere.
 */

import { createHash } from 'node:crypto';
import type { Finding, Severity } from '../compat/finding.ts';
import { XpdbError } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { isArchivePath } from './archive-path.ts';
import { type CompressionKind, compressionKinds } from './compression.ts';
import { type Field, readJson } from './json-field.ts';

/** Raised when an older xpdb would misread the archive. */
const manifestVersion = 1;
export const manifestFile = 'manifest.json';

const dataFormats = ['sql', 'csv', 'jsonl', 'native'] as const;
export type DataFormat = (typeof dataFormats)[number];

/** In the order in which they run; `before-data` and `after-data` stand around the chunks. */
const scriptSections = ['database', 'pre-data', 'before-data', 'after-data', 'post-data', 'state'] as const;
export type ScriptSection = (typeof scriptSections)[number];

export interface StoredFile {
  /** Inside the archive, with slashes. */
  readonly path: string;
  /** Before compression. */
  readonly bytes: number;
  /** Of the file as it is stored. */
  readonly storedBytes: number;
  /** Of the file as it is stored, 64 hex digits. */
  readonly sha256: string;
}

/** SQL text, never compressed. */
export interface ScriptFile extends StoredFile {
  readonly section: ScriptSection;
}

/** A range of one table's rows. */
export interface Chunk extends StoredFile {
  readonly rows: number;
  /** 32 hex digits. */
  readonly rowsum: string;
  /** Condition of its rows; null for all rows of the table. */
  readonly range: string | null;
  /** When it was read, where the archive is not of one point in time: ISO 8601, UTC. */
  readonly readAt: string | null;
}

export interface ManifestTable {
  readonly schema: string;
  readonly name: string;
  /** Columns that the chunks hold, in order. */
  readonly columns: readonly string[];
  /** Whether one of them is an identity column. */
  readonly identity: boolean;
  readonly rows: number;
  /** Sum of the chunks' rowsums. */
  readonly rowsum: string;
  readonly chunks: readonly Chunk[];
}

/** The part of a dump that one of several machines made: chunks whose number modulo `of` is `shard - 1`. */
export interface ShardInfo {
  readonly shard: number;
  readonly of: number;
  /** SHA-256 of the plan of all chunks: equal for shards that fit together. */
  readonly plan: string;
  /** Of all shards together. */
  readonly chunks: number;
}

export interface Manifest {
  readonly source: { readonly version: string; readonly database: string; readonly collation: string | null };
  readonly target: string;
  readonly options: Readonly<Record<string, string | boolean>>;
  /** `snapshot-database`, `snapshot`, `unchanging` or `none`. */
  readonly consistency: string;
  readonly data: { readonly format: DataFormat; readonly compression: CompressionKind };
  /** null for a whole archive. */
  readonly shard: ShardInfo | null;
  readonly scripts: readonly ScriptFile[];
  readonly tables: readonly ManifestTable[];
  readonly findings: readonly Finding[];
}

export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify({ format: 'xpdb-archive', version: manifestVersion, ...manifest }, null, 1)}\n`;
}

/**
 * @param name of the file, for messages
 * @throws XpdbError naming the place of what is wrong, or the version when it is newer than this xpdb
 */
export function parseManifest(text: string, name: string): Manifest {
  const root = readJson(text, name);
  if (root.get('format').string() !== 'xpdb-archive') throw root.wrong('is no manifest of an xpdb archive');
  const version = root.get('version').count();
  if (version > manifestVersion) {
    throw new XpdbError(`${name} has format version ${version}; this xpdb reads up to ${manifestVersion}`, {
      hint: 'use a newer xpdb',
    });
  }
  const source = root.get('source');
  const data = root.get('data');
  const manifest: Manifest = {
    source: {
      version: source.get('version').string(),
      database: source.get('database').string(),
      collation: source.get('collation').orNull(f => f.string()),
    },
    target: root.get('target').string(),
    options: root.get('options').record(f => f.stringOrFlag()),
    consistency: root.get('consistency').string(),
    data: {
      format: data.get('format').oneOf(dataFormats),
      compression: data.get('compression').oneOf(compressionKinds),
    },
    shard: root.get('shard').orNull(f => ({
      shard: f.get('shard').count(),
      of: f.get('of').count(),
      plan: f.get('plan').pattern(/^[0-9a-f]{64}$/),
      chunks: f.get('chunks').count(),
    })),
    scripts: root.get('scripts').list(f => ({ section: f.get('section').oneOf(scriptSections), ...storedFile(f) })),
    tables: root.get('tables').list(table),
    findings: root.get('findings').list(finding),
  };
  checkPaths(root, manifest);
  return manifest;
}

function storedFile(field: Field): StoredFile {
  const path = field.get('path');
  if (!isArchivePath(path.string())) throw path.wrong('is no path inside the archive');
  return {
    path: path.string(),
    bytes: field.get('bytes').count(),
    storedBytes: field.get('storedBytes').count(),
    sha256: field.get('sha256').pattern(/^[0-9a-f]{64}$/),
  };
}

const rowsum = /^[0-9a-f]{32}$/;

function table(field: Field): ManifestTable {
  const chunks = field.get('chunks').list(
    (f): Chunk => ({
      ...storedFile(f),
      rows: f.get('rows').count(),
      rowsum: f.get('rowsum').pattern(rowsum),
      range: f.get('range').orNull(r => r.string()),
      readAt: f.get('readAt').orNull(r => r.string()),
    }),
  );
  const rows = field.get('rows');
  const total = chunks.reduce((sum, chunk) => sum + chunk.rows, 0);
  if (rows.count() !== total) throw rows.wrong(`is ${rows.count()}, but its chunks have ${total}`);
  return {
    schema: field.get('schema').string(),
    name: field.get('name').string(),
    columns: field.get('columns').list(f => f.string()),
    identity: field.get('identity').flag(),
    rows: total,
    rowsum: field.get('rowsum').pattern(rowsum),
    chunks,
  };
}

const severities: readonly Severity[] = ['info', 'rewritten', 'dropped', 'blocker'];

/** Whether the table's vectors are text as their server wrote it: the export noted it of each column. */
export function hasTextVectors({ findings }: Manifest, { schema, name }: QualifiedName): boolean {
  const columns = `${quoteQualified(schema, name)}.`;
  return findings.some(f => f.rule === 'vector-text' && f.object.startsWith(columns));
}

function finding(field: Field): Finding {
  const plain = {
    rule: field.get('rule').string(),
    severity: field.get('severity').oneOf(severities),
    object: field.get('object').string(),
    message: field.get('message').string(),
  };
  return field.has('line') ? { ...plain, line: field.get('line').count() } : plain;
}

/** Two entries for one file would load it twice. Case does not count: it does not on every file system. */
function checkPaths(root: Field, manifest: Manifest): void {
  const seen = new Set<string>([manifestFile]);
  for (const { path } of [...manifest.scripts, ...manifest.tables.flatMap(t => t.chunks)]) {
    const key = path.toLowerCase();
    if (seen.has(key)) throw root.wrong(`names the file ${path} twice`);
    seen.add(key);
  }
}

/** The same for the same chunks only. */
export function identityOf({ tables }: Manifest): string {
  const hash = createHash('sha256');
  for (const { schema, name, chunks } of tables)
    for (const { path, sha256 } of chunks) hash.update(JSON.stringify([schema, name, path, sha256]));
  return hash.digest('base64');
}
