import type { AliasType } from './alias-type.ts';
import type { DefaultObject } from './default-object.ts';
import type { ExtendedProperty } from './extended-property.ts';
import type { UserFunction } from './function.ts';
import type { PartitionFunction } from './partition-function.ts';
import type { PartitionScheme } from './partition-scheme.ts';
import type { Permission } from './permission.ts';
import type { Procedure } from './procedure.ts';
import type { Role, RoleMembership } from './role.ts';
import type { Rule } from './rule.ts';
import type { Schema } from './schema.ts';
import type { Sequence } from './sequence.ts';
import type { Synonym } from './synonym.ts';
import type { Table } from './table.ts';
import type { TableType } from './table-type.ts';
import type { Trigger } from './trigger.ts';
import type { UnsupportedObject } from './unsupported-object.ts';
import type { User } from './user.ts';
import type { View } from './view.ts';
import type { XmlSchemaCollection } from './xml-schema-collection.ts';

export interface DatabaseFile {
  readonly logicalName: string;
  readonly physicalName: string;
  readonly kind: 'rows' | 'log' | 'filestream';
  /** Sizes in KB; null = not given. For maxSizeKb -1 = UNLIMITED. */
  readonly sizeKb: number | null;
  readonly maxSizeKb: number | null;
  /** KB, or per cent. */
  readonly growth: { readonly unit: 'KB' | '%'; readonly value: number } | null;
}

export interface Filegroup {
  readonly name: string;
  readonly kind: 'rows' | 'filestream' | 'memoryOptimized';
  readonly isDefault: boolean;
  readonly readOnly: boolean;
  readonly files: readonly DatabaseFile[];
}

/**
 * SET options in their T-SQL words: `{ANSI_NULLS: 'OFF', RECOVERY: 'FULL', PAGE_VERIFY: 'CHECKSUM', PARAMETERIZATION: 'SIMPLE', …}`.
 * Options of a source are complete; options of a script are those that it names.
 */
export type DatabaseOptions = Readonly<Record<string, string>>;

export interface DatabaseProperties {
  readonly name: string;
  readonly collation: string | null;
  readonly compatibilityLevel: number | null;
  readonly owner: string | null;
  readonly containment: 'NONE' | 'PARTIAL';
  /** PRIMARY first. */
  readonly filegroups: readonly Filegroup[];
  readonly logFiles: readonly DatabaseFile[];
  readonly options: DatabaseOptions;
}

/** A whole database. Every list is sorted by schema and name (code-unit order), so equal databases give equal models. */
export interface Database {
  readonly properties: DatabaseProperties;
  readonly schemas: readonly Schema[];
  readonly users: readonly User[];
  readonly roles: readonly Role[];
  readonly memberships: readonly RoleMembership[];
  readonly permissions: readonly Permission[];
  readonly aliasTypes: readonly AliasType[];
  readonly tableTypes: readonly TableType[];
  readonly xmlSchemaCollections: readonly XmlSchemaCollection[];
  readonly partitionFunctions: readonly PartitionFunction[];
  readonly partitionSchemes: readonly PartitionScheme[];
  readonly rules: readonly Rule[];
  readonly defaults: readonly DefaultObject[];
  readonly sequences: readonly Sequence[];
  readonly synonyms: readonly Synonym[];
  readonly tables: readonly Table[];
  readonly views: readonly View[];
  readonly functions: readonly UserFunction[];
  readonly procedures: readonly Procedure[];
  readonly triggers: readonly Trigger[];
  readonly extendedProperties: readonly ExtendedProperty[];
  /** What the source has and the model cannot hold: each becomes a blocker by name. */
  readonly unsupported: readonly UnsupportedObject[];
}
