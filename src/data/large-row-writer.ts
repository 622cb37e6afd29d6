/** A row that is too large to be handed over whole, in any of the row formats. Beside a RowWriter of the same table. */

export interface LargeRowWriter {
  /** Bytes or characters that `take` would give, about. */
  readonly pending: number;
  /** The next bytes of the row in wire form, from its token byte on. A row begins by itself where another one ended. */
  part(bytes: Uint8Array): void;
  /** Ends the row and leaves its hash in the `lanes` of rowsum.ts. @throws XpdbError when the row was not whole */
  end(): void;
  /** Hands over what was made so far. */
  take(): Uint8Array;
  /** Takes a buffer back that `take` gave, where that saves making a new one. */
  recycle?(bytes: Uint8Array): void;
  /** Columns with values that the format cannot carry exactly. */
  denormals(): readonly ColumnTrouble[];
  /** Columns with bytes that are no characters of their code page and were replaced. */
  malformed(): readonly ColumnTrouble[];
}

/** A column some of whose values did not come through as they are. */
export interface ColumnTrouble {
  readonly column: string;
  readonly values: number;
}
