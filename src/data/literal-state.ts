/** What the codecs of one row tell the row's writer beside the bytes they write. */
export interface LiteralState {
  /**
   * Canonical text is what the rowsum covers: every value as one plain literal, without the guards against script runners,
   * lone surrogates as their three bytes, a malformed byte of a character column as the surrogate U+DC00 + byte.
   */
  readonly canonical: boolean;
  /** The row's text differs from its canonical text. */
  guarded: boolean;
  /** A value's literal has another type than the column's ordinary literals: the row needs a statement of its own. */
  isolated: boolean;
  /** No value may end behind this position: what follows it belongs to the fixed parts of the row's other literals. */
  limit: number;
}

/** Returned instead of a position when the buffer is too small: begin the row again in a larger one. */
export const noRoom = -1;
