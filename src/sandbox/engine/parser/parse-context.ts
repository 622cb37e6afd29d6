import type { DdlStatement } from '../../../tsql/ddl/statement.ts';
import type { Cursor } from './cursor.ts';

/** Reads one DDL statement at an offset of the batch. `end`: where the next statement begins. */
export type DdlParser = (
  source: string,
  offset: number,
  quotedIdentifier: boolean,
) => { readonly statement: DdlStatement; readonly end: number };

export interface ParserOptions {
  readonly quotedIdentifier: boolean;
  readonly parseDdl: DdlParser;
  /** 100 … 170: syntax newer than that is refused as its server would. */
  readonly version: number;
}

/** What the parsers of statements share. */
export interface ParseContext {
  readonly c: Cursor;
  readonly options: ParserOptions;
}
