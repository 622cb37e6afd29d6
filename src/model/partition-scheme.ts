export interface PartitionScheme {
  readonly name: string;
  readonly partitionFunction: string;
  /** Filegroups of the partitions in order. */
  readonly filegroups: readonly string[];
  /** NEXT USED beyond the last partition. */
  readonly nextUsed: string | null;
}
