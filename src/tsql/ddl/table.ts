import type { Compression } from '../../model/data-space.ts';
import type { IndexOptions } from '../../model/table-index.ts';
import type { TokenCursor } from '../token-cursor.ts';
import { parseCheck } from './check-constraint.ts';
import { type ParsedColumn, parseColumn, parseInlineIndex } from './column.ts';
import { parseCompression, parseDataSpace, parseFilegroupName } from './data-space.ts';
import { parseScalarText } from './expression.ts';
import { parseForeignKey } from './foreign-key.ts';
import { parseKey } from './key.ts';
import type { AlterTable, CreateTable, DefaultDefinition, TableElements } from './statement.ts';
import { parseIndexOptions } from './table-index.ts';

type Elements = { -readonly [K in keyof TableElements]: TableElements[K][number][] } & { other: string[] };

const noElements = (): Elements => ({
  columns: [],
  keys: [],
  foreignKeys: [],
  checks: [],
  defaults: [],
  indexes: [],
  other: [],
});

function addColumn(to: Elements, parsed: ParsedColumn): void {
  to.columns.push(parsed.column);
  to.keys.push(...parsed.keys);
  to.foreignKeys.push(...parsed.foreignKeys);
  to.checks.push(...parsed.checks);
  to.indexes.push(...parsed.indexes);
  to.other.push(...parsed.other.map(o => `${o} COLUMN ${parsed.column.name}`));
}

/** A column, a constraint or an index of a table or table type. */
function parseElement(cursor: TokenCursor, to: Elements): void {
  // The word is reserved: a column of that name stands in brackets.
  if (cursor.takeWord('INDEX')) {
    to.indexes.push(parseInlineIndex(cursor, null));
    return;
  }
  if (cursor.isWord('PERIOD', 'FOR', 'SYSTEM_TIME')) {
    cursor.index += 3;
    cursor.skipParentheses();
    to.other.push('PERIOD FOR SYSTEM_TIME');
    return;
  }
  const named = cursor.isWord('CONSTRAINT');
  const start = cursor.index;
  if (named) cursor.next();
  const name = named ? cursor.name() : null;
  if (cursor.isWord('PRIMARY', 'KEY') || (cursor.isWord('UNIQUE') && (named || !isTypeAhead(cursor))))
    to.keys.push(parseKey(cursor, name, null));
  else if (cursor.isWord('FOREIGN', 'KEY')) to.foreignKeys.push(parseForeignKey(cursor, name, null));
  else if (cursor.isWord('CHECK')) to.checks.push(parseCheck(cursor, name));
  else if (cursor.takeWord('DEFAULT')) to.defaults.push(parseDefaultFor(cursor, name));
  else if (named) {
    cursor.index = start;
    cursor.fail('a constraint');
  } else addColumn(to, parseColumn(cursor));
}

/** Whether the word here is a column's name: a type's name follows it. */
function isTypeAhead(cursor: TokenCursor): boolean {
  return (
    cursor.peek().kind === 'word' &&
    !/^(CLUSTERED|NONCLUSTERED|UNIQUE|ON|WITH)$/.test(cursor.peek().value) &&
    cursor.peek(2).text !== '('
  );
}

function parseDefaultFor(cursor: TokenCursor, name: string | null): DefaultDefinition {
  const expression = parseScalarText(cursor);
  cursor.expectWord('FOR');
  const column = cursor.name();
  return {
    name: name ?? '',
    systemNamed: name === null,
    expression,
    column,
    withValues: cursor.takeWord('WITH', 'VALUES'),
  };
}

/** `(column, constraint, …)` of a table or table type; a comma before the closing parenthesis is tolerated, as the server does. */
export function parseElements(cursor: TokenCursor): Elements {
  const elements = noElements();
  cursor.expect('(');
  while (!cursor.is(')')) {
    parseElement(cursor, elements);
    // A table constraint may follow a column without a comma.
    if (!cursor.take(',') && !cursor.is(')') && !cursor.isOneOf('CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK'))
      cursor.fail("',' or ')'");
  }
  cursor.expect(')');
  return elements;
}

/** CREATE TABLE, the cursor behind these words. */
export function parseCreateTable(cursor: TokenCursor, position: CreateTable['position']): CreateTable {
  const name = cursor.objectName();
  const otherOptions: Record<string, string> = {};
  if (cursor.takeWord('AS', 'FILETABLE')) otherOptions['AS FILETABLE'] = '';
  const { other, ...elements } = cursor.is('(') ? parseElements(cursor) : noElements();
  for (const clause of other) otherOptions[clause] = '';
  let dataSpace: CreateTable['dataSpace'] = null;
  let lobDataSpace: string | null = null;
  let filestreamDataSpace: string | null = null;
  const compression: Compression[] = [];
  for (;;) {
    if (cursor.takeWord('ON')) dataSpace = parseDataSpace(cursor);
    else if (cursor.takeWord('TEXTIMAGE_ON')) lobDataSpace = parseFilegroupName(cursor);
    else if (cursor.takeWord('FILESTREAM_ON')) filestreamDataSpace = parseFilegroupName(cursor);
    else if (cursor.takeWord('AS', 'NODE')) otherOptions['AS NODE'] = '';
    else if (cursor.takeWord('AS', 'EDGE')) otherOptions['AS EDGE'] = '';
    else if (cursor.isWord('WITH') && cursor.peek().text === '(') {
      cursor.next();
      cursor.list(() => {
        const option = cursor.name().toUpperCase();
        if (option === 'DATA_COMPRESSION') {
          cursor.expect('=');
          compression.push(parseCompression(cursor));
        } else otherOptions[option] = parseOptionValue(cursor);
      });
    } else break;
  }
  return {
    kind: 'createTable',
    position,
    name,
    ...elements,
    dataSpace,
    lobDataSpace,
    filestreamDataSpace,
    compression,
    otherOptions,
  };
}

/** `= value`, `= value (…)` or `(…)` as text. */
function parseOptionValue(cursor: TokenCursor): string {
  const from = cursor.index + (cursor.take('=') ? 1 : 0);
  const first = cursor.index === from ? cursor.index : from;
  if (!cursor.is(',') && !cursor.is(')') && !cursor.is('(')) {
    cursor.next();
    while (cursor.take('.')) cursor.next();
  }
  if (cursor.is('(')) cursor.skipParentheses();
  return cursor.slice(first, cursor.index);
}

/** ALTER TABLE, the cursor behind these words. */
export function parseAlterTable(cursor: TokenCursor, position: AlterTable['position']): AlterTable {
  const name = cursor.objectName();
  return { kind: 'alterTable', position, name, action: parseAction(cursor) };
}

function parseAction(cursor: TokenCursor): AlterTable['action'] {
  let check: 'CHECK' | 'NOCHECK' | null = null;
  if (cursor.takeWord('WITH', 'CHECK')) check = 'CHECK';
  else if (cursor.takeWord('WITH', 'NOCHECK')) check = 'NOCHECK';
  if (cursor.takeWord('ADD')) return parseAdd(cursor, check);
  if (cursor.isWord('CHECK', 'CONSTRAINT') || cursor.isWord('NOCHECK', 'CONSTRAINT')) {
    const enable = cursor.next().value === 'CHECK';
    cursor.next();
    return { kind: 'constraintState', check, enable, constraints: allOrNames(cursor) };
  }
  if (cursor.isWord('ENABLE') || cursor.isWord('DISABLE')) {
    const enable = cursor.next().value === 'ENABLE';
    if (cursor.takeWord('CHANGE_TRACKING')) {
      if (cursor.takeWord('WITH')) cursor.skipParentheses();
      return { kind: 'changeTracking', enable };
    }
    cursor.expectWord('TRIGGER');
    return { kind: 'triggerState', enable, triggers: allOrNames(cursor) };
  }
  if (cursor.takeWord('ALTER', 'COLUMN')) return parseAlterColumn(cursor);
  if (cursor.takeWord('DROP')) return parseDrop(cursor);
  if (cursor.takeWord('SET')) {
    const options: Record<string, string> = {};
    cursor.list(() => {
      const option = cursor.name().toUpperCase();
      options[option] = parseOptionValue(cursor).toUpperCase();
    });
    return { kind: 'set', options };
  }
  if (cursor.takeWord('REBUILD')) {
    if (cursor.takeWord('PARTITION')) {
      cursor.expect('=');
      cursor.next();
    }
    const options: Partial<IndexOptions> = cursor.takeWord('WITH') ? parseIndexOptions(cursor).options : {};
    const { compression = [], ...rest } = options;
    return {
      kind: 'rebuild',
      compression,
      options: Object.fromEntries(Object.entries(rest).map(([k, v]) => [k, String(v)])),
    };
  }
  return cursor.fail('ADD, ALTER COLUMN, DROP, CHECK or NOCHECK CONSTRAINT, ENABLE or DISABLE TRIGGER, SET or REBUILD');
}

function parseAdd(cursor: TokenCursor, check: 'CHECK' | 'NOCHECK' | null): AlterTable['action'] {
  const elements = noElements();
  if (cursor.is('(')) cursor.fail('a column or constraint');
  do parseElement(cursor, elements);
  while (cursor.take(','));
  const { other, ...rest } = elements;
  if (other.length > 0) cursor.fail(`nothing of ${other[0]}`);
  return { kind: 'add', check, ...rest };
}

function parseAlterColumn(cursor: TokenCursor): AlterTable['action'] {
  const name = cursor.peek(0);
  if ((cursor.peek().value === 'ADD' || cursor.peek().value === 'DROP') && cursor.peek().kind === 'word') {
    const column = cursor.name();
    const add = cursor.next().value === 'ADD';
    const flag = cursor.isWord('NOT', 'FOR', 'REPLICATION')
      ? (cursor.takeWord('NOT', 'FOR', 'REPLICATION'), 'NOT FOR REPLICATION')
      : cursor.name().toUpperCase();
    if (cursor.takeWord('WITH')) cursor.skipParentheses();
    return { kind: 'alterColumnFlag', column, add, flag };
  }
  const parsed = parseColumn(cursor);
  if (parsed.keys.length + parsed.checks.length + parsed.foreignKeys.length > 0) cursor.fail('no constraint', name);
  return { kind: 'alterColumn', column: parsed.column };
}

function parseDrop(cursor: TokenCursor): AlterTable['action'] {
  const columns: string[] = [];
  const constraints: string[] = [];
  let ifExists = false;
  let target = constraints;
  do {
    if (cursor.takeWord('COLUMN')) target = columns;
    else if (cursor.takeWord('CONSTRAINT')) target = constraints;
    if (cursor.takeWord('IF', 'EXISTS')) ifExists = true;
    target.push(cursor.name());
    if (cursor.takeWord('WITH')) cursor.skipParentheses();
  } while (cursor.take(','));
  return { kind: 'drop', columns, constraints, ifExists };
}

function allOrNames(cursor: TokenCursor): 'ALL' | string[] {
  if (cursor.takeWord('ALL')) return 'ALL';
  const names: string[] = [];
  do names.push(cursor.name());
  while (cursor.take(','));
  return names;
}
