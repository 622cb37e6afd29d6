/** INSERT … EXEC: the rows that a statement would send, gathered. */
import type { WireColumn } from '../../../data/wire-column.ts';
import type { ResponseWriter } from '../../tds/engine.ts';
import type { Statement } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { cellEnd, cellReader, type Framing, framingOf } from '../types/row-reader.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { wireForm } from '../types/wire-type.ts';
import { Execution } from './execution.ts';
import { Tokens } from './tokens.ts';

interface Collected {
  readonly columns: SqlType[];
  readonly rows: Value[][];
}

/** Runs a statement, keeps its rows, passes its messages on. */
export async function collectRows(x: Execution, statement: Statement): Promise<Collected> {
  let forms: { type: SqlType; framing: Framing; read: ReturnType<typeof cellReader> }[] = [];
  let columns: SqlType[] | null = null;
  const rows: Value[][] = [];
  const fallback = x.session.settings.databaseCollation;
  const receiver: ResponseWriter = {
    columns(given: readonly WireColumn[]) {
      forms = given.map(c => {
        const { type, nullable } = wireForm(c, fallback);
        return { type, framing: framingOf(type, nullable), read: cellReader(type, nullable) };
      });
      if (columns && columns.length !== forms.length)
        throw new ServerError(213, 'Column name or number of supplied values does not match table definition.', {
          state: 7,
        });
      columns ??= forms.map(f => f.type);
    },
    rows(bytes) {
      const b = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      // Rows come without compression of NULLs, since this writer does not allow it.
      for (let at = 0; at < b.length; ) {
        at++;
        const row: Value[] = [];
        for (const f of forms) {
          row.push(f.read(b, at));
          at = cellEnd(b, at, f.framing);
        }
        rows.push(row);
      }
    },
    order: () => undefined,
    info: m => x.tokens.message({ ...m }, m.line),
    error: m => x.tokens.message({ ...m }, m.line),
    done: () => undefined,
    returnStatus: () => undefined,
    returnValue: () => undefined,
    databaseChanged: (to, from) => x.tokens.databaseChanged(to, from),
    languageChanged: (to, from) => x.tokens.languageChanged(to, from),
    transactionChanged: how => x.tokens.transactionChanged(how),
    allowsNbcRow: false,
    drain: () => Promise.resolve(),
  };
  const inner = new Execution(x.session, new Tokens(receiver), x.signal, x.frame, x.faults, x);
  inner.tryDepth = x.tryDepth;
  inner.nesting = x.nesting;
  await x.runOne(inner, statement);
  return { columns: columns ?? [], rows };
}
