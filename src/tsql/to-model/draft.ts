import type { AliasType } from '../../model/alias-type.ts';
import type { DatabaseFile, DatabaseProperties, Filegroup } from '../../model/database.ts';
import type { DefaultObject } from '../../model/default-object.ts';
import type { ExtendedProperty } from '../../model/extended-property.ts';
import type { UserFunction } from '../../model/function.ts';
import { caseFolding, emptyProperties } from '../../model/look-up.ts';
import type { QualifiedName } from '../../model/name.ts';
import type { PartitionFunction } from '../../model/partition-function.ts';
import type { PartitionScheme } from '../../model/partition-scheme.ts';
import type { Permission } from '../../model/permission.ts';
import type { Procedure } from '../../model/procedure.ts';
import type { Role, RoleMembership } from '../../model/role.ts';
import type { Rule } from '../../model/rule.ts';
import type { Schema } from '../../model/schema.ts';
import type { Sequence } from '../../model/sequence.ts';
import type { Synonym } from '../../model/synonym.ts';
import type { Table } from '../../model/table.ts';
import type { TableType } from '../../model/table-type.ts';
import type { Trigger } from '../../model/trigger.ts';
import type { UnsupportedObject } from '../../model/unsupported-object.ts';
import type { User } from '../../model/user.ts';
import type { View } from '../../model/view.ts';
import type { XmlSchemaCollection } from '../../model/xml-schema-collection.ts';
import type { ObjectName } from '../ddl/statement.ts';
import { quoteQualified } from '../quote.ts';
import { ObjectMap } from './object-map.ts';

/** Settings of the session that runs the script, as the server stores them with what is made under them. */
export interface SessionSettings {
  ansiNulls: boolean;
  quotedIdentifier: boolean;
  ansiPadding: boolean;
  /** Whether a column without NULL or NOT NULL takes NULL (ANSI_NULL_DFLT_ON, which every client library sets). */
  nullByDefault: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The database as the statements read so far leave it. */
export class Draft {
  readonly settings: SessionSettings = {
    ansiNulls: true,
    quotedIdentifier: true,
    ansiPadding: true,
    nullByDefault: true,
  };
  readonly properties: Mutable<DatabaseProperties> = { ...emptyProperties };
  filegroups: Filegroup[] = [];
  logFiles: DatabaseFile[] = [];
  options: Record<string, string> = {};
  readonly schemas = new Map<string, Schema>();
  readonly users = new Map<string, User>();
  readonly roles = new Map<string, Role>();
  memberships: RoleMembership[] = [];
  permissions: Permission[] = [];
  readonly partitionFunctions = new Map<string, PartitionFunction>();
  readonly partitionSchemes = new Map<string, PartitionScheme>();
  extendedProperties: ExtendedProperty[] = [];
  readonly unsupportedObjects: UnsupportedObject[] = [];
  fold: (name: string) => string;
  readonly aliasTypes: ObjectMap<AliasType>;
  readonly tableTypes: ObjectMap<TableType>;
  readonly xmlSchemaCollections: ObjectMap<XmlSchemaCollection>;
  readonly rules: ObjectMap<Rule>;
  readonly defaults: ObjectMap<DefaultObject>;
  readonly sequences: ObjectMap<Sequence>;
  readonly synonyms: ObjectMap<Synonym>;
  readonly tables: ObjectMap<Table>;
  readonly views: ObjectMap<View>;
  readonly functions: ObjectMap<UserFunction>;
  readonly procedures: ObjectMap<Procedure>;
  readonly triggers: ObjectMap<Trigger>;

  constructor(collation: string | null) {
    this.fold = caseFolding(collation);
    const map = <T extends QualifiedName>() => new ObjectMap<T>(this.fold);
    this.aliasTypes = map();
    this.tableTypes = map();
    this.xmlSchemaCollections = map();
    this.rules = map();
    this.defaults = map();
    this.sequences = map();
    this.synonyms = map();
    this.tables = map();
    this.views = map();
    this.functions = map();
    this.procedures = map();
    this.triggers = map();
  }

  /** Names are compared as this collation compares them from now on. */
  collate(collation: string | null): void {
    this.refold(caseFolding(collation));
  }

  refold(fold: (name: string) => string): void {
    this.fold = fold;
    for (const objects of this.objectMaps()) objects.refold(fold);
  }

  objectMaps(): ObjectMap<QualifiedName>[] {
    return [
      this.aliasTypes,
      this.tableTypes,
      this.xmlSchemaCollections,
      this.rules,
      this.defaults,
      this.sequences,
      this.synonyms,
      this.tables,
      this.views,
      this.functions,
      this.procedures,
      this.triggers,
    ] as unknown as ObjectMap<QualifiedName>[];
  }

  /** Notes something that the model cannot hold. */
  unsupported(kind: string, object: string, severity?: UnsupportedObject['severity']): void {
    this.unsupportedObjects.push(severity ? { kind, object, severity } : { kind, object });
  }

  /** A name without schema is one of the default schema, dbo. */
  resolve(name: Pick<ObjectName, 'schema' | 'name'>): QualifiedName {
    return { schema: name.schema ?? 'dbo', name: name.name };
  }

  /** Adds an object; one whose name differs from another's by case alone tells that the database is case-sensitive. */
  add<T extends QualifiedName>(map: ObjectMap<T>, object: T): void {
    const present = map.get(object);
    if (present && (present.schema !== object.schema || present.name !== object.name)) this.refold(name => name);
    map.set(object);
  }

  /** Notes a change of an object that no statement before it made. */
  missing(what: string, name: QualifiedName): void {
    this.unsupported(
      `change of a ${what} that the script does not make`,
      quoteQualified(name.schema || null, name.name),
    );
  }
}

export function isTemporary(name: Pick<ObjectName, 'name'>): boolean {
  return name.name.startsWith('#');
}
