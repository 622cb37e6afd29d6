import { type HeaderMarker, type Marker, parseMarker, type TableMarker } from '../archive/marker.ts';
import { openScriptFile } from '../archive/script-input.ts';
import type { Target } from '../compat/rule.ts';
import { parseTargetVersion, versionNumber } from '../compat/version.ts';
import type { Database } from '../model/database.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { QualifiedName } from '../model/name.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { readScript } from '../tsql/read-script.ts';
import type { MarkerPiece } from '../tsql/script-piece.ts';
import { type CountedTable, mergeCounted, ScriptRows } from './script-rows.ts';
import { type Side, type TableSum, tableKey } from './side.ts';

export interface ScriptSideOptions {
  readonly encoding?: string;
  /** Counts and sums the script's rows instead of believing what it says of them. */
  readonly recount: boolean;
}

/**
 * A script: its statements make the model, its table markers (or its rows) the sums. The script is read once, and never held.
 * @throws XpdbError for a script of xpdb without its trailer, which is incomplete
 */
export async function openScriptSide(path: string, options: ScriptSideOptions): Promise<Side> {
  const input = await openScriptFile(path, options.encoding);
  const markers: Marker[] = [];
  const rows = new ScriptRows(options.recount);
  const database = await readScript(input.text(), {
    file: path,
    visitor: {
      marker: piece => markers.push(...readMarker(piece)),
      insertHead: piece => rows.head(piece),
      insertRow: (text, start, end) => rows.row(text, start, end),
      batchEnd: count => rows.batchEnd(count),
      otherInsert: table => rows.uncounted({ schema: table.schema ?? 'dbo', name: table.name }),
    },
  });
  const header = markers.find((m): m is HeaderMarker => m.kind === 'header') ?? null;
  if (header && !markers.some(m => m.kind === 'trailer')) {
    throw new XpdbError(`${path} is incomplete: its trailer is missing`, {
      hint: 'the export did not end, or the file was cut',
    });
  }
  const counted = header && !options.recount ? statedSums(markers) : countedSums(rows, database);
  const textVectors = new Set(
    markers.filter(m => m.kind === 'table' && m.vectors === 'text').map(m => tableKey(m as TableMarker)),
  );
  const collation = database.properties.collation ?? header?.source.collation ?? null;
  return {
    kind: 'script',
    label: path,
    target: header ? targetOf(header.target) : null,
    database: { ...database, properties: { ...database.properties, collation } },
    findings: [],
    sumForm: 'text',
    sumColumns: table => counted.get(tableKey(table))?.columns,
    textVectors: table => textVectors.has(tableKey(table)),
    sendTextVectors: null,
    connection: null,
    sum: ({ table }) => {
      const sum = counted.get(tableKey(table));
      if (!sum) throw new XpdbError(`${path} has no rows of ${quoteQualified(table.schema, table.name)}`);
      return sum;
    },
    readRows: null,
    close: async () => undefined,
  };
}

function readMarker(piece: MarkerPiece): Marker[] {
  try {
    const marker = parseMarker(piece.text);
    return marker ? [marker] : [];
  } catch (cause) {
    throw new XpdbError('a marker of xpdb is damaged', { position: piece.position, cause });
  }
}

function statedSums(markers: readonly Marker[]): Map<string, TableSum> {
  const tables = markers.filter((m): m is TableMarker => m.kind === 'table');
  return new Map(tables.map(t => [tableKey(t), { rows: t.rows, rowsum: t.rowsum, columns: t.columns }]));
}

function countedSums(rows: ScriptRows, database: Database): Map<string, TableSum> {
  const counted = new Map<string, CountedTable>();
  for (const table of rows.tables()) {
    const key = tableKey(ownName(table, database));
    const known = counted.get(key);
    counted.set(key, known ? mergeCounted(known, table) : table);
  }
  return new Map(
    [...counted]
      .filter(([, t]) => !Number.isNaN(t.rows))
      .map(([key, t]) => [key, { rows: t.rows, rowsum: t.rowsum, columns: t.columns ?? [] }]),
  );
}

/** A statement may write a table's name in another case, where the database is one in which that does not matter. */
function ownName(name: QualifiedName, { tables }: Database): QualifiedName {
  const key = tableKey(name);
  const alike = tables.filter(t => tableKey(t).toLowerCase() === key.toLowerCase());
  const [only] = alike;
  return only && alike.length === 1 ? only : name;
}

/** @throws XpdbError for a version that this xpdb does not know */
export function targetOf(text: string): Target {
  const version = parseTargetVersion(text);
  if (!version) {
    throw new XpdbError(`the version ${text} is not known to this xpdb`, {
      hint: 'use a newer xpdb',
      exitCode: ExitCode.usage,
    });
  }
  return { version, number: versionNumber(version), edition: null };
}
