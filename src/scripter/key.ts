import type { Key } from '../model/key.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { constraintPrefix } from './constraint-name.ts';
import { scriptOn } from './data-space.ts';
import type { Batch } from './options.ts';
import { scriptIndexColumns, scriptIndexOptions } from './table-index.ts';

/** The constraint as it stands inside CREATE TABLE or after ALTER TABLE … ADD. */
export function scriptKey(key: Key): string {
  const kind = key.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE';
  return (
    `${constraintPrefix(key)}${kind} ${key.clustered ? 'CLUSTERED' : 'NONCLUSTERED'} ` +
    `(${scriptIndexColumns(key.columns)})${scriptIndexOptions(key.options)}${scriptOn(key.dataSpace)}`
  );
}

export function scriptAddKey(schema: string, table: string, key: Key): Batch {
  return `ALTER TABLE ${quoteQualified(schema, table)} ADD ${scriptKey(key)}`;
}

/** A constraint of a table type, which takes neither name nor placement. */
export function scriptTypeKey(key: Key): string {
  const kind = key.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE';
  const ignore = key.options.ignoreDuplicateKey ? ' WITH (IGNORE_DUP_KEY = ON)' : '';
  return `${kind} ${key.clustered ? 'CLUSTERED' : 'NONCLUSTERED'} (${scriptIndexColumns(key.columns)})${ignore}`;
}
