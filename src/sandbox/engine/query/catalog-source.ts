/** Catalog views as sources: rows come from SQLite, values from its forms. */

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { CatalogView } from '../catalog-access.ts';
import { collationNamed } from '../types/collation.ts';
import { parseMoment } from '../types/date-text.ts';
import { valueOfMoment } from '../types/date-time.ts';
import { parseDecimal, rescale } from '../types/decimal.ts';
import {
  decimalType,
  isBytes,
  isDateTime,
  isDecimal,
  isInteger,
  isMoney,
  nvarcharType,
  type SqlType,
  sqlType,
  types,
  varbinaryType,
} from '../types/sql-type.ts';
import { type Value, Variant } from '../types/values.ts';
import type { Run, SessionView } from './runtime.ts';
import type { SourceColumn, TableSource } from './table-source.ts';

/** Catalog columns of fixed collation (sys.all_columns shows Latin1_General_CI_AS_KS_WS; on the wire 0904100000). */
export const catalogCollation = collationNamed('Latin1_General_CI_AS_KS_WS');

type SqliteValue = string | number | bigint | Uint8Array | null;

/** From a form of SQLite (see CatalogView) to a value. */
export function fromSqlite(type: SqlType, session: SessionView): (value: SqliteValue) => Value {
  switch (type.name) {
    case 'bit':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'float':
    case 'real':
      return v => (v === null ? null : Number(v));
    case 'bigint':
      return v => (v === null ? null : BigInt(v as number));
    default:
  }
  if (isDecimal(type) || isMoney(type)) {
    const scale = isMoney(type) ? 4 : type.scale;
    return v => {
      if (v === null) return null;
      const parsed = parseDecimal(String(v))!;
      return rescale(parsed.unscaled, parsed.scale, scale);
    };
  }
  if (isDateTime(type))
    return v => {
      if (v === null) return null;
      const moment = parseMoment(String(v), 'ymd', false);
      return moment && moment !== 'outside' ? valueOfMoment(moment, type) : null;
    };
  if (isBytes(type))
    return v => (v === null ? null : typeof v === 'string' ? Buffer.from(v, 'hex') : (v as Uint8Array));
  if (type.name === 'uniqueidentifier') return v => (v === null ? null : String(v).toUpperCase());
  if (type.name === 'sql_variant') {
    const { databaseCollation } = session.settings;
    return v => {
      if (v === null) return null;
      if (typeof v === 'bigint')
        return v >= -2147483648n && v <= 2147483647n ? new Variant(types.int, Number(v)) : new Variant(types.bigint, v);
      if (typeof v === 'number')
        return Number.isInteger(v)
          ? Math.abs(v) < 2147483648
            ? new Variant(types.int, v)
            : new Variant(types.bigint, BigInt(v))
          : new Variant(types.float, v);
      if (typeof v === 'string') {
        if (v.startsWith('{"$type":')) {
          const { $type, value } = JSON.parse(v) as { $type: string; value: string };
          const match = /^(\w+)(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec($type)!;
          const base: SqlType =
            match[1] === 'decimal' || match[1] === 'numeric'
              ? decimalType(Number(match[2] ?? 18), Number(match[3] ?? 0), match[1])
              : sqlType(
                  {
                    schema: null,
                    name: match[1]!,
                    ...(match[2] ? { [isFractional(match[1]!) ? 'scale' : 'length']: Number(match[2]) } : {}),
                  },
                  databaseCollation,
                );
          const inner = fromSqlite(base, session)(value);
          return inner === null ? null : new Variant(base, inner as Exclude<Value, null | Variant>);
        }
        return new Variant(nvarcharType(Math.max(1, v.length), databaseCollation), v);
      }
      return new Variant(varbinaryType(Math.max(1, v.length)), v);
    };
  }
  if (type.name === 'char' || type.name === 'nchar')
    return v => (v === null ? null : String(v).padEnd(type.length, ' '));
  return v => (v === null ? null : String(v));
}

const isFractional = (name: string): boolean => ['time', 'datetime2', 'datetimeoffset'].includes(name);

const sources = new WeakMap<CatalogView, TableSource>();
const statements = new WeakMap<DatabaseSync, Map<string, StatementSync[]>>();

export function catalogSource(view: CatalogView, session: SessionView): TableSource {
  let source = sources.get(view);
  if (!source) sources.set(view, (source = makeSource(view, session)));
  return source;
}

function makeSource(view: CatalogView, session: SessionView): TableSource {
  const columns: SourceColumn[] = view.columns.map(c => ({
    name: c.name,
    type: sqlType(c.type, c.collation === 'catalog' ? catalogCollation : session.settings.databaseCollation, 1),
    nullable: c.nullable,
    flags: c.wireFlags ?? (c.nullable ? 9 : 8),
    identity: false,
    rowGuid: false,
  }));
  const decode = columns.map(c => fromSqlite(c.type, session));
  const quoted = view.columns.map(c => `"${c.sqliteName.replaceAll('"', '""')}"`);
  return {
    schema: view.schema,
    name: view.name,
    columns,
    *scan(run: Run, needed: readonly number[], equals) {
      view.refresh?.();
      const { sqlite } = run.session.catalog;
      let sql = `SELECT ${needed.length === 0 ? '1' : needed.map(i => quoted[i]).join(', ')} FROM ${view.from}`;
      const parameters: SQLInputValue[] = [...view.fromParameters];
      if (
        equals &&
        isInteger(columns[equals.column]!.type) &&
        (typeof equals.value === 'number' || typeof equals.value === 'bigint')
      ) {
        sql += ` WHERE ${quoted[equals.column]} = ?`;
        parameters.push(equals.value);
      }
      const pool = poolOf(sqlite, sql);
      const statement = pool.pop() ?? prepare(sqlite, sql);
      const decoders = needed.map(i => decode[i]!);
      // Read whole: no cursor may be open while other statements, of other sessions too, change the catalog.
      const rows = statement.all(...parameters) as unknown as SqliteValue[][];
      pool.push(statement);
      for (const row of rows) {
        for (let i = 0; i < decoders.length; i++) row[i] = decoders[i]!(row[i]!) as SqliteValue;
        yield row as Value[];
      }
    },
  };
}

function prepare(sqlite: DatabaseSync, sql: string): StatementSync {
  const statement = sqlite.prepare(sql);
  statement.setReturnArrays(true);
  statement.setReadBigInts(false);
  return statement;
}

function poolOf(sqlite: DatabaseSync, sql: string): StatementSync[] {
  let bySql = statements.get(sqlite);
  if (!bySql) statements.set(sqlite, (bySql = new Map()));
  let pool = bySql.get(sql);
  if (!pool) bySql.set(sql, (pool = []));
  return pool;
}
