/** Something of the source that the model cannot hold yet: an object, or a property of one. */
export interface UnsupportedObject {
  /** `columnstore index`, `full-text catalog`, `masked column`, `encrypted procedure`, … */
  readonly kind: string;
  /** Quoted name: `[dbo].[Orders].[IX]`. */
  readonly object: string;
  /** Absent = blocker; `dropped` for what changes neither data nor results, such as statistics. */
  readonly severity?: 'dropped';
}
