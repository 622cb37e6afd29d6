/** Tokens of T-SQL as the lexer yields them. */
export type TokenKind =
  | 'word' // keyword or regular identifier, also #temp, ##temp
  | 'bracketed' // [a]]b]
  | 'quoted' // "a""b": identifier under QUOTED_IDENTIFIER ON, string under OFF
  | 'string' // 'it''s'
  | 'nstring' // N'it''s'
  | 'binary' // 0x0A1B (also 0x alone)
  | 'number' // 12  1.5  .5  1E3
  | 'money' // $1.50
  | 'variable' // @v @@ROWCOUNT
  | 'operator' // + - * / % & | ^ ~ = < > <= >= <> != !< !> += -= … :: . , ; ( ) and { } of ODBC escapes
  | 'comment' // -- to end of line, or nested /* */
  | 'space' // blanks and line breaks
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written. */
  readonly text: string;
  /** Meaning: identifier or string content unquoted, words in upper case, else the text. */
  readonly value: string;
  /** Offset in the text of the statement or script that was lexed, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}
