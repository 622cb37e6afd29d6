/**
 * Models of databases at random, as a server's catalog could show them: every kind and every property, odd names among them.
 * Only what a server would refuse (two clustered indexes, an unknown column) is left out.
 */
import fc from 'fast-check';
import type { AliasType } from '../../src/model/alias-type.ts';
import type { Column, Identity } from '../../src/model/column.ts';
import type { DataSpace } from '../../src/model/data-space.ts';
import type { DataType } from '../../src/model/data-type.ts';
import type { Database, Filegroup } from '../../src/model/database.ts';
import type { ForeignKey } from '../../src/model/foreign-key.ts';
import type { Key } from '../../src/model/key.ts';
import { compareNames, comparePermissions, compareText, emptyDatabase } from '../../src/model/look-up.ts';
import type { Module } from '../../src/model/module.ts';
import type { QualifiedName } from '../../src/model/name.ts';
import type { Permission } from '../../src/model/permission.ts';
import type { Sequence } from '../../src/model/sequence.ts';
import type { Table } from '../../src/model/table.ts';
import {
  defaultIndexOptions,
  type IndexColumn,
  type IndexOptions,
  type TableIndex,
} from '../../src/model/table-index.ts';
import type { Trigger } from '../../src/model/trigger.ts';
import { quoteName, quoteQualified } from '../../src/tsql/quote.ts';

type Gen = fc.GeneratorValue;

const parts = [
  'Call',
  'order',
  'a]b',
  "it's",
  'dbo',
  'Ünï',
  'select',
  'x y',
  '.',
  '日本',
  '[',
  '"q"',
  '-- no',
  '/*',
  '$(v)',
  '_',
  '𝄞',
];

/** Names that differ in more than case. */
class Names {
  readonly #g: Gen;
  readonly #seen = new Set<string>(['dbo', 'primary', 'default']);

  constructor(g: Gen) {
    this.#g = g;
  }

  next(): string {
    const name = this.#g(() => fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 2 })).join('');
    let unique = name.trim() === '' ? 'n' : name;
    for (let i = 2; this.#seen.has(unique.toLowerCase()); i++) unique = `${name}${i}`;
    this.#seen.add(unique.toLowerCase());
    return unique;
  }
}

export const arbitraryModel: fc.Arbitrary<Database> = fc.gen().map(build);

function build(g: Gen): Database {
  const names = new Names(g);
  const flag = () => g(fc.boolean);
  const one = <T>(...items: readonly T[]): T => items[g(fc.nat, { max: items.length - 1 })]!;
  const many = <T>(max: number, make: () => T): T[] => Array.from({ length: g(fc.nat, { max }) }, make);
  const text = () =>
    g(() => fc.array(fc.constantFrom(...parts, '\r\n', ' ', '\u0000', '\\\n'), { maxLength: 3 })).join('');

  const users = many(3, () => {
    const kind = one('sql', 'withoutLogin', 'windows');
    const name = kind === 'windows' ? `DOM\\${names.next()}` : names.next();
    const login = kind === 'withoutLogin' ? null : kind === 'sql' && flag() ? names.next() : name;
    return { name, kind, login, defaultSchema: one('dbo', names.next()), sid: null } as const;
  });
  const principals = ['dbo', ...users.map(u => u.name)];
  const roles = many(2, () => ({ name: names.next(), owner: one(...principals), application: false }));
  const grantees = [...users.map(u => u.name), ...roles.map(r => r.name), 'public'];
  const schemas = many(2, () => ({ name: names.next(), owner: one(...principals) }));
  const schema = () => one('dbo', ...schemas.map(s => s.name));
  const owner = () => (flag() ? null : one(...principals));
  const named = (): QualifiedName => ({ schema: schema(), name: names.next() });
  const sorted = <T extends QualifiedName>(list: readonly T[]): T[] => [...list].sort(compareNames);

  const filegroups: Filegroup[] = [
    { name: 'PRIMARY', kind: 'rows', isDefault: true, readOnly: false, files: [file('rows')] },
    ...many(
      2,
      (): Filegroup => ({
        name: names.next(),
        kind: 'rows',
        isDefault: false,
        readOnly: flag(),
        files: flag() ? [file('rows')] : [],
      }),
    ),
  ];
  if (flag())
    filegroups.push({
      name: names.next(),
      kind: 'filestream',
      isDefault: true,
      readOnly: false,
      files: [file('filestream')],
    });
  // CREATE DATABASE lists filegroups with files, the others are added after it.
  filegroups.sort((a, b) => Number(b.files.length > 0) - Number(a.files.length > 0));
  function file(kind: 'rows' | 'log' | 'filestream') {
    return {
      logicalName: names.next(),
      physicalName: `C:\\Data\\${names.next()}`,
      kind,
      sizeKb: kind === 'filestream' ? null : one(8192, 1024, null),
      maxSizeKb: one(-1, 102400, null),
      growth:
        kind === 'filestream'
          ? null
          : one({ unit: 'KB', value: 1024 } as const, { unit: '%', value: 10 } as const, null),
    };
  }
  for (const group of filegroups)
    if (group.kind === 'filestream')
      Object.assign(group, {
        files: group.files.map(f => ({ ...f, maxSizeKb: f.maxSizeKb === -1 ? null : f.maxSizeKb })),
      });
  const rowGroups = filegroups.filter(f => f.kind === 'rows' && f.name !== 'PRIMARY').map(f => f.name);

  const partitionFunctions = many(1, () => ({
    name: names.next(),
    type: { schema: null, name: 'int' } as DataType,
    collation: null,
    boundaryOnRight: flag(),
    boundaries: one(['1', '10'], ['-5'], []),
  }));
  const partitionSchemes = partitionFunctions.map(f => ({
    name: names.next(),
    partitionFunction: f.name,
    filegroups: Array.from({ length: f.boundaries.length + 1 }, () => one('PRIMARY', ...rowGroups)),
    nextUsed: flag() ? 'PRIMARY' : null,
  }));

  const module = (name: QualifiedName, make: (quoted: string) => string): Module => ({
    ...name,
    owner: owner(),
    definition: make(quoteQualified(name.schema, name.name)),
    ansiNulls: flag(),
    quotedIdentifier: flag(),
  });
  const defaults = many(1, () => ({ ...module(named(), n => `CREATE DEFAULT ${n} AS 1`), owner: null }));
  const rules = many(1, () => ({ ...module(named(), n => `create rule ${n}\nas @v > 0 `), owner: null }));
  const bound = (list: readonly QualifiedName[]) =>
    list.length > 0 && flag() ? { schema: list[0]!.schema, name: list[0]!.name } : null;

  const aliasTypes: AliasType[] = many(2, () => ({
    ...named(),
    owner: owner(),
    baseType: one<DataType>(
      { schema: null, name: 'varchar', length: 11 },
      { schema: null, name: 'decimal', precision: 9, scale: 2 },
      { schema: null, name: 'int' },
    ),
    nullable: flag(),
    boundDefault: bound(defaults),
    boundRule: bound(rules),
  }));
  const xmlSchemaCollections = many(1, () => ({
    ...named(),
    owner: owner(),
    definition: `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>${text()}`,
  }));

  const systemTypes: readonly DataType[] = [
    ...[
      'int',
      'bigint',
      'bit',
      'money',
      'float',
      'real',
      'date',
      'datetime',
      'uniqueidentifier',
      'sql_variant',
      'ntext',
      'image',
      'hierarchyid',
      'geography',
      'sysname',
      'xml',
    ].map((name): DataType => ({ schema: null, name })),
    ...['char', 'varchar', 'nchar', 'nvarchar', 'binary', 'varbinary'].map(
      (name): DataType => ({ schema: null, name, length: 20 }),
    ),
    ...['varchar', 'nvarchar', 'varbinary'].map((name): DataType => ({ schema: null, name, length: 'max' })),
    { schema: null, name: 'decimal', precision: 38, scale: 10 },
    { schema: null, name: 'numeric', precision: 18, scale: 0 },
    ...['time', 'datetime2', 'datetimeoffset'].map((name): DataType => ({ schema: null, name, scale: 3 })),
    ...xmlSchemaCollections.map(
      (c): DataType => ({
        schema: null,
        name: 'xml',
        xmlSchemaCollection: { schema: c.schema, name: c.name },
        xmlDocument: true,
      }),
    ),
  ];
  const plain = {
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
  };
  const expressions = ['((0))', "(N'it''s')", '(getdate())', '((1)+(2))', 'newid())'].map(e =>
    e.startsWith('(') ? e : `(${e}`,
  );
  const constraint = () => (flag() ? { name: names.next(), systemNamed: false } : { name: '', systemNamed: true });

  function column(): Column {
    const alias = aliasTypes.length > 0 && g(fc.nat, { max: 5 }) === 0 ? one(...aliasTypes) : null;
    const type: DataType = alias ? { schema: alias.schema, name: alias.name } : one(...systemTypes);
    const base = alias?.baseType ?? type;
    const character = !alias && /char$/.test(type.name);
    const withDefault = flag() && g(fc.boolean);
    const padded = /^(var)?(char|binary)$/.test(type.name) && type.length !== 'max' && type.schema === null;
    const sparse =
      !withDefault && !alias && ['int', 'nvarchar', 'date'].includes(type.name) && g(fc.nat, { max: 4 }) === 0;
    return {
      ...plain,
      name: names.next(),
      type,
      nullable: sparse || flag(),
      collation: character && flag() ? 'Czech_CI_AS' : null,
      rowGuid: base.name === 'uniqueidentifier' && flag(),
      default: withDefault ? { ...constraint(), expression: one(...expressions) } : null,
      sparse,
      ansiPadded: padded ? g(fc.nat, { max: 6 }) > 0 : true,
      boundDefault: withDefault ? null : (alias?.boundDefault ?? bound(defaults)),
      boundRule: alias?.boundRule ?? bound(rules),
    };
  }
  function identityColumn(): Column {
    const identity: Identity = {
      seed: one('1', '-100'),
      increment: one('1', '-1', '10'),
      notForReplication: flag(),
      lastValue: one(null, '12345'),
    };
    return {
      ...plain,
      name: names.next(),
      type: one<DataType>({ schema: null, name: 'int' }, { schema: null, name: 'decimal', precision: 38, scale: 0 }),
      nullable: false,
      identity,
    };
  }
  function computedColumn(of: Column): Column {
    const persisted = flag();
    return {
      ...plain,
      name: names.next(),
      type: { schema: null, name: '' },
      nullable: !(persisted && flag()),
      computed: { expression: `(${quoteName(of.name)}+(1))`, persisted },
    };
  }

  const options = (clusteredCompression: boolean): IndexOptions => ({
    padIndex: flag(),
    fillFactor: one(0, 80),
    ignoreDuplicateKey: flag(),
    statisticsNoRecompute: flag(),
    allowRowLocks: flag(),
    allowPageLocks: flag(),
    compression: clusteredCompression
      ? one([], [{ kind: 'PAGE', partitions: [] }], [{ kind: 'ROW', partitions: [] }])
      : [],
  });
  const indexColumns = (columns: readonly Column[]): IndexColumn[] => {
    const first = one(...columns);
    const second = one(...columns);
    return [first, ...(second === first ? [] : [second])].map(c => ({ name: c.name, descending: flag() }));
  };
  const place = (): DataSpace | null =>
    rowGroups.length > 0 && flag() ? { name: one(...rowGroups), partitionColumn: null } : null;

  function table(): Table {
    const own = [column(), ...many(3, column)];
    const withIdentity = flag() ? [identityColumn()] : [];
    const columns = [...withIdentity, ...own, ...many(1, () => computedColumn(own[0]!))];
    const keyable = [...withIdentity, ...own];
    const partitioned = partitionSchemes.length > 0 && withIdentity.length > 0 && g(fc.nat, { max: 3 }) === 0;
    const space: DataSpace | null = partitioned
      ? { name: partitionSchemes[0]!.name, partitionColumn: withIdentity[0]!.name }
      : place();
    const clustered = one('key', 'index', 'none');
    const keys: Key[] = [];
    const indexes: TableIndex[] = [];
    if (clustered === 'key' || flag()) {
      const isClustered = clustered === 'key';
      keys.push({
        ...constraint(),
        kind: one('primaryKey', 'unique'),
        clustered: isClustered,
        columns: indexColumns(keyable),
        options: options(true),
        dataSpace: isClustered ? space : place(),
        disabled: false,
      });
    }
    if (clustered === 'index') indexes.push(index(keyable, true, space));
    indexes.push(...many(1, () => index(keyable, false, place())));
    const primary = new Set(keys.filter(k => k.kind === 'primaryKey').flatMap(k => k.columns.map(c => c.name)));
    const named = keys.map(k => (k.systemNamed ? k : { ...k, disabled: !k.clustered && flag() }));
    const checks = many(2, () => {
      const name = constraint();
      const notForReplication = flag();
      const disabled = !name.systemNamed && flag();
      return {
        ...name,
        expression: `(${quoteName(own[0]!.name)}>${one('(0)', '(1)', '(2)')})`,
        notForReplication,
        disabled,
        trusted: !disabled && !notForReplication && flag(),
      };
    });
    return {
      schema: schema(),
      name: names.next(),
      owner: owner(),
      columns: columns.map(c => (primary.has(c.name) ? { ...c, nullable: false, sparse: false } : c)),
      keys: named.sort((a, b) => compareText(a.name, b.name)),
      foreignKeys: [],
      checks: checks.sort((a, b) => compareText(a.name, b.name)),
      indexes: indexes.sort((a, b) => compareText(a.name, b.name)),
      dataSpace: space,
      lobDataSpace: rowGroups.length > 0 && flag() ? rowGroups[0]! : null,
      filestreamDataSpace: null,
      ansiNulls: flag(),
      lockEscalation: one('TABLE', 'AUTO', 'DISABLE'),
      compression: clustered === 'none' ? one([], [{ kind: 'PAGE', partitions: [] }]) : [],
    };
  }
  function index(columns: readonly Column[], clustered: boolean, dataSpace: DataSpace | null): TableIndex {
    const key = indexColumns(columns);
    const rest = columns.filter(c => !key.some(k => k.name === c.name)).map(c => c.name);
    return {
      name: names.next(),
      unique: flag(),
      clustered,
      columns: key,
      included: !clustered && rest.length > 0 && flag() ? [rest[0]!] : [],
      filter:
        !clustered && flag()
          ? `(${quoteName(columns[0]!.name)} IS NOT NULL AND ${quoteName(columns[0]!.name)}>(5))`
          : null,
      options: options(true),
      dataSpace,
      filestreamDataSpace: null,
      disabled: !clustered && flag() && flag(),
    };
  }

  const made = sorted(many(4, table));
  const tables = made.map((t): Table => {
    const target = made.find(o => o.keys.some(k => k.columns.length === 1 && !k.disabled));
    if (!target || flag()) return t;
    const key = target.keys.find(k => k.columns.length === 1 && !k.disabled)!;
    const name = constraint();
    const disabled = !name.systemNamed && flag();
    const notForReplication = flag();
    const foreignKey: ForeignKey = {
      ...name,
      columns: [t.columns[0]!.name],
      referencedTable: { schema: target.schema, name: target.name },
      referencedColumns: [key.columns[0]!.name],
      onDelete: one('NO ACTION', 'CASCADE', 'SET NULL', 'SET DEFAULT'),
      onUpdate: one('NO ACTION', 'CASCADE'),
      notForReplication,
      disabled,
      trusted: !disabled && !notForReplication && flag(),
    };
    return { ...t, foreignKeys: [foreignKey] };
  });

  const views = sorted(
    many(2, () => ({
      ...module(
        named(),
        n => `/* ${text().replace(/[*/\u0000]|\bGO\b/g, '')} */\r\nCREATE VIEW ${n} AS SELECT 1 AS [a]`,
      ),
      schemaBound: false,
      indexes: [],
    })),
  ).map(v => v);
  const schemaBoundViews = sorted(
    many(1, () => ({
      ...module(named(), n => `CREATE VIEW ${n} WITH SCHEMABINDING AS SELECT 1 AS [a]`),
      schemaBound: true,
      indexes: [
        {
          ...index([{ ...plain, name: 'a', type: { schema: null, name: 'int' }, nullable: false }], true, null),
          unique: true,
          filter: null,
          included: [],
        },
      ],
    })),
  );
  const functions = sorted([
    ...many(1, () => ({
      ...module(named(), n => `CREATE FUNCTION ${n}(@a int = 1) RETURNS int AS BEGIN RETURN @a END`),
      kind: 'scalar' as const,
      schemaBound: false,
    })),
    ...many(1, () => ({
      ...module(named(), n => `CREATE FUNCTION ${n}() RETURNS TABLE AS RETURN SELECT 1 AS a`),
      kind: 'inline' as const,
      schemaBound: false,
    })),
    ...many(1, () => ({
      ...module(named(), n => `CREATE FUNCTION ${n}() RETURNS @t TABLE (a int) WITH SCHEMABINDING AS BEGIN RETURN END`),
      kind: 'table' as const,
      schemaBound: true,
    })),
  ]);
  const procedures = sorted(
    many(2, () => {
      const procedure = module(named(), n => `CREATE PROCEDURE ${n} AS\nSELECT 'GO'`);
      const quoted = quoteQualified(procedure.schema, procedure.name);
      return {
        ...procedure,
        numbered: flag() ? [{ number: 2, definition: `CREATE PROCEDURE ${quoted};2 AS SELECT 2` }] : [],
        startup: flag(),
      };
    }),
  );
  const triggers: Trigger[] = sorted(
    tables.length === 0
      ? []
      : many(2, () => {
          const parent = one(...tables);
          const name = { schema: parent.schema, name: names.next() };
          const insteadOf = flag();
          const on = quoteQualified(parent.schema, parent.name);
          return {
            ...module(
              name,
              n =>
                `CREATE TRIGGER ${n} ON ${on} ${insteadOf ? 'INSTEAD OF' : 'AFTER'} INSERT, DELETE NOT FOR REPLICATION AS RETURN`,
            ),
            owner: null,
            parent: { schema: parent.schema, name: parent.name },
            disabled: flag(),
            insteadOf,
            notForReplication: true,
            events: ['INSERT', 'DELETE'] as const,
            first: !insteadOf && flag() ? (['INSERT'] as const) : [],
            last: !insteadOf && flag() ? (['DELETE'] as const) : [],
          };
        }),
  );
  const sequences: Sequence[] = many(2, () => {
    const start = one('1', '-5', '100');
    return {
      ...named(),
      owner: owner(),
      type: one<DataType>({ schema: null, name: 'bigint' }, { schema: null, name: 'decimal', precision: 38, scale: 0 }),
      start,
      increment: one('1', '-2'),
      minimum: '-1000',
      maximum: '1000',
      cycle: flag(),
      cacheSize: one(null, 0, 50),
      current: start,
      used: false,
    };
  });
  const tableTypes = many(1, () => {
    const columns = [column(), ...many(2, column)].map(c => ({
      ...c,
      ansiPadded: true,
      boundDefault: aliasTypes.find(a => a.name === c.type.name)?.boundDefault ?? null,
      boundRule: aliasTypes.find(a => a.name === c.type.name)?.boundRule ?? null,
      sparse: false,
      rowGuid: false,
      default: c.default ? { ...c.default, name: '', systemNamed: true } : null,
    }));
    const withDefault = columns.map(c => (c.default ? { ...c, boundDefault: null } : c));
    const first = { ...withDefault[0]!, nullable: false };
    return {
      ...named(),
      owner: owner(),
      columns: [first, ...withDefault.slice(1)],
      keys: flag()
        ? [
            {
              name: '',
              systemNamed: true,
              kind: 'primaryKey' as const,
              clustered: flag(),
              columns: [{ name: first.name, descending: flag() }],
              options: { ...defaultIndexOptions, ignoreDuplicateKey: flag() },
              dataSpace: null,
              disabled: false,
            },
          ]
        : [],
      checks: flag()
        ? [
            {
              name: '',
              systemNamed: true,
              expression: `(${quoteName(first.name)}>(0))`,
              notForReplication: false,
              disabled: false,
              trusted: true,
            },
          ]
        : [],
    };
  });

  const objects: QualifiedName[] = [...tables, ...views, ...procedures];
  const permissions = new Map<string, Permission>();
  const permit = (p: Permission) =>
    permissions.set(
      [
        p.permission,
        p.securable.class,
        p.securable.schema,
        p.securable.name,
        p.securable.columns.join(),
        p.grantee,
      ].join('\u0000'),
      p,
    );
  for (const u of users)
    permit({
      state: 'GRANT',
      permission: 'CONNECT',
      securable: { class: 'DATABASE', schema: null, name: null, columns: [] },
      grantee: u.name,
      grantor: 'dbo',
    });
  for (const object of objects) {
    if (flag()) continue;
    const columns = tables.includes(object as Table) && flag() ? [(object as Table).columns[0]!.name] : [];
    permit({
      state: columns.length > 0 ? one('GRANT', 'DENY') : one('GRANT', 'DENY', 'GRANT_WITH_GRANT_OPTION'),
      permission: columns.length > 0 ? 'SELECT' : one('SELECT', 'VIEW DEFINITION', 'EXECUTE'),
      securable: { class: 'OBJECT', schema: object.schema, name: object.name, columns },
      grantee: one(...grantees),
      grantor: one(...principals),
    });
  }
  for (const s of schemas)
    if (flag())
      permit({
        state: 'GRANT',
        permission: 'CONTROL',
        securable: { class: 'SCHEMA', schema: null, name: s.name, columns: [] },
        grantee: one(...grantees),
        grantor: 'dbo',
      });
  for (const t of aliasTypes)
    if (flag())
      permit({
        state: 'GRANT',
        permission: 'REFERENCES',
        securable: { class: 'TYPE', schema: t.schema, name: t.name, columns: [] },
        grantee: one(...grantees),
        grantor: 'dbo',
      });
  const values = [
    "N'note'",
    'NULL',
    "CAST(N'x' AS varchar(5))",
    'CAST(5 AS int)',
    'CAST(0x01FF AS varbinary(2))',
    "CAST(N'2020-01-01T00:00:00.0000000' AS datetime2(7))",
  ];
  const extendedProperties = [
    ...many(1, () => ({ name: names.next(), value: one(...values), levels: [] })),
    ...tables.filter(flag).map(t => ({
      name: names.next(),
      value: one(...values),
      levels: [
        { type: 'SCHEMA', name: t.schema },
        { type: 'TABLE', name: t.name },
        { type: 'COLUMN', name: t.columns[0]!.name },
      ],
    })),
    ...users
      .filter(flag)
      .map(u => ({ name: names.next(), value: one(...values), levels: [{ type: 'USER', name: u.name }] })),
    ...aliasTypes.filter(flag).map(t => ({
      name: names.next(),
      value: one(...values),
      levels: [
        { type: 'SCHEMA', name: t.schema },
        { type: 'TYPE', name: t.name },
      ],
    })),
  ];
  const propertyKey = (p: { name: string; levels: readonly { type: string; name: string }[] }) =>
    [...p.levels.flatMap(l => [l.type, l.name]), '', p.name].join('\u0000');
  const memberships =
    roles.length > 0 && users.length > 0 && flag() ? [{ role: roles[0]!.name, member: users[0]!.name }] : [];

  return {
    ...emptyDatabase,
    properties: {
      name: names.next(),
      collation: one('Latin1_General_CI_AS', 'SQL_Latin1_General_CP1_CI_AS'),
      compatibilityLevel: one(100, 110, 150),
      owner: one('sa', 'DOM\\adm'),
      containment: one('NONE', 'PARTIAL'),
      filegroups,
      logFiles: [file('log')],
      options: {
        ANSI_NULLS: one('ON', 'OFF'),
        RECOVERY: one('FULL', 'SIMPLE', 'BULK_LOGGED'),
        PAGE_VERIFY: 'CHECKSUM',
        PARAMETERIZATION: one('SIMPLE', 'FORCED'),
        [one('ENABLE_BROKER', 'DISABLE_BROKER')]: '',
        [one('SINGLE_USER', 'RESTRICTED_USER', 'MULTI_USER')]: '',
        TARGET_RECOVERY_TIME: '60 SECONDS',
      },
    },
    schemas: [...schemas].sort((a, b) => compareText(a.name, b.name)),
    users: [...users].sort((a, b) => compareText(a.name, b.name)),
    roles: [...roles].sort((a, b) => compareText(a.name, b.name)),
    memberships,
    permissions: [...permissions.values()].sort(comparePermissions),
    aliasTypes: sorted(aliasTypes),
    tableTypes: sorted(tableTypes),
    xmlSchemaCollections: sorted(xmlSchemaCollections),
    partitionFunctions,
    partitionSchemes,
    rules,
    defaults,
    sequences: sorted(sequences),
    synonyms: sorted(
      many(1, () => ({
        ...named(),
        owner: owner(),
        baseObject: one('[dbo].[x]', '[srv].[db].[dbo].[x]', '[db]..[x]'),
      })),
    ),
    tables,
    views: sorted([...views, ...schemaBoundViews]),
    functions,
    procedures,
    triggers,
    extendedProperties: extendedProperties.sort((a, b) => compareText(propertyKey(a), propertyKey(b))),
  };
}
