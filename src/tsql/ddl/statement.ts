/**
 * Statements that define or change objects, as the DDL parser reads them from a script. They reuse the model's types;
 * expressions and bodies are verbatim text. Both the script reader (`to-model.ts`) and the sandbox consume them.
 * Names: a part that the script leaves out is null (schema null = the default schema of who runs it).
 */
import type { CheckConstraint } from '../../model/check-constraint.ts';
import type { Column, DefaultConstraint } from '../../model/column.ts';
import type { Compression, DataSpace } from '../../model/data-space.ts';
import type { DataType } from '../../model/data-type.ts';
import type { DatabaseFile } from '../../model/database.ts';
import type { ScriptPosition } from '../../model/error.ts';
import type { ForeignKey } from '../../model/foreign-key.ts';
import type { Key } from '../../model/key.ts';
import type { Securable } from '../../model/permission.ts';
import type { IndexOptions, TableIndex } from '../../model/table-index.ts';
import type { TriggerEvent } from '../../model/trigger.ts';

export interface ObjectName {
  readonly server: string | null;
  readonly database: string | null;
  readonly schema: string | null;
  readonly name: string;
}

/** A column as written: what was left out is null. Its inline constraints are listed apart. */
export interface ColumnDefinition
  extends Omit<Column, 'nullable' | 'boundDefault' | 'boundRule' | 'ansiPadded' | 'default'> {
  readonly nullable: boolean | null;
  /** `withValues`: rows that are there take the default too (ALTER TABLE … ADD). */
  readonly default: (DefaultConstraint & { readonly withValues?: boolean }) | null;
}

/** Constraints as written; unnamed = {name: '', systemNamed: true}; clustered null = not said. */
export type KeyDefinition = Omit<Key, 'clustered' | 'disabled'> & { readonly clustered: boolean | null };
export type ForeignKeyDefinition = Omit<ForeignKey, 'referencedTable' | 'disabled' | 'trusted'> & {
  readonly referencedTable: ObjectName;
};
export type CheckDefinition = Omit<CheckConstraint, 'disabled' | 'trusted'>;
export type DefaultDefinition = DefaultConstraint & { readonly column: string; readonly withValues: boolean };
export type IndexDefinition = Omit<TableIndex, 'disabled' | 'clustered'> & { readonly clustered: boolean | null };

export interface TableElements {
  readonly columns: readonly ColumnDefinition[];
  readonly keys: readonly KeyDefinition[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  readonly checks: readonly CheckDefinition[];
  /** Only from ALTER TABLE … ADD CONSTRAINT … DEFAULT … FOR; inline defaults are at their column. */
  readonly defaults: readonly DefaultDefinition[];
  /** Inline INDEX of 2014 and later. */
  readonly indexes: readonly IndexDefinition[];
}

export interface FilegroupDefinition {
  readonly name: string;
  readonly kind: 'rows' | 'filestream' | 'memoryOptimized';
  readonly isDefault: boolean;
  readonly files: readonly DatabaseFile[];
}

export type ModuleKind = 'view' | 'procedure' | 'function' | 'trigger' | 'rule' | 'default';

interface Statement<K extends string> {
  readonly kind: K;
  readonly position: ScriptPosition;
}

export interface CreateDatabase extends Statement<'createDatabase'> {
  readonly name: string;
  readonly containment: 'NONE' | 'PARTIAL' | null;
  /** PRIMARY first when files are given. */
  readonly filegroups: readonly FilegroupDefinition[];
  readonly logFiles: readonly DatabaseFile[];
  readonly collation: string | null;
  /** Words after WITH: `{TRUSTWORTHY: 'ON'}`, and `FOR ATTACH`. */
  readonly options: Readonly<Record<string, string>>;
  readonly forAttach: boolean;
}
export interface AlterDatabase extends Statement<'alterDatabase'> {
  /** null = CURRENT. */
  readonly name: string | null;
  readonly action:
    | { readonly kind: 'set'; readonly options: Readonly<Record<string, string>>; readonly termination: string | null }
    | { readonly kind: 'collate'; readonly collation: string }
    | { readonly kind: 'modifyName'; readonly newName: string }
    | {
        readonly kind: 'addFile';
        readonly files: readonly DatabaseFile[];
        readonly log: boolean;
        readonly filegroup: string | null;
      }
    | {
        readonly kind: 'modifyFile';
        readonly file: Partial<DatabaseFile> & {
          readonly logicalName: string;
          readonly newName?: string;
          readonly offline?: boolean;
        };
      }
    | { readonly kind: 'removeFile'; readonly logicalName: string }
    | { readonly kind: 'addFilegroup'; readonly filegroup: Omit<FilegroupDefinition, 'files'> }
    | { readonly kind: 'removeFilegroup'; readonly name: string }
    | {
        readonly kind: 'modifyFilegroup';
        readonly name: string;
        readonly change:
          | 'DEFAULT'
          | 'READ_ONLY'
          | 'READ_WRITE'
          | 'AUTOGROW_ALL_FILES'
          | 'AUTOGROW_SINGLE_FILE'
          | { readonly newName: string };
      };
}
export interface DropDatabase extends Statement<'dropDatabase'> {
  readonly names: readonly string[];
  readonly ifExists: boolean;
}
export interface Use extends Statement<'use'> {
  readonly database: string;
}

export interface CreateSchema extends Statement<'createSchema'> {
  readonly name: string;
  readonly owner: string | null;
  /** Statements inside CREATE SCHEMA (tables, views, grants). */
  readonly elements: readonly DdlStatement[];
}
export interface CreateTable extends Statement<'createTable'>, TableElements {
  readonly name: ObjectName;
  readonly dataSpace: DataSpace | null;
  readonly lobDataSpace: string | null;
  readonly filestreamDataSpace: string | null;
  readonly compression: readonly Compression[];
  /** Other WITH options and clauses, in upper case: `{MEMORY_OPTIMIZED: 'ON'}`, `{'AS NODE': ''}`. */
  readonly otherOptions: Readonly<Record<string, string>>;
}
export interface AlterTable extends Statement<'alterTable'> {
  readonly name: ObjectName;
  readonly action:
    | ({ readonly kind: 'add'; readonly check: 'CHECK' | 'NOCHECK' | null } & TableElements)
    | { readonly kind: 'alterColumn'; readonly column: ColumnDefinition }
    | { readonly kind: 'alterColumnFlag'; readonly column: string; readonly add: boolean; readonly flag: string }
    | {
        readonly kind: 'drop';
        readonly columns: readonly string[];
        readonly constraints: readonly string[];
        readonly ifExists: boolean;
      }
    | {
        readonly kind: 'constraintState';
        readonly check: 'CHECK' | 'NOCHECK' | null;
        readonly enable: boolean /** 'ALL' or names */;
        readonly constraints: 'ALL' | readonly string[];
      }
    | { readonly kind: 'triggerState'; readonly enable: boolean; readonly triggers: 'ALL' | readonly string[] }
    | { readonly kind: 'set'; readonly options: Readonly<Record<string, string>> }
    | {
        readonly kind: 'rebuild';
        readonly compression: readonly Compression[];
        readonly options: Readonly<Record<string, string>>;
      }
    | { readonly kind: 'changeTracking'; readonly enable: boolean };
}
export interface CreateIndex extends Statement<'createIndex'> {
  readonly on: ObjectName;
  readonly index: IndexDefinition;
  readonly dropExisting: boolean;
}
export interface AlterIndex extends Statement<'alterIndex'> {
  /** null = ALL. */
  readonly index: string | null;
  readonly on: ObjectName;
  readonly action: 'DISABLE' | 'REBUILD' | 'REORGANIZE' | 'SET';
  readonly options: Partial<IndexOptions>;
}
/** Of an index also its table, and its options, which belong to a clustered one (`(MAXDOP = 1)`). */
export type DroppedName = ObjectName & { readonly on?: ObjectName; readonly options?: string };
export interface DropObject extends Statement<'drop'> {
  readonly what:
    | 'table'
    | 'view'
    | 'procedure'
    | 'function'
    | 'trigger'
    | 'index'
    | 'schema'
    | 'type'
    | 'synonym'
    | 'sequence'
    | 'rule'
    | 'default'
    | 'user'
    | 'role'
    | 'partitionFunction'
    | 'partitionScheme'
    | 'xmlSchemaCollection'
    | 'statistics'
    | 'login';
  readonly names: readonly DroppedName[];
  readonly ifExists: boolean;
  /** DROP INDEX i ON t; of several indexes the last one's. */
  readonly on: ObjectName | null;
}
/** CREATE/ALTER of a view, procedure, function, trigger, rule or default: the whole batch is its text. */
export interface CreateModule extends Statement<'createModule'> {
  readonly verb: 'CREATE' | 'ALTER' | 'CREATE OR ALTER';
  readonly module: ModuleKind;
  readonly name: ObjectName;
  /** Verbatim batch text. */
  readonly text: string;
  readonly procedureNumber: number | null;
  readonly functionKind: 'scalar' | 'inline' | 'table' | null;
  readonly schemaBound: boolean;
  readonly encrypted: boolean;
  readonly trigger: {
    readonly on: ObjectName | 'DATABASE' | 'ALL SERVER';
    readonly insteadOf: boolean;
    readonly events: readonly string[];
    readonly notForReplication: boolean;
  } | null;
}
export interface TriggerState extends Statement<'triggerState'> {
  readonly enable: boolean;
  readonly triggers: 'ALL' | readonly ObjectName[];
  readonly on: ObjectName | 'DATABASE' | 'ALL SERVER';
}
export interface CreateType extends Statement<'createType'> {
  readonly name: ObjectName;
  readonly definition:
    | { readonly kind: 'alias'; readonly baseType: DataType; readonly nullable: boolean | null }
    | ({ readonly kind: 'table' } & TableElements)
    | { readonly kind: 'clr'; readonly assembly: string; readonly className: string };
}
export interface CreateXmlSchemaCollection extends Statement<'createXmlSchemaCollection'> {
  readonly name: ObjectName;
  /** The literal's content. */
  readonly definition: string;
}
export interface CreatePartitionFunction extends Statement<'createPartitionFunction'> {
  readonly name: string;
  readonly type: DataType;
  readonly collation: string | null;
  readonly boundaryOnRight: boolean;
  readonly boundaries: readonly string[];
}
export interface CreatePartitionScheme extends Statement<'createPartitionScheme'> {
  readonly name: string;
  readonly partitionFunction: string;
  /** ALL TO (x) gives one filegroup and `all`. */
  readonly filegroups: readonly string[];
  readonly all: boolean;
}
export interface CreateSynonym extends Statement<'createSynonym'> {
  readonly name: ObjectName;
  readonly target: ObjectName;
}
export interface CreateSequence extends Statement<'createSequence'> {
  readonly verb: 'CREATE' | 'ALTER';
  readonly name: ObjectName;
  readonly type: DataType | null;
  /** START WITH, or RESTART WITH of an ALTER; '' = RESTART without value. */
  readonly start: string | null;
  readonly restart: string | null;
  readonly increment: string | null;
  /** 'NO' = NO MINVALUE; null = not said. */
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly cycle: boolean | null;
  readonly cache: 'NO' | 'DEFAULT' | number | null;
}
export interface CreateUser extends Statement<'createUser'> {
  readonly verb: 'CREATE' | 'ALTER';
  readonly name: string;
  readonly login: string | null;
  readonly withoutLogin: boolean;
  readonly from: { readonly kind: 'certificate' | 'asymmetricKey' | 'external'; readonly name: string | null } | null;
  readonly hasPassword: boolean;
  readonly defaultSchema: string | null;
  readonly newName: string | null;
}
export interface CreateRole extends Statement<'createRole'> {
  readonly name: string;
  readonly owner: string | null;
  readonly application: boolean;
}
export interface AlterRole extends Statement<'alterRole'> {
  readonly name: string;
  readonly action:
    | { readonly kind: 'addMember' | 'dropMember'; readonly member: string }
    | { readonly kind: 'rename'; readonly newName: string };
}
export interface CreateLogin extends Statement<'createLogin'> {
  readonly verb: 'CREATE' | 'ALTER';
  readonly name: string;
  readonly windows: boolean;
  /** As written: text, or 0x… of PASSWORD = 0x… HASHED. For the sandbox alone; no model and no message has it. */
  readonly password: string | null;
  readonly hashed: boolean;
  readonly sid: string | null;
  readonly defaultDatabase: string | null;
  readonly defaultLanguage: string | null;
  /** ALTER LOGIN … ENABLE or DISABLE. */
  readonly enabled: boolean | null;
  /** ALTER LOGIN … WITH NAME. */
  readonly newName: string | null;
}
export interface PermissionStatement extends Statement<'permission'> {
  readonly verb: 'GRANT' | 'DENY' | 'REVOKE';
  readonly permissions: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly securable: Omit<Securable, 'columns'>;
  readonly columns: readonly string[];
  readonly grantees: readonly string[];
  readonly withGrantOption: boolean;
  readonly cascade: boolean;
  readonly grantor: string | null;
}
export interface AlterAuthorization extends Statement<'alterAuthorization'> {
  /** OBJECT, SCHEMA, TYPE, ROLE, DATABASE, XML SCHEMA COLLECTION … in upper case. */
  readonly class: string;
  readonly name: ObjectName;
  /** null = SCHEMA OWNER. */
  readonly owner: string | null;
}
export interface CreateStatistics extends Statement<'createStatistics'> {
  readonly name: string;
  readonly on: ObjectName;
  readonly columns: readonly string[];
  readonly filter: string | null;
}
/** SET ANSI_NULLS ON and its like; several options in one statement give several of these. */
export interface SetOption extends Statement<'setOption'> {
  readonly option: string;
  readonly value: string;
}
export interface SetIdentityInsert extends Statement<'setIdentityInsert'> {
  readonly table: ObjectName;
  readonly on: boolean;
}
/** EXEC of a system procedure that defines something; arguments are literals, named or by position. */
export interface SystemProcedure extends Statement<'systemProcedure'> {
  /** Lower case without schema: sp_addextendedproperty, sp_bindefault, sp_settriggerorder, sp_addtype, sp_rename, … */
  readonly procedure: string;
  readonly args: readonly {
    readonly name: string | null /** Literal's content; null = NULL or DEFAULT. */;
    readonly value: string | null /** As written. */;
    readonly text: string;
  }[];
}

/**
 * DDL that the parser recognises by its first words but whose object kind xpdb does not model yet
 * (CREATE FULLTEXT CATALOG, CREATE ASSEMBLY, CREATE COLUMNSTORE INDEX, …). Never dropped silently: it becomes an unsupported object.
 */
export interface UnsupportedStatement extends Statement<'unsupported'> {
  /** `columnstore index`, `full-text catalog`, … */
  readonly what: string;
  readonly name: string;
  readonly text: string;
}

export type DdlStatement =
  | CreateDatabase
  | AlterDatabase
  | DropDatabase
  | Use
  | CreateSchema
  | CreateTable
  | AlterTable
  | CreateIndex
  | AlterIndex
  | DropObject
  | CreateModule
  | TriggerState
  | CreateType
  | CreateXmlSchemaCollection
  | CreatePartitionFunction
  | CreatePartitionScheme
  | CreateSynonym
  | CreateSequence
  | CreateUser
  | CreateRole
  | AlterRole
  | CreateLogin
  | PermissionStatement
  | AlterAuthorization
  | CreateStatistics
  | SetOption
  | SetIdentityInsert
  | SystemProcedure
  | UnsupportedStatement;

/** Events of a DML trigger among the words of a trigger definition. */
export const dmlEvents: readonly TriggerEvent[] = ['INSERT', 'UPDATE', 'DELETE'];
