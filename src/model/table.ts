import type { CheckConstraint } from './check-constraint.ts';
import type { Column } from './column.ts';
import type { Compression, DataSpace } from './data-space.ts';
import type { ForeignKey } from './foreign-key.ts';
import type { Key } from './key.ts';
import type { TableIndex } from './table-index.ts';

export interface Table {
  readonly schema: string;
  readonly name: string;
  /** Owner by ALTER AUTHORIZATION; null = the schema's owner. */
  readonly owner: string | null;
  readonly columns: readonly Column[];
  /** Primary key and unique constraints, by name. */
  readonly keys: readonly Key[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checks: readonly CheckConstraint[];
  readonly indexes: readonly TableIndex[];
  /** Where the heap or clustered index lies; null = default filegroup. */
  readonly dataSpace: DataSpace | null;
  readonly lobDataSpace: string | null;
  readonly filestreamDataSpace: string | null;
  readonly ansiNulls: boolean;
  readonly lockEscalation: 'TABLE' | 'AUTO' | 'DISABLE';
  /** Of the heap; a clustered index or key carries its own. */
  readonly compression: readonly Compression[];
}
