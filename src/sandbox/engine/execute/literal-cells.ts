/** Cells of INSERT … VALUES that are literals, converted without binding each one: scripts of data are made of them. */
import { numberLiteral } from '../bind/expressions.ts';
import type { SandboxTable } from '../catalog-access.ts';
import type { Expression } from '../parser/ast.ts';
import { type Assign, assignment } from '../storage/assign.ts';
import type { LayoutColumn } from '../storage/layout.ts';
import type { SessionSettings } from '../types/session-settings.ts';
import { nvarcharType, type SqlType, types, varbinaryType, varcharType } from '../types/sql-type.ts';
import { throughCodePage } from '../types/text-codec.ts';
import type { Value } from '../types/values.ts';

/** Value of a literal for one column; undefined: bind it as an expression. */
export type LiteralCell = (e: Expression) => Value | undefined;

type Literal = Extract<Expression, { kind: 'literal' }>;

export function literalCell(
  column: LayoutColumn,
  table: SandboxTable,
  version: number,
  settings: SessionSettings,
): LiteralCell {
  // Its values carry the length of each literal's type.
  if (column.type.name === 'sql_variant') return () => undefined;
  const assigns = new Map<string, Assign>();
  const assignFrom = (key: string, type: SqlType): Assign => {
    let assign = assigns.get(key);
    if (!assign) assigns.set(key, (assign = assignment(type, column, table, version)));
    return assign;
  };
  const collation = settings.databaseCollation;
  const ansi = varcharType(-1, collation);
  const unicode = nvarcharType(-1, collation);
  const binary = varbinaryType(-1);
  const number = (text: string, negative: boolean): Value => {
    if (text.length < 10 && isDigits(text))
      return assignFrom('int', types.int)(negative ? -Number(text) : Number(text), settings);
    const bound = numberLiteral(text);
    const value = bound.eval(noEnv);
    const t = bound.type;
    const assign = assignFrom(`${t.name} ${t.precision} ${t.scale}`, t);
    return assign(negative ? negated(value) : value, settings);
  };
  const convert = (e: Literal): Value | undefined => {
    switch (e.form) {
      case 'null':
        return null;
      case 'nstring':
        return assignFrom('n', unicode)(e.text, settings);
      case 'string':
        return assignFrom('s', ansi)(throughCodePage(e.text, collation), settings);
      case 'number':
        return number(e.text, false);
      case 'binary': {
        const digits = e.text.length - 2;
        if (e.text.includes('\\')) return undefined;
        const hex = digits % 2 ? `0${e.text.slice(2)}` : e.text.slice(2);
        return assignFrom('b', binary)(Buffer.from(hex, 'hex'), settings);
      }
      default:
        return undefined;
    }
  };
  return e => {
    if (e.kind === 'literal') return convert(e);
    // -2147483648 is an int of its own; other negative numbers are their positive form negated.
    if (e.kind === 'unary' && e.operator === '-' && e.operand.kind === 'literal' && e.operand.form === 'number')
      return number(e.operand.text, true);
    return undefined;
  };
}

function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  return true;
}
const noEnv = null as never;
const negated = (v: Value): Value => (typeof v === 'bigint' ? -v : v === null ? null : -(v as number));

/** Families of literals that VALUES may not mix in a column without changing their meaning (rows meet in one type, like UNION). */
export function literalFamily(e: Expression): 'text' | 'number' | 'binary' | 'null' | 'other' {
  const literal = e.kind === 'unary' && e.operator === '-' ? e.operand : e;
  if (e.kind === 'default') return 'null';
  if (literal.kind !== 'literal') return 'other';
  switch (literal.form) {
    case 'null':
      return 'null';
    case 'string':
    case 'nstring':
      return 'text';
    case 'number':
      return 'number';
    case 'binary':
      return 'binary';
    default:
      return 'other';
  }
}
