/** Rows whose ends a sink found itself. */
export interface RowsTaken {
  /** Position behind the last row. */
  readonly end: number;
  readonly count: number;
  /** Settles when the sink takes more. */
  readonly wait: void | Promise<void>;
}
