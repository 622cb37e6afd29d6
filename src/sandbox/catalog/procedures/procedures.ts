/** Every system procedure that the sandbox runs, by name in lower case. */
import { aliasTypes } from './alias-types.ts';
import { bindings } from './bindings.ts';
import { databaseProcedures } from './database-procedures.ts';
import { extendedProperties } from './extended-properties.ts';
import { helpProcedures } from './help.ts';
import { odbcCatalog } from './odbc-catalog.ts';
import { principals } from './principals.ts';
import type { Procedures } from './procedure.ts';
import { rename } from './rename.ts';
import { serverProcedures } from './server-procedures.ts';
import { tableProcedures } from './table-procedures.ts';

export const procedures: Procedures = {
  ...aliasTypes,
  ...bindings,
  ...rename,
  ...extendedProperties,
  ...principals,
  ...databaseProcedures,
  ...tableProcedures,
  ...helpProcedures,
  ...odbcCatalog,
  ...serverProcedures,
};
