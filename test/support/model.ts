import type { CheckConstraint } from '../../src/model/check-constraint.ts';
import type { Column } from '../../src/model/column.ts';
import type { DataType } from '../../src/model/data-type.ts';
import type { Database } from '../../src/model/database.ts';
import type { ForeignKey } from '../../src/model/foreign-key.ts';
import type { UserFunction } from '../../src/model/function.ts';
import type { Key } from '../../src/model/key.ts';
import { emptyDatabase, emptyProperties } from '../../src/model/look-up.ts';
import type { Module } from '../../src/model/module.ts';
import type { Procedure } from '../../src/model/procedure.ts';
import type { Sequence } from '../../src/model/sequence.ts';
import type { Table } from '../../src/model/table.ts';
import { defaultIndexOptions, type TableIndex } from '../../src/model/table-index.ts';
import type { Trigger } from '../../src/model/trigger.ts';
import type { View } from '../../src/model/view.ts';

/** Small models for tests: everything that is not said has its plainest value. */
export function database(parts: Partial<Database> = {}): Database {
  return { ...emptyDatabase, properties: { ...emptyProperties, name: 'Telephony' }, ...parts };
}

export const int: DataType = { schema: null, name: 'int' };
export const text = (length: number | 'max', name = 'varchar'): DataType => ({ schema: null, name, length });

export function column(name: string, type: DataType = int, more: Partial<Column> = {}): Column {
  return {
    name,
    type,
    nullable: true,
    collation: null,
    identity: null,
    computed: null,
    default: null,
    rowGuid: false,
    sparse: false,
    columnSet: false,
    filestream: false,
    ansiPadded: true,
    boundDefault: null,
    boundRule: null,
    ...more,
  };
}

export function table(name: string, columns: readonly Column[] = [column('Id')], more: Partial<Table> = {}): Table {
  return {
    schema: 'dbo',
    name,
    owner: null,
    columns,
    keys: [],
    foreignKeys: [],
    checks: [],
    indexes: [],
    dataSpace: null,
    lobDataSpace: null,
    filestreamDataSpace: null,
    ansiNulls: true,
    lockEscalation: 'TABLE',
    compression: [],
    ...more,
  };
}

export function key(name: string, columns: readonly string[], more: Partial<Key> = {}): Key {
  return {
    name,
    systemNamed: false,
    kind: 'primaryKey',
    clustered: true,
    columns: columns.map(c => ({ name: c, descending: false })),
    options: defaultIndexOptions,
    dataSpace: null,
    disabled: false,
    ...more,
  };
}

export function index(name: string, columns: readonly string[], more: Partial<TableIndex> = {}): TableIndex {
  return {
    name,
    unique: false,
    clustered: false,
    columns: columns.map(c => ({ name: c, descending: false })),
    included: [],
    filter: null,
    options: defaultIndexOptions,
    dataSpace: null,
    filestreamDataSpace: null,
    disabled: false,
    ...more,
  };
}

export function module(name: string, definition: string | null, more: Partial<Module> = {}): Module {
  return { schema: 'dbo', name, owner: null, definition, ansiNulls: true, quotedIdentifier: true, ...more };
}

export function view(name: string, definition: string | null, more: Partial<View> = {}): View {
  return { ...module(name, definition), schemaBound: false, indexes: [], ...more };
}

export function procedure(name: string, definition: string | null, more: Partial<Procedure> = {}): Procedure {
  return { ...module(name, definition), numbered: [], startup: false, ...more };
}

export function check(name: string, expression = '(1=1)', more: Partial<CheckConstraint> = {}): CheckConstraint {
  return { name, systemNamed: false, expression, notForReplication: false, disabled: false, trusted: true, ...more };
}

export function foreignKey(name: string, to: string, more: Partial<ForeignKey> = {}): ForeignKey {
  return {
    name,
    systemNamed: false,
    columns: ['Id'],
    referencedTable: { schema: 'dbo', name: to },
    referencedColumns: ['Id'],
    onDelete: 'NO ACTION',
    onUpdate: 'NO ACTION',
    notForReplication: false,
    disabled: false,
    trusted: true,
    ...more,
  };
}

export function sequence(name: string, more: Partial<Sequence> = {}): Sequence {
  return {
    schema: 'dbo',
    name,
    owner: null,
    type: int,
    start: '1',
    increment: '1',
    minimum: '1',
    maximum: '9',
    cycle: false,
    cacheSize: null,
    current: '1',
    used: false,
    ...more,
  };
}

export function scalarFunction(name: string, definition: string, more: Partial<UserFunction> = {}): UserFunction {
  return { ...module(name, definition), kind: 'scalar', schemaBound: false, ...more };
}

/** A trigger for INSERT. */
export function trigger(name: string, on: string, definition: string, more: Partial<Trigger> = {}): Trigger {
  return {
    ...module(name, definition),
    parent: { schema: 'dbo', name: on },
    disabled: false,
    insteadOf: false,
    notForReplication: false,
    events: ['INSERT'],
    first: [],
    last: [],
    ...more,
  };
}
