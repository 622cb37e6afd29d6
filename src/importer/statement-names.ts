/** Names of objects in statements: what they create, drop or concern. */

import type { DdlStatement, ObjectName } from '../tsql/ddl/statement.ts';
import { afterTrivia } from '../tsql/leading-trivia.ts';
import { tokenize } from '../tsql/lexer.ts';
import type { Token } from '../tsql/token.ts';
import type { StatementFacts } from './statement-facts.ts';
import { isNameToken, nameValue, wordOf } from './token-edit.ts';

/** Kinds of names that live apart from each other in a database. */
export type NameKind =
  | 'object'
  | 'type'
  | 'schema'
  | 'principal'
  | 'partition function'
  | 'partition scheme'
  | 'xml schema collection'
  | 'full-text catalog';

export interface NamedThing {
  readonly kind: NameKind;
  readonly schema: string | null;
  readonly name: string;
}

const kinds: readonly (readonly [words: string, kind: NameKind])[] = [
  ['TABLE', 'object'],
  ['VIEW', 'object'],
  ['PROC', 'object'],
  ['PROCEDURE', 'object'],
  ['FUNCTION', 'object'],
  ['TRIGGER', 'object'],
  ['SYNONYM', 'object'],
  ['SEQUENCE', 'object'],
  ['RULE', 'object'],
  ['DEFAULT', 'object'],
  ['AGGREGATE', 'object'],
  ['QUEUE', 'object'],
  ['TYPE', 'type'],
  ['SCHEMA', 'schema'],
  ['USER', 'principal'],
  ['ROLE', 'principal'],
  ['APPLICATION ROLE', 'principal'],
  ['PARTITION FUNCTION', 'partition function'],
  ['PARTITION SCHEME', 'partition scheme'],
  ['XML SCHEMA COLLECTION', 'xml schema collection'],
  ['FULLTEXT CATALOG', 'full-text catalog'],
];

/** What the statements CREATE (or DROP), guarded ones and those in a string for sp_executesql included. */
export function namesAfter(verb: 'CREATE' | 'DROP', facts: StatementFacts): NamedThing[] {
  return namesIn(verb, facts.tokens, facts.module);
}

function namesIn(verb: 'CREATE' | 'DROP', tokens: readonly Token[], firstOnly: boolean): NamedThing[] {
  const found: NamedThing[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (wordOf(token) === verb) {
      const named = namedAt(tokens, wordOf(tokens[i + 1]) === 'OR' ? i + 3 : i + 1);
      found.push(...named);
      // A module's body does not run now.
      if (firstOnly) break;
    } else if (
      verb === 'CREATE' &&
      token.kind === 'nstring' &&
      /^CREATE\s/i.test(token.value.slice(afterTrivia(token.value)))
    ) {
      found.push(...namesIn(verb, tokenize(token.value), true));
    }
  }
  return found;
}

function namedAt(tokens: readonly Token[], at: number): NamedThing[] {
  for (const [words, kind] of kinds) {
    const list = words.split(' ');
    if (!list.every((w, i) => wordOf(tokens[at + i]) === w)) continue;
    let next = at + list.length;
    if (wordOf(tokens[next]) === 'IF') next += 2;
    const things: NamedThing[] = [];
    for (;;) {
      const { name, end } = nameAt(tokens, next);
      // Temporary objects are nobody's. CREATE SCHEMA AUTHORIZATION x has no name of its own.
      if (name && !name.name.startsWith('#')) things.push({ kind, schema: name.schema, name: name.name });
      if (tokens[end]?.text !== ',') break;
      next = end + 1;
    }
    return things;
  }
  return [];
}

/** The name that begins at a token, and the index behind it. */
export function nameAt(tokens: readonly Token[], at: number): { name: ObjectName | null; end: number } {
  const parts: string[] = [];
  let end = at;
  while (isNameToken(tokens[end])) {
    parts.push(nameValue(tokens[end]!));
    end++;
    if (tokens[end]?.text !== '.') break;
    end++;
    while (tokens[end]?.text === '.') {
      parts.push('');
      end++;
    }
  }
  const part = (n: number) => parts.at(-1 - n) || null;
  return {
    name: parts.length === 0 ? null : { server: part(3), database: part(2), schema: part(1), name: parts.at(-1)! },
    end,
  };
}

/** The object that a statement is about: an index's table, a trigger's table, the securable of a GRANT. */
export function subjectOf(facts: StatementFacts): ObjectName | null {
  for (const statement of facts.statements) {
    const subject = subjectOfStatement(statement);
    if (subject) return subject;
  }
  const { tokens } = facts;
  if (wordOf(tokens[0]) === 'DBCC' && tokens[2]?.text === '(') {
    const named = tokens[3]!;
    return named.kind === 'string' || named.kind === 'nstring' ? nameInText(named.value) : null;
  }
  // Indexes of other kinds: CREATE … INDEX i ON t.
  const index = tokens.findIndex((t, i) => i < 6 && wordOf(t) === 'INDEX');
  if (index > 0 && ['CREATE', 'ALTER'].includes(wordOf(tokens[0]))) {
    const on = tokens.findIndex((t, i) => i > index && wordOf(t) === 'ON');
    if (on > 0 && on <= index + 2) return nameAt(tokens, on + 1).name;
  }
  return null;
}

/** `[dbo].[t]` in a string or marker. */
export function nameInText(text: string): ObjectName | null {
  return nameAt(tokenize(text), 0).name;
}

function subjectOfStatement(statement: DdlStatement): ObjectName | null {
  switch (statement.kind) {
    case 'createTable':
    case 'alterTable':
    case 'createType':
    case 'createSequence':
    case 'createSynonym':
    case 'createXmlSchemaCollection':
      return statement.name;
    case 'createModule':
      return typeof statement.trigger?.on === 'object' ? statement.trigger.on : statement.name;
    case 'createIndex':
    case 'alterIndex':
    case 'createStatistics':
      return statement.on;
    case 'triggerState':
      return typeof statement.on === 'object' ? statement.on : null;
    case 'setIdentityInsert':
      return statement.table;
    case 'permission': {
      const { class: securableClass, schema, name } = statement.securable;
      return securableClass === 'OBJECT' && name !== null ? { server: null, database: null, schema, name } : null;
    }
    case 'systemProcedure':
      return subjectOfProcedure(statement);
    default:
      return null;
  }
}

type Call = Extract<DdlStatement, { kind: 'systemProcedure' }>;

function subjectOfProcedure({ procedure, args }: Call): ObjectName | null {
  const argument = (name: string, at: number) =>
    args.find(a => a.name === name)?.value ?? (args[at]?.name === null ? args[at]!.value : null);
  const named = (text: string | null) => (text === null ? null : nameInText(text));
  switch (procedure) {
    case 'sp_addextendedproperty': {
      const [schema, name] = [argument('@level0name', 3), argument('@level1name', 5)];
      return schema === null || name === null ? null : { server: null, database: null, schema, name };
    }
    case 'sp_bindefault':
    case 'sp_bindrule': {
      const bound = named(argument('@objname', 1));
      // `t.c` of a column, `type` of a type.
      return bound?.schema ? { server: null, database: null, schema: bound.database, name: bound.schema } : bound;
    }
    case 'sp_tableoption':
    case 'sp_indexoption':
      return named(args[0]?.value ?? null);
    default:
      return null;
  }
}
