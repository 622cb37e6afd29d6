import type { Finding } from '../compat/finding.ts';
import type { ColumnTrouble } from '../data/large-row-writer.ts';
import { quoteName } from '../tsql/quote.ts';
import { type TableRows, textVectors } from './table-rows.ts';

/**
 * What a table's rows lost on their way, and when they were read.
 * @param nativeVectors the source's server sends vectors in their binary form
 */
export function rowFindings(
  rows: TableRows,
  denormals: readonly ColumnTrouble[],
  replaced: readonly ColumnTrouble[],
  outsideSnapshot: boolean,
  nativeVectors: boolean,
): Finding[] {
  const findings = troubleFindings(rows.name, denormals, replaced);
  findings.push(...vectorFindings(rows, nativeVectors));
  if (outsideSnapshot) {
    findings.push({
      rule: 'filestream-outside-snapshot',
      severity: 'info',
      object: rows.name,
      message:
        'a database snapshot has no FILESTREAM data, so its rows are read from the database itself, later than the others',
    });
  }
  return findings;
}

/** Columns of vector whose numbers come as text: the server does not know the log-in feature for their binary form, or the target has no vector. */
export function vectorFindings(rows: TableRows, nativeVectors: boolean): Finding[] {
  return textVectors(rows, nativeVectors).map(column => ({
    rule: 'vector-text',
    severity: 'blocker',
    object: `${rows.name}.${quoteName(column.name)}`,
    message:
      'the server sends its numbers as text, whose digits may not tell the last bit of a float32; numbers may differ by that',
  }));
}

/**
 * NULL is nothing in CSV, and so in the only column an empty line.
 * @param owner of the columns, quoted
 * @param remedy what to do for readers that skip such lines
 */
export function emptyLineFindings(
  owner: string,
  columns: readonly { readonly name: string; readonly nullable: boolean }[],
  remedy: string,
): Finding[] {
  const [column] = columns;
  if (!column?.nullable || columns.length > 1) return [];
  return [
    {
      rule: 'csv-empty-lines',
      severity: 'info',
      object: `${owner}.${quoteName(column.name)}`,
      message: `a NULL, if it holds any, is an empty line in CSV of one column, which many readers skip; ${remedy}`,
    },
  ];
}

/** @param owner of the columns, quoted */
export function troubleFindings(
  owner: string,
  denormals: readonly ColumnTrouble[],
  replaced: readonly ColumnTrouble[],
): Finding[] {
  const values = (n: number) => (n === 1 ? 'one value' : `${n} values`);
  const finding = (rule: string, column: string, message: string): Finding => ({
    rule,
    severity: 'blocker',
    object: `${owner}.${quoteName(column)}`,
    message,
  });
  return [
    ...denormals.map(({ column, values: n }) =>
      finding(
        'denormal-float',
        column,
        `${values(n)} so small that a server reads their text as 0; --data-format native carries them`,
      ),
    ),
    ...replaced.map(({ column, values: n }) =>
      finding(
        'characters-replaced',
        column,
        `${values(n)} with characters that can't be written as they are; U+FFFD or ? stands for them`,
      ),
    ),
  ];
}
