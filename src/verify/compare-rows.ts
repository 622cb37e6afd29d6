import { runChunks } from '../archive/run-chunks.ts';
import type { Finding } from '../compat/finding.ts';
import type { Database } from '../model/database.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { Table } from '../model/table.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { isChosen } from './chosen-tables.ts';
import { compareTable } from './compare-table.ts';
import { explanation } from './explanation.ts';
import type { Side } from './side.ts';
import { openSummers } from './table-summer.ts';
import type { TableComparison, VerifyOptions } from './verify-options.ts';

/**
 * Compares the rows of all tables of the first side, several tables at a time. One that the second side lacks is different.
 * @param expected the first side's database as the second side can hold it
 * @param findings what is known to be lost on the way
 * @returns in the order of the tables
 * @throws the first error, when all jobs have ended
 */
export async function compareRows(
  from: Side,
  to: Side,
  expected: Database,
  findings: readonly Finding[],
  options: VerifyOptions,
): Promise<TableComparison[]> {
  if (options.sample !== null && (from.kind !== 'server' || to.kind !== 'server')) {
    throw new XpdbError('a sample needs two servers: the content of a script or archive is summed as a whole', {
      exitCode: ExitCode.usage,
    });
  }
  const chosen = expected.tables.filter(t => isChosen(t, options));
  const pairs = chosen.flatMap(t => {
    const twin = to.database.tables.find(o => o.schema === t.schema && o.name === t.name);
    return twin ? [{ name: quoteQualified(t.schema, t.name), from: t, to: twin }] : [];
  });
  const compared = new Map<Table, TableComparison>();
  const servers = { from: from.connection, to: to.connection };
  const reading = servers.from !== null || servers.to !== null;
  await runChunks({
    chunks: pairs,
    runners: openSummers(reading ? Math.min(options.jobs, pairs.length) : 1, servers),
    run: async (summer, pair, onRows) => {
      onRows(0);
      let read = 0;
      const own = findings.filter(f => f.object === pair.name || f.object.startsWith(`${pair.name}.`));
      const aliases = { fromAliases: expected.aliasTypes, toAliases: to.database.aliasTypes };
      const comparison = await compareTable(from, to, { ...pair, ...aliases, findings: own }, options, summer, rows => {
        // Of a sample all rows are counted once more.
        read = Math.max(read, rows);
        onRows(read);
      });
      compared.set(pair.from, comparison);
      return read;
    },
    signal: options.signal ?? new AbortController().signal,
    onRows: (rows, pair) =>
      options.report({
        phase: 'verify',
        object: pair.name,
        tablesDone: compared.size,
        tablesTotal: pairs.length,
        rows,
        rowsTotal: null,
        bytes: 0,
        bytesTotal: null,
      }),
  });
  return (options.someTables ? pairs.map(p => p.from) : chosen).map(
    t => compared.get(t) ?? missingTable(quoteQualified(t.schema, t.name), to, findings),
  );
}

function missingTable(table: string, to: Side, findings: readonly Finding[]): TableComparison {
  const missing = { kind: 'table', object: table, difference: 'missing', path: null, from: null, to: null } as const;
  const foretold = explanation(missing, findings);
  return {
    table,
    state: foretold ? 'explained' : 'different',
    fromRows: null,
    toRows: null,
    fromRowsum: null,
    toRowsum: null,
    leftOut: [],
    note: foretold ? `${foretold.message} (${foretold.rule})` : `${to.label} has no such table`,
    rows: [],
  };
}
