import { readModuleHeader } from '../module-header.ts';
import type { TokenCursor } from '../token-cursor.ts';
import type { CreateModule } from './statement.ts';

/**
 * CREATE or ALTER of a view, procedure, function, trigger, rule or default: the rest of the batch is its text.
 * Null when something else stands here.
 */
export function parseModule(cursor: TokenCursor): CreateModule | null {
  const header = readModuleHeader(cursor.source, cursor.tokens.slice(cursor.index));
  if (!header) return null;
  const position = cursor.position();
  // The server keeps what stands before CREATE in the batch too: comments belong to the text.
  const text = cursor.index === 0 ? cursor.source : cursor.source.slice(cursor.token.start);
  cursor.index += header.next;
  const name = header.name;
  const rest = new Set<string>();
  const from = cursor.index;
  const trigger = header.kind === 'trigger' ? parseTriggerHead(cursor) : null;
  const options = parseModuleOptions(cursor);
  for (const option of options) rest.add(option);
  const functionKind = header.kind === 'function' ? findFunctionKind(cursor, from) : null;
  while (!cursor.atEnd) cursor.next();
  return {
    kind: 'createModule',
    position,
    verb: header.verb,
    module: header.kind,
    name: { server: null, database: name.at(-3) ?? null, schema: name.at(-2) ?? null, name: name.at(-1)! },
    text,
    procedureNumber: header.number,
    functionKind,
    schemaBound: rest.has('SCHEMABINDING'),
    encrypted: rest.has('ENCRYPTION'),
    trigger,
  };
}

/** Behind a trigger's name: `ON t [WITH …] FOR | AFTER | INSTEAD OF INSERT, UPDATE [NOT FOR REPLICATION]`. */
function parseTriggerHead(cursor: TokenCursor): CreateModule['trigger'] {
  cursor.expectWord('ON');
  const on = cursor.takeWord('DATABASE')
    ? 'DATABASE'
    : cursor.takeWord('ALL', 'SERVER')
      ? 'ALL SERVER'
      : cursor.objectName();
  const from = cursor.index;
  while (!cursor.atEnd && !cursor.isOneOf('FOR', 'AFTER', 'INSTEAD')) cursor.next();
  const optionsFrom = from;
  const insteadOf = cursor.takeWord('INSTEAD', 'OF');
  if (!insteadOf) cursor.next();
  const events: string[] = [];
  do events.push(cursor.name().toUpperCase());
  while (cursor.take(','));
  cursor.takeWord('WITH', 'APPEND');
  const notForReplication = cursor.takeWord('NOT', 'FOR', 'REPLICATION');
  cursor.index = optionsFrom;
  return { on, insteadOf, events, notForReplication };
}

/** Words of the WITH clause that stands before AS, RETURN or BEGIN: SCHEMABINDING, ENCRYPTION, RECOMPILE … */
function parseModuleOptions(cursor: TokenCursor): string[] {
  const options: string[] = [];
  for (let i = cursor.index; i < cursor.tokens.length; i++) {
    const token = cursor.tokens[i]!;
    if (token.kind === 'operator' && token.text === '(') {
      let depth = 0;
      for (; i < cursor.tokens.length; i++) {
        if (cursor.tokens[i]!.text === '(' && cursor.tokens[i]!.kind === 'operator') depth++;
        if (cursor.tokens[i]!.text === ')' && cursor.tokens[i]!.kind === 'operator' && --depth === 0) break;
      }
      continue;
    }
    if (token.kind !== 'word') continue;
    if (token.value === 'SCHEMABINDING' || token.value === 'ENCRYPTION') options.push(token.value);
    // Parameters have AS of their own (`@p AS int`), so AS counts only when no type follows a variable.
    if (token.value === 'AS' && cursor.tokens[i - 1]?.kind !== 'variable') break;
    if (token.value === 'BEGIN' || token.value === 'RETURN') break;
  }
  return options;
}

function findFunctionKind(cursor: TokenCursor, from: number): CreateModule['functionKind'] {
  for (let i = from; i < cursor.tokens.length; i++) {
    if (cursor.tokens[i]!.value !== 'RETURNS' || cursor.tokens[i]!.kind !== 'word') continue;
    const next = cursor.tokens[i + 1];
    if (next?.kind === 'variable') return 'table';
    return next?.kind === 'word' && next.value === 'TABLE' ? 'inline' : 'scalar';
  }
  return null;
}
