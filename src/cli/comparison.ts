import type { TableComparison, VerifyResult } from '../verify/verify-options.ts';
import { say, table, thousands, warn } from './terminal.ts';

/** Differences first, then a line for each table, then the sum of it all. */
export function printComparison(result: VerifyResult, seconds: number): void {
  for (const d of result.schema?.differences ?? []) {
    const place = d.path === null ? '' : ` ${d.path}`;
    const values =
      d.difference === 'different'
        ? `: ${d.from ?? '?'} and ${d.to ?? '?'}`
        : ` in ${lackingSide(result, d.difference)}`;
    const text = `${d.kind} ${d.object}${place} ${d.difference === 'different' ? 'differs' : 'is missing'}${values}`;
    if (d.explained) say(`explained by ${d.explained.rule}: ${text}`);
    else warn(text);
  }
  const tables = result.tables ?? [];
  for (const t of tables) {
    if (t.state === 'different') warn(`${t.table}: ${t.note ?? 'differs'}`);
    for (const row of t.rows) {
      const what = { missing: `missing in ${result.to}`, extra: `missing in ${result.from}`, different: 'differs' }[
        row.difference
      ];
      const columns = row.columns.map(c => `${c.column}: ${c.from} and ${c.to}`).join('; ');
      say(`  ${row.key} ${what}${columns === '' ? '' : `: ${columns}`}`);
    }
  }
  if (tables.length > 0) say(table([['table', 'rows', 'rows', 'content', ''], ...tables.map(tableLine)]));
  const unexplained = result.schema?.differences.filter(d => d.explained === null).length ?? 0;
  const rows = tables.reduce((sum, t) => sum + (t.fromRows ?? 0), 0);
  say(
    table([
      ['objects', 'differences', 'tables', 'rows', 'seconds', ''],
      [
        result.schema?.objects ?? 0,
        unexplained + tables.filter(t => t.state === 'different').length,
        tables.length,
        rows,
        seconds.toFixed(1),
        verdict(result),
      ],
    ]),
  );
}

/** Tables whose contents were not compared are not called equal. */
function verdict({ equal, tables }: VerifyResult): string {
  if (!equal) return 'different';
  const counted = (tables ?? []).filter(t => t.state === 'counted' || t.state === 'notCompared').length;
  if (counted === 0) return 'equal';
  return `equal, but for ${counted} ${counted === 1 ? 'table whose content was' : 'tables whose contents were'} not compared`;
}

function lackingSide(result: VerifyResult, difference: 'missing' | 'extra'): string {
  return difference === 'missing' ? result.to : result.from;
}

function tableLine(t: TableComparison): string[] {
  const words = {
    equal: 'equal',
    counted: 'same number',
    different: 'different',
    explained: 'explained',
    notCompared: 'not compared',
  };
  const leftOut = t.leftOut.length === 0 ? null : `without ${t.leftOut.join(', ')}`;
  const note = [t.note, leftOut].filter(n => n !== null).join('; ');
  const count = (n: number | null) => (n === null ? '' : thousands(n));
  return [t.table, count(t.fromRows), count(t.toRows), words[t.state], note];
}
