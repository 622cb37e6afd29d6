import type { ServerMessage } from './catalog-access.ts';

/** An error of the pretended server, thrown while a statement runs; the executor writes it as an ERROR token. */
export class ServerError extends Error {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  /** Line in the batch, filled in by the executor when null. */
  line: number | null;
  /** Further messages after the error, e.g. 3621. */
  readonly more: readonly ServerMessage[];

  constructor(
    number: number,
    message: string,
    details: { state?: number; class?: number; line?: number | null; more?: readonly ServerMessage[] } = {},
  ) {
    super(message);
    this.name = 'ServerError';
    this.number = number;
    this.state = details.state ?? 1;
    this.class = details.class ?? 16;
    this.line = details.line ?? null;
    this.more = details.more ?? [];
  }
}

/** What the sandbox cannot do, said aloud (error 40000 is xpdb's own number). */
export function unsupported(what: string, line: number | null = null): ServerError {
  return new ServerError(40000, `not supported by the sandbox: ${what}`, { line });
}
