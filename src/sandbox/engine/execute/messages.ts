/** PRINT, RAISERROR, THROW. */
import type { StatementOf } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { externalValue } from '../session/external-value.ts';
import { converter, displayText } from '../types/convert.ts';
import { isCharacter, isInteger, nvarcharType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { command } from './commands.ts';
import { RaisedByUser, ThrownByUser } from './errors.ts';
import type { Execution } from './execution.ts';
import { evaluate } from './select.ts';

export function print(x: Execution, s: StatementOf<'print'>): void {
  const { type, value } = evaluate(x, s.value);
  const { settings } = x.session;
  const text =
    value === null ? '' : (converter(type, nvarcharType(4000, settings.databaseCollation))(value, settings) as string);
  x.tokens.message({ number: 0, state: 1, class: 0, message: text === '' ? ' ' : text, line: null }, s.line);
  x.session.rowCount = 0;
  x.tokens.done(command.print, null);
}

interface Argument {
  readonly value: Value;
  readonly text: string;
  readonly kind: 'integer' | 'text' | 'null' | 'other';
}

/** `%d`, `%5.2s`, `%*d`, `%%` … as RAISERROR fills them. */
function format(template: string, args: readonly Argument[]): string {
  let next = 0;
  return template.replace(
    /%([-+0# ]*)(\d+|\*)?(?:\.(\d+|\*))?(?:h|l|I64)?([diosuxX%])/g,
    (whole, flags, width, precision, type) => {
      if (type === '%') return '%';
      const size = (given: string | undefined): number | null =>
        given === undefined ? null : given === '*' ? Number(args[next++]?.text ?? 0) : Number(given);
      const minimum = size(width as string | undefined);
      const digits = size(precision as string | undefined);
      const a = args[next++];
      if (a === undefined || a.kind === 'null') return '(null)';
      if ((type === 's') !== (a.kind === 'text'))
        throw new ServerError(
          2786,
          `The data type of substitution parameter ${next} does not match the expected type of the format specification.`,
        );
      let text = type === 'x' || type === 'X' || type === 'o' ? inBase(a, type as string) : a.text;
      if (type === 's' && digits !== null) text = text.slice(0, digits);
      if ((flags as string).includes('+') && type !== 's' && !text.startsWith('-')) text = `+${text}`;
      if (minimum !== null && text.length < minimum) {
        const pad = minimum - text.length;
        if ((flags as string).includes('-')) text += ' '.repeat(pad);
        else text = ((flags as string).includes('0') ? '0' : ' ').repeat(pad) + text;
      }
      return text.length > 0 ? text : whole === '' ? whole : text;
    },
  );
}
function inBase(a: Argument, type: string): string {
  const n = BigInt.asUintN(typeof a.value === 'bigint' ? 64 : 32, BigInt(a.value as number));
  const text = n.toString(type === 'o' ? 8 : 16);
  return type === 'X' ? text.toUpperCase() : text;
}

function argumentOf(x: Execution, e: StatementOf<'raiserror'>['arguments'][number]): Argument {
  const { type, value, isNull } = evaluate(x, e);
  const kind = isNull || value === null ? 'null' : isInteger(type) ? 'integer' : isCharacter(type) ? 'text' : 'other';
  if (kind === 'other')
    throw new ServerError(2748, `Cannot specify ${type.name} data type (parameter 4) as a substitution parameter.`);
  return { value, text: displayText(value, type, x.session.settings), kind };
}

export function raiserror(x: Execution, s: StatementOf<'raiserror'>): void {
  const message = evaluate(x, s.message);
  const severity = Number(
    externalValue(evaluate(x, s.severity).value, evaluate(x, s.severity).type, x.session.settings) ?? 0,
  );
  const given = Number(externalValue(evaluate(x, s.state).value, evaluate(x, s.state).type, x.session.settings) ?? 1);
  const state = given < 0 ? 1 : Math.min(given, 255);
  const level = Math.min(Math.max(severity, 0), 25);
  let number = 50000;
  let text: string;
  if (isInteger(message.type) && !message.isNull) {
    number = Number(message.value);
    throw new ServerError(
      18054,
      `Error ${number}, severity ${level}, state ${state} was raised, but no message with that error number was found in sys.messages. If error is larger than 50000, make sure the user-defined message is added using sp_addmessage.`,
      { state: 1, class: 16 },
    );
  } else
    text = format(
      message.value === null ? '' : String(message.value),
      s.arguments.map(e => argumentOf(x, e)),
    );
  if (level > 18 && !s.options.includes('LOG'))
    throw new ServerError(
      2754,
      'Error severity levels greater than 18 can only be specified by members of the sysadmin role, using the WITH LOG option.',
    );
  const setError = s.options.includes('SETERROR');
  if (level > 10) throw new RaisedByUser(number, text.slice(0, 2047), { state, class: level, line: s.line });
  x.tokens.message({ number, state, class: level, message: text.slice(0, 2047), line: null }, s.line);
  x.session.rowCount = 0;
  x.session.lastError = setError ? number : 0;
  x.tokens.done(command.raiserror, null);
}

export function throwStatement(x: Execution, s: StatementOf<'throw'>): never {
  const { session } = x;
  if (!s.number || !s.message || !s.state) {
    const { caught } = session;
    if (!caught)
      throw new ServerError(
        10704,
        'To rethrow an error, a THROW statement must be used inside a CATCH block. Insert the THROW statement inside a CATCH block, or add error parameters to the THROW statement.',
        { class: 15 },
      );
    throw new ThrownByUser(caught.number, caught.message, {
      state: caught.state,
      class: caught.severity,
      line: caught.line,
    });
  }
  const number = Number(evaluate(x, s.number).value);
  if (number < 50000)
    throw new ServerError(
      35100,
      `Error number ${number} in the THROW statement is outside the valid range. Specify an error number in the valid range of 50000 to 2147483647.`,
    );
  throw new ThrownByUser(number, String(evaluate(x, s.message).value ?? ''), {
    state: Number(evaluate(x, s.state).value ?? 1),
    class: 16,
    line: s.line,
  });
}
