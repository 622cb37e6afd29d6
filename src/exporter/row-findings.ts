import type { Finding } from '../compat/finding.ts';
import type { ColumnTrouble } from '../data/large-row-writer.ts';
import { quoteName } from '../tsql/quote.ts';
import type { TableRows } from './table-rows.ts';

/** What a table's rows lost on their way into text, and when they were read. */
export function rowFindings(
  rows: TableRows,
  denormals: readonly ColumnTrouble[],
  replaced: readonly ColumnTrouble[],
  outsideSnapshot: boolean,
): Finding[] {
  const findings: Finding[] = [];
  const values = (n: number) => (n === 1 ? 'one value' : `${n} values`);
  for (const { column, values: n } of denormals) {
    findings.push({
      rule: 'denormal-float',
      severity: 'blocker',
      object: `${rows.name}.${quoteName(column)}`,
      message: `${values(n)} so small that the server reads their text as 0; --data-format native carries them`,
    });
  }
  for (const { column, values: n } of replaced) {
    findings.push({
      rule: 'characters-replaced',
      severity: 'blocker',
      object: `${rows.name}.${quoteName(column)}`,
      message: `${values(n)} with characters that can't be written as they are; U+FFFD or ? stands for them`,
    });
  }
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
