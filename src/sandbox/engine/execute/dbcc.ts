/** DBCC. */
import type { StatementOf } from '../parser/ast.ts';
import { Cursor } from '../parser/cursor.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { layoutOf } from '../storage/layout.ts';
import { converter } from '../types/convert.ts';
import { decimalType } from '../types/sql-type.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { evaluate } from './select.ts';
import { resolveTarget } from './target.ts';

/** Checks and maintenance that have nothing to do here: they find nothing. */
const harmless = new Set([
  'CHECKDB',
  'CHECKTABLE',
  'CHECKALLOC',
  'CHECKCATALOG',
  'CHECKCONSTRAINTS',
  'CHECKFILEGROUP',
  'UPDATEUSAGE',
  'DROPCLEANBUFFERS',
  'FREEPROCCACHE',
  'FREESYSTEMCACHE',
  'FREESESSIONCACHE',
  'TRACEON',
  'TRACEOFF',
  'CLEANTABLE',
]);

const finished = 'DBCC execution completed. If DBCC printed error messages, contact your system administrator.';

export async function dbcc(x: Execution, s: StatementOf<'dbcc'>): Promise<void> {
  const quiet = s.options.includes('NO_INFOMSGS');
  if (s.command === 'CHECKIDENT') await checkIdentity(x, s, quiet);
  else if (!harmless.has(s.command)) throw unsupported(`DBCC ${s.command}`, s.line);
  if (!quiet) x.tokens.message({ number: 2528, state: 1, class: 0, message: finished, line: null }, s.line);
  x.session.rowCount = 0;
  x.tokens.done(command.dbcc, null);
}

/** `DBCC CHECKIDENT (table [, NORESEED | RESEED [, value]])`. */
async function checkIdentity(x: Execution, s: StatementOf<'dbcc'>, quiet: boolean): Promise<void> {
  const { session } = x;
  const text = (i: number): string | null => {
    const e = s.arguments[i];
    return e ? String(evaluate(x, e).value ?? '') : null;
  };
  const written = text(0) ?? '';
  const name = new Cursor(written, true).objectName();
  const { table } = resolveIdentityTable(x, name, written);
  const layout = layoutOf(table);
  if (layout.identity < 0) throw new ServerError(7997, `'${written}' does not contain an identity column.`);
  const mode = (text(1) ?? 'RESEED').toUpperCase();
  const current = session.catalog.identityState(table).lastValue;
  const shown = current === null ? 'NULL' : String(current);
  if (mode === 'RESEED' && s.arguments.length > 2) {
    const given = evaluate(x, s.arguments[2]!);
    const value = converter(given.type, decimalType(38, 0))(given.value, session.settings) as bigint;
    await session.transaction.statement(x.waiter, () => {
      const { increment } = layout.columns[layout.identity]!.definition.identity!;
      // A table that never had a row begins with the value itself.
      session.catalog.setIdentityState(table, current === null ? value - increment : value);
    });
    if (!quiet) say(x, s, `Checking identity information: current identity value '${shown}'.`);
    return;
  }
  const extreme = session.parts.rows.identityExtreme(table);
  if (!quiet)
    say(
      x,
      s,
      `Checking identity information: current identity value '${shown}', current column value '${extreme === null ? 'NULL' : extreme}'.`,
    );
  if (mode === 'RESEED' && extreme !== null && (current === null || extreme > current))
    await session.transaction.statement(x.waiter, () => session.catalog.setIdentityState(table, extreme));
}

function resolveIdentityTable(x: Execution, name: ReturnType<Cursor['objectName']>, written: string) {
  try {
    return resolveTarget(x, { kind: 'object', name }, 'DBCC CHECKIDENT');
  } catch (error) {
    if (error instanceof ServerError && error.number === 208)
      throw new ServerError(
        2501,
        `Cannot find a table or object with the name "${written}". Check the system catalog.`,
        {
          state: 45,
        },
      );
    throw error;
  }
}

function say(x: Execution, s: StatementOf<'dbcc'>, message: string): void {
  x.tokens.message({ number: 7998, state: 1, class: 0, message, line: null }, s.line);
}
