/**
 * A model in the form in which two databases are compared: one tree of plain values for each object, without what tells nothing
 * about the database itself: names that the server invented, places and sizes of files, SIDs, and what follows from something else
 * (types of computed columns, columns of views).
 */

import type { Column } from '../model/column.ts';
import type { DataSpace } from '../model/data-space.ts';
import type { Database, Filegroup } from '../model/database.ts';
import type { ForeignKey } from '../model/foreign-key.ts';
import type { Key } from '../model/key.ts';
import type { Module } from '../model/module.ts';
import type { ConstraintName, QualifiedName } from '../model/name.ts';
import type { Sequence } from '../model/sequence.ts';
import type { Table } from '../model/table.ts';
import type { IndexColumn, IndexOptions, TableIndex } from '../model/table-index.ts';
import type { User } from '../model/user.ts';
import { scriptDataType } from '../scripter/data-type.ts';
import { nextValue } from '../scripter/sequence.ts';
import { rewriteModuleHeader } from '../tsql/module-header.ts';
import { normalizeExpression } from '../tsql/normalize-expression.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { boundaryValues } from './boundary-value.ts';

/** null = not known on this side, which equals everything. */
export type Comparable =
  | string
  | number
  | boolean
  | null
  | readonly Comparable[]
  | Alternatives
  | { readonly [property: string]: Comparable };

/** A value of which the catalog does not tell which of several it is. */
export class Alternatives {
  readonly values: readonly string[];

  constructor(values: readonly string[]) {
    this.values = values;
  }
}

export interface ComparableObject {
  readonly kind: string;
  /** Quoted name, as findings have it. */
  readonly object: string;
  readonly properties: { readonly [property: string]: Comparable };
}

/** All objects of a database, by kind and name. */
export function comparableObjects(database: Database): Map<string, ComparableObject> {
  const objects = new Map<string, ComparableObject>();
  const add = (kind: string, object: string, properties: ComparableObject['properties'], key = object) => {
    objects.set(`${kind} ${key}`, { kind, object, properties });
  };
  const named = (name: QualifiedName) => quoteQualified(name.schema, name.name);
  const collation = database.properties.collation;

  add('database', 'DATABASE', databaseProperties(database));
  for (const g of database.properties.filegroups)
    if (g.name !== 'PRIMARY') add('filegroup', quoteName(g.name), filegroupProperties(g));
  for (const s of database.schemas) add('schema', quoteName(s.name), { owner: s.owner });
  for (const u of database.users) add('user', quoteName(u.name), userProperties(u));
  for (const r of database.roles) add('role', quoteName(r.name), { owner: r.owner, application: r.application });
  for (const m of database.memberships)
    add('role membership', quoteName(m.role), {}, `${quoteName(m.role)} ${quoteName(m.member)}`);
  for (const p of database.permissions) {
    const { securable } = p;
    const on = securable.name === null ? 'DATABASE' : quoteQualified(securable.schema, securable.name);
    const column = securable.columns.map(c => `.${quoteName(c)}`).join('');
    const key = `${p.permission} on ${securable.class} ${on}${column} to ${quoteName(p.grantee)}`;
    add('permission', on, { [`${p.permission} to ${quoteName(p.grantee)}`]: p.state, grantor: p.grantor }, key);
  }
  for (const t of database.aliasTypes)
    add('type', named(t), {
      type: scriptDataType(t.baseType),
      nullable: t.nullable,
      default: nameOf(t.boundDefault),
      rule: nameOf(t.boundRule),
      owner: ownerOf(t.owner),
    });
  for (const t of database.tableTypes)
    add('table type', named(t), {
      columns: columnProperties(t.columns, collation),
      keys: list(t.keys, keyName, keyProperties),
      checks: list(t.checks, checkName, c => ({ expression: normalizeExpression(c.expression) })),
      owner: ownerOf(t.owner),
    });
  for (const c of database.xmlSchemaCollections)
    add('xml schema collection', named(c), { definition: c.definition, owner: ownerOf(c.owner) });
  for (const f of database.partitionFunctions)
    add('partition function', quoteName(f.name), {
      type: scriptDataType(f.type),
      boundaryOnRight: f.boundaryOnRight,
      boundaries: boundaryValues(f.boundaries, f.type),
    });
  for (const s of database.partitionSchemes)
    add('partition scheme', quoteName(s.name), {
      function: s.partitionFunction,
      filegroups: s.filegroups,
      nextUsed: s.nextUsed ?? '',
    });
  for (const s of database.sequences) add('sequence', named(s), sequenceProperties(s));
  for (const s of database.synonyms) add('synonym', named(s), { for: s.baseObject, owner: ownerOf(s.owner) });
  for (const t of database.tables) add('table', named(t), tableProperties(t, collation));
  for (const v of database.views)
    add('view', named(v), {
      ...moduleProperties(v),
      indexes: list(v.indexes, i => quoteName(i.name), indexProperties),
    });
  for (const f of database.functions) add('function', named(f), moduleProperties(f));
  for (const p of database.procedures)
    add('procedure', named(p), {
      ...moduleProperties(p),
      startup: p.startup,
      numbered: Object.fromEntries(p.numbered.map(n => [String(n.number), n.definition])),
    });
  for (const t of database.triggers)
    add('trigger', named(t), {
      ...moduleProperties(t),
      on: quoteQualified(t.parent.schema, t.parent.name),
      disabled: t.disabled,
      first: t.first,
      last: t.last,
    });
  for (const r of database.rules) add('rule', named(r), moduleProperties(r));
  for (const d of database.defaults) add('default', named(d), moduleProperties(d));
  for (const p of database.extendedProperties) {
    const on = p.levels.length === 0 ? 'DATABASE' : p.levels.map(l => quoteName(l.name)).join('.');
    const key = [...p.levels.map(l => `${l.type} ${quoteName(l.name)}`), quoteName(p.name)].join('.');
    add('extended property', on, { [p.name]: p.value }, key);
  }
  return objects;
}

function databaseProperties({ properties }: Database): ComparableObject['properties'] {
  return {
    collation: properties.collation,
    compatibilityLevel: properties.compatibilityLevel,
    containment: properties.containment,
    options: properties.options,
  };
}

function filegroupProperties(g: Filegroup): ComparableObject['properties'] {
  return { kind: g.kind, default: g.isDefault, readOnly: g.readOnly };
}

/** Whether a Windows account is a person or a group only the server knows; a group's default schema is its own affair. */
function userProperties(u: User): ComparableObject['properties'] {
  const windows = u.kind === 'windows' || u.kind === 'windowsGroup';
  const schema = u.defaultSchema ?? 'dbo';
  return { kind: windows ? 'windows' : u.kind, login: u.login, defaultSchema: schema };
}

/** The value that it gives out next; before 2017 the catalog does not tell whether the current one was given out yet. */
function sequenceProperties(s: Sequence): ComparableObject['properties'] {
  const next = nextValue(s) ?? s.current;
  return {
    type: scriptDataType(s.type),
    increment: s.increment,
    minimum: s.minimum,
    maximum: s.maximum,
    cycle: s.cycle,
    cacheSize: s.cacheSize ?? 'NO CACHE',
    next: new Alternatives(s.used === null ? [s.current, next] : [next]),
    owner: ownerOf(s.owner),
  };
}

/** The header's verb and name are those of now: sp_rename leaves the old name in the text, and a script corrects it. */
function moduleProperties(m: Module & { readonly schemaBound?: boolean }): ComparableObject['properties'] {
  return {
    text:
      m.definition === null
        ? null
        : rewriteModuleHeader(m.definition, { verb: 'CREATE', schema: m.schema, name: m.name }),
    ansiNulls: m.ansiNulls,
    quotedIdentifier: m.quotedIdentifier,
    owner: ownerOf(m.owner),
  };
}

function tableProperties(t: Table, collation: string | null): ComparableObject['properties'] {
  return {
    columns: columnProperties(t.columns, collation),
    columnOrder: t.columns.map(c => quoteName(c.name)),
    keys: list(t.keys, keyName, keyProperties),
    foreignKeys: list(t.foreignKeys, foreignKeyName, foreignKeyProperties),
    checks: list(t.checks, checkName, c => ({
      expression: normalizeExpression(c.expression),
      notForReplication: c.notForReplication,
      disabled: c.disabled,
      trusted: c.trusted,
    })),
    indexes: list(t.indexes, i => quoteName(i.name), indexProperties),
    filegroup: spaceName(t.dataSpace),
    lobFilegroup: t.lobDataSpace ?? '',
    filestreamFilegroup: t.filestreamDataSpace ?? '',
    ansiNulls: t.ansiNulls,
    lockEscalation: t.lockEscalation,
    compression: compressionText(t.compression),
    owner: ownerOf(t.owner),
  };
}

function columnProperties(columns: readonly Column[], collation: string | null): Comparable {
  return list(
    columns,
    c => quoteName(c.name),
    (c): Comparable => {
      if (c.computed) {
        const { persisted } = c.computed;
        return { computed: normalizeExpression(c.computed.expression), persisted };
      }
      return {
        type: scriptDataType(c.type),
        nullable: c.nullable,
        // A script may leave the collation out where it is the database's.
        collation: c.collation === null || c.collation === collation ? '(of the database)' : c.collation,
        identity: c.identity
          ? {
              seed: c.identity.seed,
              increment: c.identity.increment,
              notForReplication: c.identity.notForReplication,
              lastValue: c.identity.lastValue,
            }
          : 'none',
        default: c.default
          ? {
              name: c.default.systemNamed ? '' : c.default.name,
              expression: normalizeExpression(c.default.expression),
            }
          : 'none',
        rowGuid: c.rowGuid,
        sparse: c.sparse,
        columnSet: c.columnSet,
        filestream: c.filestream,
        ansiPadded: c.ansiPadded,
        boundDefault: nameOf(c.boundDefault),
        boundRule: nameOf(c.boundRule),
      };
    },
  );
}

/** By name; of equal names, as constraints without one may have, each counts. */
function list<T>(items: readonly T[], name: (item: T) => string, properties: (item: T) => Comparable): Comparable {
  const result: Record<string, Comparable> = {};
  for (const item of items) {
    const wanted = name(item);
    let key = wanted;
    for (let n = 2; key in result; n++) key = `${wanted} (${n})`;
    result[key] = properties(item);
  }
  return result;
}

/** What a constraint is told by: its name, or what it says where the server named it. */
function constraintName(constraint: ConstraintName, otherwise: string): string {
  return constraint.systemNamed || constraint.name === '' ? otherwise : quoteName(constraint.name);
}

function keyName(k: Key): string {
  return constraintName(k, `${k.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE'} ${indexColumns(k.columns)}`);
}

function foreignKeyName(k: ForeignKey): string {
  const columns = k.columns.map(quoteName).join(', ');
  return constraintName(k, `FOREIGN KEY (${columns}) REFERENCES ${nameOf(k.referencedTable)}`);
}

function checkName(c: Table['checks'][number]): string {
  return constraintName(c, `CHECK ${normalizeExpression(c.expression)}`);
}

function keyProperties(k: Key): Comparable {
  return {
    kind: k.kind,
    clustered: k.clustered,
    columns: indexColumns(k.columns),
    ...optionProperties(k.options),
    filegroup: spaceName(k.dataSpace),
    disabled: k.disabled,
  };
}

function indexProperties(i: TableIndex): Comparable {
  return {
    unique: i.unique,
    clustered: i.clustered,
    columns: indexColumns(i.columns),
    included: i.included.map(quoteName),
    filter: i.filter === null ? '' : normalizeExpression(i.filter, { form: 'filter' }),
    ...optionProperties(i.options),
    filegroup: spaceName(i.dataSpace),
    disabled: i.disabled,
  };
}

function optionProperties({ compression, ...options }: IndexOptions): { readonly [property: string]: Comparable } {
  return { ...options, compression: compressionText(compression) };
}

function foreignKeyProperties(k: ForeignKey): Comparable {
  return {
    columns: k.columns.map(quoteName),
    references: `${nameOf(k.referencedTable)} (${k.referencedColumns.map(quoteName).join(', ')})`,
    onDelete: k.onDelete,
    onUpdate: k.onUpdate,
    notForReplication: k.notForReplication,
    disabled: k.disabled,
    trusted: k.trusted,
  };
}

function indexColumns(columns: readonly IndexColumn[]): string {
  return `(${columns.map(c => quoteName(c.name) + (c.descending ? ' DESC' : '')).join(', ')})`;
}

function compressionText(compression: IndexOptions['compression']): string {
  return compression
    .map(c => (c.partitions.length > 0 ? `${c.kind} on ${c.partitions.join(', ')}` : c.kind))
    .join('; ');
}

function spaceName(space: DataSpace | null): string {
  if (space === null) return '(default)';
  return quoteName(space.name) + (space.partitionColumn === null ? '' : `(${quoteName(space.partitionColumn)})`);
}

function nameOf(name: QualifiedName | null): string {
  return name === null ? '' : quoteQualified(name.schema, name.name);
}

function ownerOf(owner: string | null): string {
  return owner ?? '(of the schema)';
}
