/** Filegroup, or partition scheme with its column, on which a table or index lies. */
export interface DataSpace {
  readonly name: string;
  /** Set when `name` is a partition scheme. */
  readonly partitionColumn: string | null;
}

/** Data compression of sys.partitions; partitions empty = the whole object. */
export interface Compression {
  readonly kind: 'NONE' | 'ROW' | 'PAGE' | 'COLUMNSTORE' | 'COLUMNSTORE_ARCHIVE';
  readonly partitions: readonly number[];
}
