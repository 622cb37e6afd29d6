import { type HeaderMarker, type Marker, parseMarker, type TableMarker } from '../archive/marker.ts';
import { openScriptFile } from '../archive/script-input.ts';
import type { Target } from '../compat/rule.ts';
import { parseTargetVersion, versionNumber } from '../compat/version.ts';
import { Rowsum } from '../data/rowsum.ts';
import type { Database } from '../model/database.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { insertableColumns } from '../scripter/table-data.ts';
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
      insertHead: piece => {
        // A script of another tool has no sums of its own.
        rows.summing ||= !markers.some(m => m.kind === 'header');
        rows.head(piece);
      },
      insertRow: (text, start, end) => rows.row(text, start, end),
      batchEnd: count => rows.batchEnd(count),
      otherInsert: (table, oneRow) => rows.other({ schema: table.schema ?? 'dbo', name: table.name }, oneRow),
    },
  });
  const header = markers.find((m): m is HeaderMarker => m.kind === 'header') ?? null;
  if (header && !markers.some(m => m.kind === 'trailer')) {
    throw new XpdbError(`${path} is incomplete: its trailer is missing`, {
      hint: 'the export did not end, or the file was cut',
    });
  }
  const counted = header && !options.recount ? statedSums(markers) : countedSums(rows, database, markers);
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

/** @param markers name the tables of which the script should have rows, even where it has none */
function countedSums(rows: ScriptRows, database: Database, markers: readonly Marker[]): Map<string, TableSum> {
  const counted = new Map<string, CountedTable>();
  const byName = Map.groupBy(database.tables, t => tableKey(t).toLowerCase());
  for (const table of rows.tables()) {
    // A statement may write a table's name in another case, where the database is one in which that does not matter.
    const alike = byName.get(tableKey(table).toLowerCase()) ?? [];
    const key = tableKey(alike.length === 1 ? alike[0]! : table);
    const known = counted.get(key);
    counted.set(key, known ? mergeCounted(known, table) : table);
  }
  const sums = new Map<string, TableSum>(
    [...statedSums(markers)].map(([key, { columns }]) => [key, { rows: 0, rowsum: new Rowsum().toString(), columns }]),
  );
  for (const [key, { rows: n, rowsum, columns }] of counted) {
    if (Number.isNaN(n)) sums.delete(key);
    else sums.set(key, { rows: n, rowsum, columns: columns ?? columnsWithoutList(key, database) });
  }
  return sums;
}

/** Columns of an INSERT that names none (documentation of INSERT: all but identity, computed and rowversion columns). */
function columnsWithoutList(key: string, { tables, aliasTypes }: Database): readonly string[] {
  const table = tables.find(t => tableKey(t) === key);
  const columns = table ? insertableColumns(table, aliasTypes) : [];
  return columns.filter(c => c.identity === null).map(c => c.name);
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
