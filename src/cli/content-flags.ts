/** Which part of a database is taken: flags that an export and a copy share. */

import type { Command } from 'commander';
import type { ContentOptions } from '../exporter/export-options.ts';
import { option, repeatedOption } from './option.ts';

export interface ContentFlags {
  table: string[];
  excludeTable: string[];
  schema: string[];
  excludeSchema: string[];
  excludeTableData: string[];
  where: string[];
  owner: boolean;
  privileges: boolean;
}

export function addContentFlags(command: Command): Command {
  return command
    .addOption(
      repeatedOption(
        '--table <pattern>',
        'only tables of this name; * and ? stand for any characters, schema.name or name',
      ),
    )
    .addOption(repeatedOption('--exclude-table <pattern>', 'not these tables'))
    .addOption(repeatedOption('--schema <pattern>', 'only objects of these schemas'))
    .addOption(repeatedOption('--exclude-schema <pattern>', 'not these schemas'))
    .addOption(repeatedOption('--exclude-table-data <pattern>', 'these tables without their rows'))
    .addOption(repeatedOption('--where <table:condition>', 'only the rows of a table that meet a condition'))
    .addOption(option('--no-owner', 'without owners of objects'))
    .addOption(option('--no-privileges', 'without users, roles, permissions and owners'));
}

export function contentOptions(flags: ContentFlags): ContentOptions {
  return {
    tables: flags.table,
    excludeTables: flags.excludeTable,
    schemas: flags.schema,
    excludeSchemas: flags.excludeSchema,
    excludeTableData: flags.excludeTableData,
    where: flags.where,
    owners: flags.owner,
    privileges: flags.privileges,
  };
}
