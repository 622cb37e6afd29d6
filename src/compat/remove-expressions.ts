import type { Column } from '../model/column.ts';
import type { Database } from '../model/database.ts';
import type { Table } from '../model/table.ts';
import type { IndexColumn } from '../model/table-index.ts';
import type { TableType } from '../model/table-type.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import type { Report } from './rule.ts';

/** Whether an expression can't go to the target; the judge reports it with the object's quoted name. */
export type Judge = (object: string, text: string) => boolean;

/** Takes out defaults, checks, computed columns and filtered indexes whose expression the judge refuses, and what rests on them. */
export function removeExpressions(database: Database, refuses: Judge, report: Report): Database {
  const tables = database.tables.map(table => fit(table, refuses, report));
  return {
    ...database,
    tables: tables.every((t, i) => t === database.tables[i]) ? database.tables : tables,
    tableTypes: database.tableTypes.map(type => fitType(type, refuses)),
  };
}

function fit(table: Table, refuses: Judge, report: Report): Table {
  const object = quoteQualified(table.schema, table.name);
  const columns = fitColumns(table.columns, object, refuses);
  const checks = table.checks.filter(c => !refuses(`${object}.${quoteName(c.name)}`, c.expression));
  const indexes = table.indexes.filter(i => i.filter === null || !refuses(`${object}.${quoteName(i.name)}`, i.filter));
  if (columns === table.columns && checks.length === table.checks.length && indexes.length === table.indexes.length)
    return table;
  return withoutLostColumns({ ...table, columns, checks, indexes }, table.columns, object, report);
}

function fitType(type: TableType, refuses: Judge): TableType {
  const object = quoteQualified(type.schema, type.name);
  const columns = fitColumns(type.columns, object, refuses);
  const checks = type.checks.filter(c => !refuses(object, c.expression));
  return columns === type.columns && checks.length === type.checks.length ? type : { ...type, columns, checks };
}

function fitColumns(columns: readonly Column[], object: string, refuses: Judge): readonly Column[] {
  const fitted = columns.flatMap((column): Column[] => {
    const name = `${object}.${quoteName(column.name)}`;
    if (column.computed && refuses(name, column.computed.expression)) return [];
    if (column.default && refuses(name, column.default.expression)) return [{ ...column, default: null }];
    return [column];
  });
  return fitted.length === columns.length && fitted.every((c, i) => c === columns[i]) ? columns : fitted;
}

/** Keys, indexes and foreign keys on a column that is gone. */
function withoutLostColumns(table: Table, before: readonly Column[], object: string, report: Report): Table {
  const lost = new Set(before.map(c => c.name).filter(name => !table.columns.some(c => c.name === name)));
  if (lost.size === 0) return table;
  const keep =
    <T extends { name: string }>(columnsOf: (item: T) => readonly string[]) =>
    (item: T): boolean => {
      const column = columnsOf(item).find(name => lost.has(name));
      if (column === undefined) return true;
      report('blocker', `${object}.${quoteName(item.name)}`, `rests on column ${quoteName(column)}, which is left out`);
      return false;
    };
  const names = (columns: readonly IndexColumn[]) => columns.map(c => c.name);
  return {
    ...table,
    keys: table.keys.filter(keep(k => names(k.columns))),
    indexes: table.indexes.filter(keep(i => [...names(i.columns), ...i.included])),
    foreignKeys: table.foreignKeys.filter(keep(k => k.columns)),
  };
}
