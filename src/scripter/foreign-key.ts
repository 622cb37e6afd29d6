import type { ForeignKey } from '../model/foreign-key.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import { constraintPrefix } from './constraint-name.ts';
import type { Batch } from './options.ts';

/** ALTER TABLE … WITH CHECK|NOCHECK ADD FOREIGN KEY, then NOCHECK CONSTRAINT where it is disabled. */
export function scriptForeignKey(schema: string, table: string, key: ForeignKey): Batch[] {
  const on = quoteQualified(schema, table);
  const list = (columns: readonly string[]) => columns.map(quoteName).join(', ');
  const parts = [
    `ALTER TABLE ${on} WITH ${key.trusted && !key.disabled ? 'CHECK' : 'NOCHECK'} ADD ${constraintPrefix(key)}` +
      `FOREIGN KEY (${list(key.columns)})`,
    `REFERENCES ${quoteQualified(key.referencedTable.schema, key.referencedTable.name)} (${list(key.referencedColumns)})`,
  ];
  if (key.onUpdate !== 'NO ACTION') parts.push(`ON UPDATE ${key.onUpdate}`);
  if (key.onDelete !== 'NO ACTION') parts.push(`ON DELETE ${key.onDelete}`);
  if (key.notForReplication) parts.push('NOT FOR REPLICATION');
  const batches = [parts.join(' ')];
  if (key.disabled) batches.push(`ALTER TABLE ${on} NOCHECK CONSTRAINT ${quoteName(key.name)}`);
  return batches;
}
