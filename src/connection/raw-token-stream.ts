/**
 * The loop over the tokens of one answer: rows go to the sink as bytes, everything else to tedious' handler. Stands in for tedious'
 * TokenStreamParser (see raw-rows.ts).
 */

import { EventEmitter } from 'node:events';
import type { TokenHandler } from 'tedious/lib/token/handler.js';
import type { Token } from 'tedious/lib/token/token.js';
import type { RowsTaken } from '../data/rows-taken.ts';
import type { WireColumn } from '../data/wire-column.ts';
import { XpdbError } from '../model/error.ts';
import type { Message } from './packet-reader.ts';
import type { Response } from './response.ts';
import type { ServerMessage } from './sql-error.ts';

/** Reads the tokens of an answer from its bytes. */
export interface TokenParser {
  /** @param bytes valid until `keepRest` */
  write(bytes: Buffer): void;
  /** The next token; undefined when more bytes are needed. */
  read(): Token | RawToken | undefined;
  /** Copies what was not read yet of bytes whose memory is about to be used again. */
  keepRest(): void;
  /** Lets the sink find the ends of rows by itself, of a token that asks. */
  offerRows(): RowsTaken | null;
  /** @throws Error when a token is not whole */
  end(): void;
}

/** Bytes in place of tedious' tokens for metadata and rows. */
export type RawToken =
  | { readonly raw: 'columns'; readonly columns: readonly WireColumn[] }
  | {
      readonly raw: 'rows';
      readonly bytes: Uint8Array;
      readonly start: number;
      readonly end: number;
      readonly count: number;
    }
  | { readonly raw: 'ask'; readonly parser: TokenParser }
  | { readonly raw: 'part'; readonly bytes: Uint8Array; readonly last: boolean };

export class RawTokenStream extends EventEmitter {
  #paused = false;
  #resumed: (() => void) | undefined;

  constructor(message: Message, parser: TokenParser, handler: TokenHandler, response: Response) {
    super();
    this.#run(message, parser, handler, response).then(
      () => process.nextTick(() => this.emit('end')),
      error => process.nextTick(() => this.emit('error', error)),
    );
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#resumed?.();
    this.#resumed = undefined;
  }

  async #run(message: Message, parser: TokenParser, handler: TokenHandler, response: Response): Promise<void> {
    // Not `for await`: that would destroy the message when parsing fails, and the connection with it.
    const pieces = message.pieces();
    let discard = false;
    for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
      if (discard) continue;
      parser.write(next.value);
      while (!discard) {
        while (this.#paused) await new Promise<void>(resolve => (this.#resumed = resolve));
        let token: Token | RawToken | undefined;
        try {
          token = parser.read();
        } catch (error) {
          // A server may stop a cancelled answer anywhere, so its end is thrown away unread.
          if (!response.cancelled && !(error instanceof XpdbError)) throw error;
          response.fail(error);
          discard = true;
          break;
        }
        if (token === undefined) break;
        if (!('raw' in token)) {
          note(token, response);
          (handler as unknown as Record<string, (token: Token) => void>)[token.handlerName]!(token);
        } else if (response.cancelled) {
          discard = true;
        } else {
          try {
            const wait = deliver(token as unknown as RawToken, response);
            if (wait) await response.until(wait);
          } catch (error) {
            response.fail(error);
          }
          discard = response.cancelled;
        }
      }
      parser.keepRest();
    }
    if (discard || response.cancelled) return;
    parser.end();
    if (!response.done) throw new Error('the answer ends without its DONE token');
  }
}

function deliver(token: RawToken, response: Response): void | Promise<void> {
  switch (token.raw) {
    case 'columns':
      return response.columns(token.columns);
    case 'rows':
      response.rows += token.count;
      return response.sink.rows(token.bytes, token.start, token.end, token.count);
    case 'ask': {
      const taken = token.parser.offerRows();
      response.rows += taken?.count ?? 0;
      return taken?.wait;
    }
    default:
      if (token.last) response.rows++;
      return response.assembler.part(token.bytes, token.last);
  }
}

/** The parts of tedious' tokens that the response keeps. */
interface ReportingToken {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
  readonly serverName: string;
  readonly procName: string;
  readonly lineNumber: number;
  readonly rowCount: number | undefined;
  readonly more: boolean;
}

function note(token: Token, response: Response): void {
  const report = token as unknown as ReportingToken;
  switch (token.handlerName) {
    case 'onErrorMessage':
      response.errors.push(messageOf(report));
      break;
    case 'onInfoMessage':
      response.info(messageOf(report));
      break;
    case 'onDone':
    case 'onDoneProc':
    case 'onDoneInProc':
      response.done = !report.more;
      if (report.rowCount !== undefined) response.rowCounts.push(report.rowCount);
      break;
    default:
      break;
  }
}

/** From an ERROR or INFO token of tedious. */
export function messageOf(token: Omit<ReportingToken, 'rowCount' | 'more'>): ServerMessage {
  return {
    number: token.number,
    state: token.state,
    class: token.class,
    line: token.lineNumber,
    procedure: token.procName,
    server: token.serverName,
    message: token.message,
  };
}
