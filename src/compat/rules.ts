import type { Rule } from './rule.ts';
import { azureDatabase } from './rules/azure-database.ts';
import { collation } from './rules/collation.ts';
import { compatibilityLevel } from './rules/compatibility-level.ts';
import { compression } from './rules/compression.ts';
import { containment } from './rules/containment.ts';
import { dataType } from './rules/data-type.ts';
import { databaseOption } from './rules/database-option.ts';
import { groupDefaultSchema } from './rules/group-default-schema.ts';
import { indexKeyColumns } from './rules/index-key-columns.ts';
import { partitioning } from './rules/partitioning.ts';
import { permission } from './rules/permission.ts';
import { sequence } from './rules/sequence.ts';
import { tsqlVersion } from './rules/tsql-version.ts';

/** In the order in which they run: what rewrites types and objects comes before what reads their texts. */
export const rules: readonly Rule[] = [
  dataType,
  collation,
  sequence,
  compression,
  partitioning,
  indexKeyColumns,
  containment,
  compatibilityLevel,
  databaseOption,
  groupDefaultSchema,
  permission,
  azureDatabase,
  tsqlVersion,
];
