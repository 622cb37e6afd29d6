/** What differs between the definitions of two databases. */

import type { Database } from '../model/database.ts';
import { Alternatives, type Comparable, type ComparableObject, comparableObjects } from './comparable.ts';

export interface SchemaDifference {
  readonly kind: string;
  /** Quoted name of the object. */
  readonly object: string;
  /** `missing` and `extra` are seen from the first database: what the second one lacks or has besides. */
  readonly difference: 'missing' | 'extra' | 'different';
  /** Where in the object, `columns.[Name].type`; null for the object as a whole. */
  readonly path: string | null;
  /** Values of both sides as text; null where there is none. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface SchemaComparison {
  readonly differences: readonly SchemaDifference[];
  /** Objects that were compared. */
  readonly objects: number;
}

export interface SchemaCompareOptions {
  /** Whether the database itself (options, collation, filegroups) counts, too. Default true. */
  readonly databaseProperties?: boolean;
  /** Options that only one side names are no difference where that side is a script, which need not name all. */
  readonly partialOptions?: boolean;
}

/** Differences of two models, by object in the order of their names. */
export function compareSchemas(from: Database, to: Database, options: SchemaCompareOptions = {}): SchemaComparison {
  const left = comparableObjects(from);
  const right = comparableObjects(to);
  const differences: SchemaDifference[] = [];
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort();
  for (const key of keys) {
    const a = left.get(key);
    const b = right.get(key);
    const { kind, object } = (a ?? b)!;
    if (options.databaseProperties === false && (kind === 'database' || kind === 'filegroup')) continue;
    const add = (difference: SchemaDifference['difference'], path: string | null, x: Comparable, y: Comparable) =>
      differences.push({ kind, object, difference, path, from: textOf(x), to: textOf(y) });
    if (!b) add('missing', null, whole(a!), null);
    else if (!a) add('extra', null, null, whole(b));
    else if (kind === 'database' && options.partialOptions) {
      const { options: x = {}, ...restA } = a.properties;
      const { options: y = {}, ...restB } = b.properties;
      compare(restA, restB, '', add);
      compare(shared(x, y), shared(y, x), 'options', add);
    } else if (kind === 'database') compare(a.properties, withoutDefaults(a.properties, b.properties), '', add);
    else compare(a.properties, b.properties, '', add);
  }
  return { differences, objects: left.size };
}

type Properties = ComparableObject['properties'];

/** What servers from 2016 on give every new database (ALTER DATABASE SET TARGET_RECOVERY_TIME), where older ones have 0. */
const newDatabases: Readonly<Record<string, string>> = { TARGET_RECOVERY_TIME: '60 SECONDS' };

/** Without the options that a newer server gives every new database, and that the first side has not. */
function withoutDefaults(from: Properties, to: Properties): Properties {
  const { options: x = {}, ...rest } = to;
  const known = from.options ?? {};
  if (!isRecord(x) || !isRecord(known)) return to;
  const options = Object.entries(x).filter(([name]) => name in known || x[name] !== newDatabases[name]);
  return { ...rest, options: Object.fromEntries(options) };
}

/** Of an object that has no parts worth naming, its one property. */
function whole(object: ComparableObject): Comparable {
  const entries = Object.entries(object.properties).filter(([, v]) => typeof v === 'string');
  return object.kind === 'permission' || object.kind === 'extended property'
    ? entries.map(([name, value]) => `${name}: ${String(value)}`).join(', ')
    : null;
}

function shared(a: Comparable, b: Comparable): Comparable {
  if (!isRecord(a) || !isRecord(b)) return a;
  return Object.fromEntries(Object.entries(a).filter(([name]) => name in b));
}

type Add = (difference: SchemaDifference['difference'], path: string | null, a: Comparable, b: Comparable) => unknown;

function compare(a: Comparable, b: Comparable, path: string, add: Add): void {
  if (a === null || b === null) return;
  if (isRecord(a) && isRecord(b)) {
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const below = path === '' ? name : `${path}.${name}`;
      const x = a[name];
      const y = b[name];
      if (x === undefined) add('extra', below, null, y!);
      else if (y === undefined) add('missing', below, x, null);
      else compare(x, y, below, add);
    }
    return;
  }
  if (a instanceof Alternatives && b instanceof Alternatives) {
    if (!a.values.some(v => b.values.includes(v))) add('different', path, a, b);
    return;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    // Columns that only one side has are named already.
    if (path.endsWith('columnOrder')) {
      const common = (x: readonly Comparable[], y: readonly Comparable[]) => x.filter(c => y.includes(c));
      if (common(a, b).join() !== common(b, a).join()) add('different', path, a, b);
      return;
    }
    if (JSON.stringify(a) !== JSON.stringify(b)) add('different', path, a, b);
    return;
  }
  if (a !== b) add('different', path, a, b);
}

function isRecord(value: Comparable): value is { readonly [property: string]: Comparable } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Alternatives);
}

function textOf(value: Comparable): string | null {
  if (value === null) return null;
  if (value instanceof Alternatives) return value.values.join(' or ');
  if (Array.isArray(value)) return value.map(v => textOf(v as Comparable) ?? '').join(', ');
  if (isRecord(value))
    return Object.entries(value)
      .map(([name, v]) => `${name} ${textOf(v) ?? '?'}`)
      .join(', ');
  return String(value);
}
