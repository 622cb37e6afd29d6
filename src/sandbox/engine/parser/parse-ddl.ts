/** DDL inside a batch is read by the script parser; this finds where its statement begins and ends. */
import { XpdbError } from '../../../model/error.ts';
import { parseDdl } from '../../../tsql/ddl/parse-statement.ts';
import type { DdlStatement } from '../../../tsql/ddl/statement.ts';
import { tokenize } from '../../../tsql/lexer.ts';
import type { Token } from '../../../tsql/token.ts';
import { TokenCursor } from '../../../tsql/token-cursor.ts';
import { ServerError, unsupported } from '../server-error.ts';
import type { DdlParser } from './parse-context.ts';

/** A reader of DDL that keeps the tokens of one batch, so that a batch of many definitions is tokenized once. */
export function ddlParser(): DdlParser {
  let source: string | null = null;
  let tokens: Token[] = [];
  return (text, offset) => {
    try {
      if (text !== source) {
        tokens = tokenize(text);
        source = text;
      }
      const cursor = new TokenCursor(tokens, text, indexAt(tokens, offset));
      const line = cursor.token.line;
      const parsed = parseDdl(cursor);
      if (!parsed || parsed.length === 0) throw notDdl(text, offset, line);
      return { statement: parsed[0] as DdlStatement, end: cursor.atEnd ? text.length : cursor.token.start };
    } catch (error) {
      throw asServerError(error);
    }
  };
}

/** The first token at or after an offset. */
function indexAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

const notDdl = (text: string, offset: number, line: number): ServerError =>
  unsupported(
    text
      .slice(offset, offset + 60)
      .trim()
      .split(/\s+/)
      .slice(0, 3)
      .join(' '),
    line,
  );

function asServerError(error: unknown): unknown {
  if (!(error instanceof XpdbError)) return error;
  const { number, position } = error.details;
  return new ServerError(number ?? 102, error.message, { class: 15, line: position?.line ?? null });
}
