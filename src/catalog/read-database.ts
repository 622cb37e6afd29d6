import type { VersionNumber } from '../compat/version.ts';
import type { Session } from '../connection/session.ts';
import type { Database } from '../model/database.ts';
import { XpdbError } from '../model/error.ts';
import { compareText } from '../model/look-up.ts';
import { readAliasTypes } from './alias-type.ts';
import { int, queryRecords, readCatalog } from './catalog.ts';
import { readColumns } from './column.ts';
import { readTypes } from './data-type.ts';
import { readProperties } from './database.ts';
import { readDefaultObjects } from './default-object.ts';
import { readExtendedProperties } from './extended-property.ts';
import { readFunctions } from './function.ts';
import { readModules } from './module.ts';
import { readNames } from './names.ts';
import { readPartitionFunctions } from './partition-function.ts';
import { readPartitionSchemes } from './partition-scheme.ts';
import { readPermissions } from './permission.ts';
import { readProcedures } from './procedure.ts';
import { readMemberships, readRoles } from './role.ts';
import { readRules } from './rule.ts';
import { readSchemas } from './schema.ts';
import { readSequences } from './sequence.ts';
import { readSynonyms } from './synonym.ts';
import { readTables } from './table.ts';
import { readIndexes } from './table-index.ts';
import { readTableTypes } from './table-type.ts';
import { readTriggers } from './trigger.ts';
import { findUnsupported } from './unsupported.ts';
import { readUsers } from './user.ts';
import { readViews } from './view.ts';
import { readXmlSchemaCollections } from './xml-schema-collection.ts';

/**
 * Reads the current database of a session into a model, by a number of queries that does not depend on its size.
 * @throws XpdbError when the login may not see definitions; SqlServerError when a query fails.
 */
export async function readDatabase(session: Session, version: VersionNumber): Promise<Database> {
  await requireViewDefinition(session);
  const catalog = await readCatalog(session, version);
  const names = readNames(catalog);
  const typeOf = readTypes(catalog, names);
  const columnsOf = readColumns(catalog, names, typeOf);
  const indexes = readIndexes(catalog, names);
  const modules = readModules(catalog, names);
  const properties = readProperties(catalog);
  await findUnsupported(session, catalog, names);
  return {
    properties,
    schemas: readSchemas(catalog, names),
    users: readUsers(catalog),
    roles: readRoles(catalog, names),
    memberships: readMemberships(catalog, names),
    permissions: readPermissions(catalog, names),
    aliasTypes: readAliasTypes(catalog, names, typeOf),
    tableTypes: readTableTypes(catalog, names, columnsOf, indexes),
    xmlSchemaCollections: await readXmlSchemaCollections(session, catalog, names),
    partitionFunctions: readPartitionFunctions(catalog, typeOf),
    partitionSchemes: readPartitionSchemes(catalog, names),
    rules: readRules(catalog, modules),
    defaults: readDefaultObjects(catalog, modules),
    sequences: readSequences(catalog, names, typeOf),
    synonyms: readSynonyms(catalog, names),
    tables: readTables(catalog, names, columnsOf, indexes),
    views: readViews(catalog, modules, columnsOf, indexes),
    functions: readFunctions(catalog, modules, columnsOf),
    procedures: readProcedures(catalog, names, modules),
    triggers: readTriggers(catalog, names, modules),
    extendedProperties: readExtendedProperties(catalog, names),
    unsupported: [...catalog.unsupportedObjects].sort(
      (a, b) => compareText(a.kind, b.kind) || compareText(a.object, b.object),
    ),
  };
}

/** Without VIEW DEFINITION whole objects are missing from the catalog without a word. */
async function requireViewDefinition(session: Session): Promise<void> {
  const [row] = await queryRecords(
    session,
    "SELECT HAS_PERMS_BY_NAME(DB_NAME(), 'DATABASE', 'VIEW DEFINITION') AS allowed",
  );
  if (row && row.allowed !== null && int(row, 'allowed') === 1) return;
  throw new XpdbError(
    `the login lacks VIEW DEFINITION on database ${session.database}, so its objects can't be read in full`,
    {
      hint: 'GRANT VIEW DEFINITION to its user, or use a member of db_owner',
    },
  );
}
