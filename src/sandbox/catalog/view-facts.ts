/** What is known of each catalog view: columns, declared types, first version. Read from catalog-views.json. */
import type { DataType } from '../../model/data-type.ts';
import facts from './catalog-views.json' with { type: 'json' };

export interface ColumnFacts {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** First version with the column. */
  readonly since: number;
  /** Stored code → its description, without version notes. */
  readonly values: ReadonlyMap<string, string> | null;
}

export interface ViewFacts {
  /** `sys`, `INFORMATION_SCHEMA`, or `msdb.dbo` for tables of msdb. */
  readonly schema: string;
  readonly name: string;
  readonly since: number;
  readonly columns: readonly ColumnFacts[];
}

interface RawColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable?: boolean;
  readonly since?: number;
  readonly values?: Readonly<Record<string, string>>;
}
interface RawView {
  readonly since: number;
  readonly columns: readonly RawColumn[];
}

/** `nvarchar(60)`, `numeric(25,0)`, `varbinary(max)`, `int` → the model's form. */
export function parseDeclaredType(text: string): DataType {
  const match = /^(\w+)\s*(?:\(\s*(\w+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(text.trim().toLowerCase());
  if (!match) throw new Error(`unreadable type ${text}`);
  const [, name = '', first, second] = match;
  switch (name) {
    case 'char':
    case 'varchar':
    case 'nchar':
    case 'nvarchar':
    case 'binary':
    case 'varbinary':
      return { schema: null, name, length: first === 'max' ? 'max' : Number(first ?? 1) };
    case 'decimal':
    case 'numeric':
      return { schema: null, name, precision: Number(first ?? 18), scale: Number(second ?? 0) };
    case 'time':
    case 'datetime2':
    case 'datetimeoffset':
      return { schema: null, name, scale: Number(first ?? 7) };
    default:
      return { schema: null, name };
  }
}

function readColumn(raw: RawColumn, view: RawView): ColumnFacts {
  const values = raw.values
    ? new Map(Object.entries(raw.values).map(([code, text]) => [code, text.replace(/\s*\([^)]*\)$/, '')]))
    : null;
  return {
    name: raw.name,
    type: parseDeclaredType(raw.type),
    nullable: raw.nullable ?? true,
    since: raw.since ?? view.since,
    values,
  };
}

function readViews(): readonly ViewFacts[] {
  const views: ViewFacts[] = [];
  for (const [key, value] of Object.entries(facts as unknown as Record<string, unknown>)) {
    if (key === '_about') continue;
    const raw = value as RawView;
    const dot = key.lastIndexOf('.');
    views.push({
      schema: key.slice(0, dot),
      name: key.slice(dot + 1),
      since: raw.since,
      columns: raw.columns.map(c => readColumn(c, raw)),
    });
  }
  return views;
}

/** Every view of every version, in the file's order. */
export const viewFacts: readonly ViewFacts[] = readViews();

const byName = new Map(viewFacts.map(v => [`${v.schema}.${v.name}`.toLowerCase(), v]));

/** `sys.tables` in any case. */
export function viewNamed(name: string): ViewFacts | undefined {
  return byName.get(name.toLowerCase());
}
