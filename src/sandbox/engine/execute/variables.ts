/** Variables: DECLARE with a value, SET. */
import type { StatementOf } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { assignment } from '../storage/assign.ts';
import { cutText } from '../types/convert.ts';
import { isBinary, isCharacter, type SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { command } from './commands.ts';
import type { Execution } from './execution.ts';
import { combined, evaluate, planForReading } from './select.ts';

/** A function that assigns values of a type to a variable; text and bytes too long are cut without an error. */
export function setVariable(x: Execution, name: string, from: SqlType | null): (value: Value) => void {
  const variable = x.frame.variables.get(name.toLowerCase());
  if (!variable) throw new ServerError(137, `Must declare the scalar variable "${name}".`, { class: 15, state: 1 });
  if (from === null)
    return () => {
      variable.value = null;
    };
  const { type } = variable;
  const cuts = (isCharacter(type) || isBinary(type)) && type.length > 0;
  const assign = assignment(from, { name, type: cuts ? unlimited(type) : type }, null, x.session.version);
  const { settings } = x.session;
  return value => {
    let v = value === null ? null : assign(value, settings);
    if (v !== null && cuts) v = typeof v === 'string' ? fitText(v, type) : fitBytes(v as Uint8Array, type);
    variable.value = v;
  };
}

const unlimited = (t: SqlType): SqlType => ({
  ...t,
  name: t.name === 'char' ? 'varchar' : t.name === 'nchar' ? 'nvarchar' : t.name === 'binary' ? 'varbinary' : t.name,
  length: -1,
});
function fitText(text: string, type: SqlType): string {
  const cut = cutText(text, type);
  return type.name === 'char' || type.name === 'nchar' ? cut.padEnd(type.length) : cut;
}
function fitBytes(bytes: Uint8Array, type: SqlType): Uint8Array {
  if (bytes.length > type.length) return bytes.subarray(0, type.length);
  if (type.name !== 'binary' || bytes.length === type.length) return bytes;
  const out = Buffer.alloc(type.length);
  out.set(bytes);
  return out;
}

export async function declare(x: Execution, s: StatementOf<'declare'>): Promise<void> {
  for (const v of s.variables) {
    if (!v.value) continue;
    const { value } = v;
    await assign(x, v.name, () => evaluate(x, value));
  }
}

export async function setStatement(x: Execution, s: StatementOf<'setVariable'>): Promise<void> {
  const expression = combined(s.name, s.operator, s.value, s.line);
  await assign(x, s.name, () => evaluate(x, expression));
}

async function assign(x: Execution, name: string, read: () => ReturnType<typeof evaluate>): Promise<void> {
  let found: ReturnType<typeof evaluate> | null = null;
  x.session.reads.clear();
  found = read();
  if (x.session.reads.size > 0) {
    // It reads tables: again, once it may.
    await planForReading(x, () => {
      found = read();
      return { columns: [], correlated: false, orderColumns: null, rows: () => [] };
    });
  }
  setVariable(x, name, found.isNull ? null : found.type)(found.value);
  x.session.rowCount = 1;
  x.tokens.done(command.select, x.counted(1));
}
