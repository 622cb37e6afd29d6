/** How rows look as CSV (RFC 4180): lines end with CRLF, a field with a delimiter, quote or line break in it is quoted. */

import { ExitCode, XpdbError } from '../model/error.ts';
import type { CodePageNumber } from './code-page.ts';

export interface CsvOptions {
  /** One ASCII character. Default a comma. */
  readonly delimiter?: string;
  /** What NULL is, never in quotes; a text that is the same stands in quotes. Default nothing, so that `""` is the empty string. */
  readonly nullText?: string;
  /** A first line with the columns' names. Default true. */
  readonly header?: boolean;
  /** Byte order mark before everything; for UTF-8 and UTF-16 only. Default false. */
  readonly bom?: boolean;
  /** Default UTF-8. A code page replaces what it lacks by `?`. */
  readonly encoding?: 'utf8' | 'utf16le' | CodePageNumber;
  /** Default CRLF. */
  readonly newline?: '\r\n' | '\n';
  /** Stop at the first value with characters that the encoding lacks. Default false: they are replaced and counted. */
  readonly strict?: boolean;
}

export const defaultCsv: Required<CsvOptions> = {
  delimiter: ',',
  nullText: '',
  header: true,
  bom: false,
  encoding: 'utf8',
  newline: '\r\n',
  strict: false,
};

/** @throws XpdbError (usage) for a delimiter or NULL text that would make fields ambiguous */
export function csvOptions(given: CsvOptions): Required<CsvOptions> {
  const options = { ...defaultCsv, ...given, encoding: given.encoding === 65001 ? 'utf8' : (given.encoding ?? 'utf8') };
  if (!/^[\t -~]$/.test(options.delimiter) || /^[\w".+-]$/.test(options.delimiter)) {
    throw new XpdbError(`${JSON.stringify(options.delimiter)} can't be the delimiter of CSV`, {
      hint: 'use one ASCII character that stands in no number: a comma, semicolon, tab, bar',
      exitCode: ExitCode.usage,
    });
  }
  if (options.nullText.includes(options.delimiter) || !/^[ -!#-~]*$/.test(options.nullText)) {
    throw new XpdbError(`${JSON.stringify(options.nullText)} can't stand for NULL in CSV`, {
      hint: 'use ASCII text without quote, delimiter and line break',
      exitCode: ExitCode.usage,
    });
  }
  if (/^(?:-?[\d.]|0x)/i.test(options.nullText)) {
    throw new XpdbError(`${JSON.stringify(options.nullText)} can't stand for NULL in CSV, for it may be a number`, {
      exitCode: ExitCode.usage,
    });
  }
  if (options.bom && typeof options.encoding === 'number') {
    throw new XpdbError(`code page ${options.encoding} has no byte order mark`, {
      hint: 'leave --bom out, or --code-page for UTF-8',
      exitCode: ExitCode.usage,
    });
  }
  return options;
}

/** The error of `strict`. */
export function notInEncoding(column: string, encoding: Required<CsvOptions>['encoding']): XpdbError {
  const name = typeof encoding === 'number' ? `code page ${encoding}` : encoding === 'utf8' ? 'UTF-8' : 'UTF-16';
  return new XpdbError(`column ${column} holds characters that ${name} lacks`, {
    hint:
      typeof encoding === 'number'
        ? 'leave --code-page out for UTF-8, or --strict to have them replaced'
        : 'use --data-format jsonl or native, or leave --strict out to have them replaced',
  });
}
