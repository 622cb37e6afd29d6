import type { DatabaseFile, DatabaseProperties, Filegroup } from '../model/database.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import type { Batch, ScriptOptions } from './options.ts';

/** Options that CREATE DATABASE or other statements already carry. */
const elsewhere = new Set([
  'COMPATIBILITY_LEVEL',
  'COLLATE',
  'CONTAINMENT',
  'READ_ONLY',
  'READ_WRITE',
  'SINGLE_USER',
  'RESTRICTED_USER',
]);

/** Options whose value follows an equals sign. */
const withEquals = new Set([
  'TARGET_RECOVERY_TIME',
  'DELAYED_DURABILITY',
  'QUERY_STORE',
  'CHANGE_TRACKING',
  'ACCELERATED_DATABASE_RECOVERY',
  'MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT',
  'OPTIMIZED_LOCKING',
  'NESTED_TRIGGERS',
  'TRANSFORM_NOISE_WORDS',
  'TWO_DIGIT_YEAR_CUTOFF',
  'DEFAULT_LANGUAGE',
  'DEFAULT_FULLTEXT_LANGUAGE',
]);

/** CREATE DATABASE with its files, then everything that ALTER DATABASE sets before objects are made. */
export function scriptDatabase(database: DatabaseProperties, options: ScriptOptions): Batch[] {
  const name = quoteName(database.name);
  const withFiles = database.filegroups.filter(g => g.files.length > 0);
  const parts = [`CREATE DATABASE ${name}`];
  if (database.containment === 'PARTIAL') parts.push('CONTAINMENT = PARTIAL');
  if (withFiles.length > 0) parts.push(`ON ${withFiles.map(scriptFilegroup).join(',\n')}`);
  if (database.logFiles.length > 0)
    parts.push(`LOG ON\n${database.logFiles.map(f => `  ${scriptFile(f)}`).join(',\n')}`);
  if (database.collation !== null) parts.push(`COLLATE ${database.collation}`);
  const batches = [parts.join('\n')];
  for (const group of database.filegroups)
    if (group.files.length === 0 && group.name !== 'PRIMARY') {
      const contains =
        group.kind === 'filestream'
          ? ' CONTAINS FILESTREAM'
          : group.kind === 'memoryOptimized'
            ? ' CONTAINS MEMORY_OPTIMIZED_DATA'
            : '';
      batches.push(`ALTER DATABASE ${name} ADD FILEGROUP ${quoteName(group.name)}${contains}`);
    }
  if (database.compatibilityLevel !== null) {
    batches.push(`ALTER DATABASE ${name} SET COMPATIBILITY_LEVEL = ${database.compatibilityLevel}`);
  }
  for (const [option, value] of Object.entries(database.options)) {
    if (elsewhere.has(option)) continue;
    batches.push(`ALTER DATABASE ${name} SET ${scriptOption(option, value)}`);
  }
  for (const group of database.filegroups) {
    // PRIMARY is the default unless another one says so; a FILESTREAM filegroup has a default of its own kind.
    if (
      group.isDefault &&
      group.name !== 'PRIMARY' &&
      group.kind !== 'memoryOptimized' &&
      !statedDefault(withFiles, group)
    ) {
      batches.push(`ALTER DATABASE ${name} MODIFY FILEGROUP ${quoteName(group.name)} DEFAULT`);
    }
  }
  if (database.owner !== null && options.owners && options.privileges) {
    batches.push(`ALTER AUTHORIZATION ON DATABASE::${name} TO ${quoteName(database.owner)}`);
  }
  return batches;
}

/** Read-only filegroups and the state of the database itself, once everything else is in place. */
export function scriptDatabaseState(database: DatabaseProperties): Batch[] {
  const name = quoteName(database.name);
  const batches = database.filegroups
    .filter(g => g.readOnly)
    .map(g => `ALTER DATABASE ${name} MODIFY FILEGROUP ${quoteName(g.name)} READ_ONLY`);
  for (const option of ['SINGLE_USER', 'RESTRICTED_USER', 'READ_ONLY']) {
    if (option in database.options) batches.push(`ALTER DATABASE ${name} SET ${option}`);
  }
  return batches;
}

function statedDefault(withFiles: readonly Filegroup[], group: Filegroup): boolean {
  return withFiles.includes(group) && group.kind === 'filestream';
}

function scriptFilegroup(group: Filegroup): string {
  const head =
    group.name === 'PRIMARY'
      ? 'PRIMARY'
      : `FILEGROUP ${quoteName(group.name)}${group.kind === 'filestream' ? ` CONTAINS FILESTREAM${group.isDefault ? ' DEFAULT' : ''}` : group.kind === 'memoryOptimized' ? ' CONTAINS MEMORY_OPTIMIZED_DATA' : ''}`;
  return `${head}\n${group.files.map(f => `  ${scriptFile(f)}`).join(',\n')}`;
}

function scriptFile(file: DatabaseFile): string {
  // The grammar takes one literal here and no expression, whatever a script runner may make of it.
  const parts = [`NAME = ${quoteString(file.logicalName)}`, `FILENAME = ${quoteString(file.physicalName)}`];
  if (file.kind !== 'filestream') {
    if (file.sizeKb !== null) parts.push(`SIZE = ${size(file.sizeKb)}`);
    if (file.maxSizeKb !== null) parts.push(`MAXSIZE = ${file.maxSizeKb === -1 ? 'UNLIMITED' : size(file.maxSizeKb)}`);
    if (file.growth !== null)
      parts.push(`FILEGROWTH = ${file.growth.unit === '%' ? `${file.growth.value}%` : size(file.growth.value)}`);
  } else if (file.maxSizeKb !== null && file.maxSizeKb !== -1) parts.push(`MAXSIZE = ${size(file.maxSizeKb)}`);
  return `(${parts.join(', ')})`;
}

/** Kilobytes; SIZE takes at most 2147483647 of a unit, so beyond that whole megabytes. */
function size(kb: number): string {
  return kb <= 2147483647 ? `${kb}KB` : `${Math.ceil(kb / 1024)}MB`;
}

function scriptOption(option: string, value: string): string {
  if (value === '') return option;
  return `${option}${withEquals.has(option) ? ' = ' : value.startsWith('(') ? '' : ' '}${value}`;
}
