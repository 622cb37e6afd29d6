/**
 * Something that the target cannot have as it is.
 * - `blocker`: would be wrong or missing on the target without anybody's decision; exit code 3 until accepted by name
 * - `dropped`: left out by a safe default that changes no data and no result
 * - `rewritten`: carried in another form
 * - `info`: good to know
 */
export type Severity = 'info' | 'rewritten' | 'dropped' | 'blocker';

export interface Finding {
  /** Id of the rule that found it, kebab-case: `type-json`, `unsupported-object`. `--accept rule[:object]` names it. */
  readonly rule: string;
  readonly severity: Severity;
  /** The object, quoted: `[dbo].[Orders]`, `[dbo].[Orders].[Total]`, `DATABASE`. */
  readonly object: string;
  /** One sentence: what it is, what became of it. */
  readonly message: string;
  /** Line in the module or expression where it was found, from 1. */
  readonly line?: number;
}
