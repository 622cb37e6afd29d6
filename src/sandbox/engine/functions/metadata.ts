/** Functions that look into the catalog: types are here, values come from it. */
import { derived } from '../bind/bound.ts';
import { fromSqlite } from '../query/catalog-source.ts';
import { unsupported } from '../server-error.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import { type Value, Variant, ZonedTime } from '../types/values.ts';
import { decimalType, type SqlType, sysnameType, textTypeNames, types, varbinaryType } from './metadata-types.ts';
import type { FunctionSpec } from './registry.ts';

type Result =
  | 'int'
  | 'smallint'
  | 'bit'
  | 'bigint'
  | 'numeric'
  | 'datetime'
  | 'sysname'
  | 'variant'
  | 'text'
  | 'sid'
  | 'text256'
  | 'float';

/** name: result type, fewest and most arguments, first version. */
const table: Readonly<Record<string, readonly [Result, number, number, number?]>> = {
  OBJECT_ID: ['int', 1, 2],
  OBJECT_NAME: ['sysname', 1, 2],
  OBJECT_SCHEMA_NAME: ['sysname', 1, 2],
  OBJECT_DEFINITION: ['text', 1, 1],
  SCHEMA_ID: ['int', 0, 1],
  SCHEMA_NAME: ['sysname', 0, 1],
  DB_ID: ['smallint', 0, 1],
  DB_NAME: ['sysname', 0, 1],
  ORIGINAL_DB_NAME: ['sysname', 0, 0],
  SERVERPROPERTY: ['variant', 1, 1],
  DATABASEPROPERTYEX: ['variant', 2, 2],
  DATABASEPROPERTY: ['int', 2, 2],
  COLLATIONPROPERTY: ['variant', 2, 2],
  OBJECTPROPERTY: ['int', 2, 2],
  OBJECTPROPERTYEX: ['variant', 2, 2],
  COLUMNPROPERTY: ['int', 3, 3],
  INDEXPROPERTY: ['int', 3, 3],
  TYPEPROPERTY: ['int', 2, 2],
  TYPE_NAME: ['sysname', 1, 1],
  TYPE_ID: ['int', 1, 1],
  COL_NAME: ['sysname', 2, 2],
  COL_LENGTH: ['smallint', 2, 2],
  INDEX_COL: ['sysname', 3, 3],
  INDEXKEY_PROPERTY: ['int', 4, 4],
  HAS_PERMS_BY_NAME: ['int', 3, 5],
  IS_MEMBER: ['int', 1, 1],
  IS_ROLEMEMBER: ['int', 1, 2, 110],
  IS_SRVROLEMEMBER: ['int', 1, 2],
  HAS_DBACCESS: ['int', 1, 1],
  PERMISSIONS: ['int', 0, 2],
  USER_NAME: ['sysname', 0, 1],
  USER_ID: ['int', 0, 1],
  USER: ['sysname', 0, 0],
  CURRENT_USER: ['sysname', 0, 0],
  SESSION_USER: ['sysname', 0, 0],
  SYSTEM_USER: ['sysname', 0, 0],
  SUSER_SNAME: ['sysname', 0, 1],
  SUSER_NAME: ['sysname', 0, 1],
  SUSER_SID: ['sid', 0, 2],
  SUSER_ID: ['int', 0, 1],
  ORIGINAL_LOGIN: ['sysname', 0, 0],
  DATABASE_PRINCIPAL_ID: ['int', 0, 1],
  FILE_ID: ['smallint', 1, 1],
  FILE_IDEX: ['int', 1, 1],
  FILE_NAME: ['sysname', 1, 1],
  FILEGROUP_ID: ['int', 1, 1],
  FILEGROUP_NAME: ['sysname', 1, 1],
  FILEPROPERTY: ['int', 2, 2],
  FILEGROUPPROPERTY: ['int', 2, 2],
  FULLTEXTSERVICEPROPERTY: ['int', 1, 1],
  FULLTEXTCATALOGPROPERTY: ['int', 2, 2],
  STATS_DATE: ['datetime', 2, 2],
  PARSENAME: ['sysname', 2, 2],
  ASSEMBLYPROPERTY: ['variant', 2, 2],
  SCHEMA_OWNER: ['sysname', 1, 1],
  CONNECTIONPROPERTY: ['variant', 1, 1],
  SESSION_CONTEXT: ['variant', 1, 1, 130],
  IDENT_CURRENT: ['numeric', 1, 1],
  IDENT_SEED: ['numeric', 1, 1],
  IDENT_INCR: ['numeric', 1, 1],
  XML_SCHEMA_NAMESPACE: ['text', 2, 3],
  DATABASE_COLLATION: ['sysname', 0, 1],
};

function typeOf(result: Result, settings: SessionSettings): SqlType {
  switch (result) {
    case 'int':
    case 'smallint':
    case 'bit':
    case 'bigint':
    case 'float':
    case 'datetime':
      return types[result];
    case 'numeric':
      return decimalType(38, 0, 'numeric');
    case 'variant':
      return types.variant;
    case 'sid':
      return varbinaryType(85);
    case 'sysname':
      return { ...sysnameType(settings.databaseCollation), userType: 0 };
    case 'text256':
      return textTypeNames(settings, 256);
    default:
      return textTypeNames(settings, -1);
  }
}

export const metadataFunctions: Record<string, FunctionSpec> = {};
for (const [name, [result, min, max, since]] of Object.entries(table))
  metadataFunctions[name] = {
    min,
    max,
    ...(since ? { since } : {}),
    bind(call) {
      const { session, args } = call;
      const kinds = args.map(a => a.type);
      const type = typeOf(result, session.settings);
      const convert = fromSqlite(type, session);
      return derived(
        type,
        true,
        [],
        env => {
          const values: Value[] = args.map(a => a.eval(env));
          const answer = env.run.session.metadata(name, values, kinds);
          if (answer === undefined) throw unsupported(`the function ${name}`);
          return answer instanceof Variant || answer instanceof ZonedTime ? answer : convert(answer);
        },
        true,
      );
    },
  };
