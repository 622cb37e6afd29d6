/** SET of options. */
import type { StatementOf } from '../parser/ast.ts';
import { resolveObject } from '../query/from.ts';
import { ServerError, unsupported } from '../server-error.ts';
import { setDateFirst, setDateFormat, setFlag, setIsolation } from '../session/set-options.ts';
import { isTemporaryName } from '../session/temporary-tables.ts';
import { layoutOf } from '../storage/layout.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { evaluate } from './select.ts';

export function setOption(x: Execution, s: StatementOf<'setOption'>): void {
  const { session } = x;
  const { options } = session;
  let current: number = command.setOn;
  const text = (): string => (s.expression ? String(evaluate(x, s.expression).value ?? '') : s.value);
  for (const option of s.options) {
    switch (option) {
      case 'DATEFORMAT':
        setDateFormat(options, text());
        current = command.setDate;
        break;
      case 'DATEFIRST':
        setDateFirst(options, Number(text()));
        current = command.setDate;
        break;
      case 'LANGUAGE':
        setLanguage(x, text(), s.line);
        current = command.setDate;
        break;
      case 'TEXTSIZE': {
        const n = Number(text());
        options.textSize = n <= 0 ? 2147483647 : n;
        break;
      }
      case 'LOCK_TIMEOUT':
        options.lockTimeout = Number(text());
        break;
      case 'ROWCOUNT':
        options.rowCountLimit = Math.max(0, Number(text()));
        break;
      case 'TRANSACTION ISOLATION LEVEL':
        setIsolation(options, s.value);
        break;
      case 'DEADLOCK_PRIORITY':
      case 'QUERY_GOVERNOR_COST_LIMIT':
        break;
      case 'STATISTICS':
        // Statistics of execution are not made; OFF is what it is anyway.
        if (s.value.toUpperCase() === 'ON') throw unsupported('SET STATISTICS … ON', s.line);
        current = command.setOff;
        break;
      default:
        if (option.startsWith('SHOWPLAN')) {
          if (s.value === 'ON') throw unsupported(`SET ${option} ON`, s.line);
          current = command.setOff;
          break;
        }
        if (!setFlag(options, option, s.value === 'ON')) throw unsupported(`SET ${option}`, s.line);
        if (s.value === 'OFF') current = command.setOff;
    }
  }
  session.rowCount = 0;
  x.tokens.done(current, null);
}

function setLanguage(x: Execution, name: string, line: number): void {
  const known = /^(us_english|english|british)$/i.exec(name);
  if (!known) throw unsupported(`SET LANGUAGE ${name}`, line);
  const british = /^british$/i.test(name);
  x.session.options.dateFormat = british ? 'dmy' : 'mdy';
  x.session.options.dateFirst = british ? 1 : 7;
  const language = british ? 'British' : 'us_english';
  x.tokens.languageChanged(language, 'us_english');
  x.tokens.message(
    { number: 5703, state: 1, class: 0, message: `Changed language setting to ${language}.`, line: null },
    line,
  );
}

export function setIdentityInsert(x: Execution, s: StatementOf<'setIdentityInsert'>): void {
  const { session } = x;
  const written = [s.name.database, s.name.schema, s.name.name].filter(p => p !== null).join('.');
  const found = isTemporaryName(s.name.name) ? session.temporary.find(s.name.name) : resolveObject(s.name, x.bind());
  if (found?.kind !== 'table')
    throw new ServerError(
      1088,
      `Cannot find the object "${written}" because it does not exist or you do not have permissions.`,
      { state: 11 },
    );
  if (layoutOf(found).identity < 0)
    throw new ServerError(
      8106,
      `Table '${written}' does not have the identity property. Cannot perform SET operation.`,
    );
  const { identityInsert } = session;
  const same = identityInsert?.databaseId === found.databaseId && identityInsert.objectId === found.objectId;
  if (s.on) {
    if (identityInsert && !same && session.catalog.tableById(identityInsert.databaseId, identityInsert.objectId))
      throw new ServerError(
        8107,
        `IDENTITY_INSERT is already ON for table '${identityInsert.name}'. Cannot perform SET operation for table '${written}'.`,
      );
    session.identityInsert = {
      databaseId: found.databaseId,
      objectId: found.objectId,
      name: `${found.database}.${found.schema}.${found.name}`,
    };
  } else if (same) session.identityInsert = null;
  session.rowCount = 0;
  x.tokens.done(s.on ? command.setOn : command.setOff, null);
}
