import type { Rule } from './rule.ts';
import { azureDatabase } from './rules/azure-database.ts';
import { collation } from './rules/collation.ts';
import { compatibilityLevel } from './rules/compatibility-level.ts';
import { compression } from './rules/compression.ts';
import { containment } from './rules/containment.ts';
import { dataType } from './rules/data-type.ts';
import { databaseOption } from './rules/database-option.ts';
import { encryptedModule } from './rules/encrypted-module.ts';
import { expressSize } from './rules/express-size.ts';
import { externalReference } from './rules/external-reference.ts';
import { filestream } from './rules/filestream.ts';
import { foreignKeyCount } from './rules/foreign-key-count.ts';
import { groupDefaultSchema } from './rules/group-default-schema.ts';
import { indexKeyColumns } from './rules/index-key-columns.ts';
import { indexKeySize } from './rules/index-key-size.ts';
import { inlineOption } from './rules/inline-option.ts';
import { memoryOptimizedFilegroup } from './rules/memory-optimized-filegroup.ts';
import { partitioning } from './rules/partitioning.ts';
import { permission } from './rules/permission.ts';
import { removedSyntax } from './rules/removed-syntax.ts';
import { secretPrincipal } from './rules/secret-principal.ts';
import { sequence } from './rules/sequence.ts';
import { spatialFormat } from './rules/spatial-format.ts';
import { tsqlVersion } from './rules/tsql-version.ts';

/** In the order in which they run: what rewrites types and objects comes before what reads their texts. */
export const rules: readonly Rule[] = [
  secretPrincipal,
  encryptedModule,
  dataType,
  spatialFormat,
  collation,
  compression,
  partitioning,
  indexKeyColumns,
  indexKeySize,
  foreignKeyCount,
  expressSize,
  filestream,
  memoryOptimizedFilegroup,
  containment,
  compatibilityLevel,
  databaseOption,
  groupDefaultSchema,
  permission,
  azureDatabase,
  externalReference,
  inlineOption,
  removedSyntax,
  sequence,
  tsqlVersion,
];
