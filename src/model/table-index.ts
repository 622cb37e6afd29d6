import type { Compression, DataSpace } from './data-space.ts';

export interface IndexColumn {
  readonly name: string;
  readonly descending: boolean;
}

/** Options of a rowstore index or key, defaults in brackets. */
export interface IndexOptions {
  readonly padIndex: boolean; // [false]
  readonly fillFactor: number; // [0]
  readonly ignoreDuplicateKey: boolean; // [false]
  readonly statisticsNoRecompute: boolean; // [false]
  readonly allowRowLocks: boolean; // [true]
  readonly allowPageLocks: boolean; // [true]
  readonly compression: readonly Compression[]; // [[]]
}

export const defaultIndexOptions: IndexOptions = {
  padIndex: false,
  fillFactor: 0,
  ignoreDuplicateKey: false,
  statisticsNoRecompute: false,
  allowRowLocks: true,
  allowPageLocks: true,
  compression: [],
};

/** A rowstore index of a table or view that is not a key. Other index kinds (xml, spatial, columnstore, …) are unsupported objects so far. */
export interface TableIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly clustered: boolean;
  readonly columns: readonly IndexColumn[];
  readonly included: readonly string[];
  /** As sys.indexes.filter_definition stores it: `([a]>(0))`. */
  readonly filter: string | null;
  readonly options: IndexOptions;
  readonly dataSpace: DataSpace | null;
  readonly filestreamDataSpace: string | null;
  readonly disabled: boolean;
}
