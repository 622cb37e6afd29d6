/** sys.sql_expression_dependencies, by the names that a text contains. */
import { tokenize } from '../../../tsql/lexer.ts';
import type { Token } from '../../../tsql/token.ts';
import { findObject, type Scope } from '../state.ts';
import { num, text } from '../store.ts';

interface Mention {
  readonly parts: readonly string[];
  /** Where only an object can stand, so that an unknown name is a dependency too. */
  readonly certain: boolean;
  readonly called: boolean;
}

const before = new Set([
  'FROM',
  'JOIN',
  'INTO',
  'UPDATE',
  'EXEC',
  'EXECUTE',
  'REFERENCES',
  'USING',
  'MERGE',
  'APPLY',
  'FOR',
  'ON',
  'TABLE',
]);
const notNames = new Set([
  'SELECT',
  'WHERE',
  'SET',
  'VALUES',
  'AS',
  'ON',
  'AND',
  'OR',
  'NOT',
  'NULL',
  'EXISTS',
  'IN',
  'BEGIN',
  'END',
  'IF',
  'ELSE',
  'DELETED',
  'INSERTED',
  'STATISTICS',
  'UPDATE',
]);

const nameOf = (token: Token | undefined): string => (token?.kind === 'word' ? token.text : (token?.value ?? ''));

const isName = (token: Token | undefined): boolean =>
  token?.kind === 'bracketed' ||
  token?.kind === 'quoted' ||
  (token?.kind === 'word' && !notNames.has(token.value.toUpperCase()));

/** Names of one to three parts in the text. */
export function mentions(sql: string): readonly Mention[] {
  const tokens = tokenize(sql);
  const found: Mention[] = [];
  let inFrom = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    const word = token?.kind === 'word' ? token.value.toUpperCase() : '';
    if (word === 'FROM') inFrom = true;
    else if (['WHERE', 'SELECT', 'GROUP', 'ORDER', 'HAVING', 'UNION'].includes(word)) inFrom = false;
    if (!isName(token)) continue;
    const parts = [nameOf(token)];
    let at = i;
    while (tokens[at + 1]?.text === '.' && (isName(tokens[at + 2]) || tokens[at + 2]?.text === '.')) {
      if (tokens[at + 2]?.text === '.') {
        parts.push('');
        at += 1;
        continue;
      }
      parts.push(nameOf(tokens[at + 2]));
      at += 2;
    }
    const previous = tokens[i - 1];
    const previousWord = previous?.kind === 'word' ? previous.value.toUpperCase() : '';
    const inserted = previousWord === 'INSERT' || previousWord === 'DELETE';
    const certain =
      inserted ||
      ['FROM', 'JOIN', 'INTO', 'EXEC', 'EXECUTE', 'MERGE', 'APPLY'].includes(previousWord) ||
      (inFrom && previous?.text === ',');
    const sequence = previousWord === 'FOR' && tokens[i - 2]?.value.toUpperCase() === 'VALUE';
    const called = tokens[at + 1]?.text === '(' && parts.length > 1;
    if (certain || sequence || called || parts.length > 1 || before.has(previousWord)) {
      found.push({ parts, certain: (certain || sequence) && !parts.some(p => p.startsWith('#')), called });
    }
    i = at;
  }
  return found;
}

function record(scope: Scope, referencing: number, sql: string, schemaBound: boolean): void {
  const seen = new Set<string>();
  for (const mention of mentions(sql)) {
    const { parts } = mention;
    const name = parts.at(-1) ?? '';
    const schema = parts.length > 1 ? (parts.at(-2) ?? null) || null : null;
    const database = parts.length > 2 ? (parts.at(-3) ?? null) || null : null;
    const ownDatabase =
      database === null || scope.state.key(null, database) === scope.state.key(null, scope.context.database);
    const object = ownDatabase ? findObject(scope, schema, name) : undefined;
    const id = object ? num(object['object_id']) : null;
    if (id === referencing) continue;
    if (!object && !mention.certain && !(mention.called && schema !== null && schema.toLowerCase() !== 'sys')) continue;
    if (
      !object &&
      (schema === null || /^(sys|information_schema)$/i.test(schema)) &&
      (schema !== null || /^(sp_|xp_|sys|inserted$|deleted$)/i.test(name))
    )
      continue;
    const key = `${database ?? ''}.${schema ?? ''}.${name}`.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    scope.store.insert('sys.sql_expression_dependencies', {
      db: scope.db,
      referencing_id: referencing,
      referencing_minor_id: 0,
      referencing_class: 1,
      is_schema_bound_reference: schemaBound,
      referenced_class: 1,
      referenced_database_name: database,
      referenced_schema_name: schema,
      referenced_entity_name: name,
      referenced_id: database === null ? id : null,
      referenced_minor_id: 0,
      is_caller_dependent: schema === null && object === undefined,
      is_ambiguous: false,
    });
  }
}

/** What a module's text refers to; replaces what was recorded before. */
export function recordModuleDependencies(scope: Scope, objectId: number, sql: string, schemaBound: boolean): void {
  scope.store.remove('sys.sql_expression_dependencies', { db: scope.db, referencing_id: objectId });
  record(scope, objectId, sql, schemaBound);
}

/** What a default, check or computed column refers to: functions and sequences. */
export function recordExpressionDependencies(scope: Scope, objectId: number, expression: string): void {
  if (/[.]|\bnext\b/i.test(expression)) record(scope, objectId, expression, true);
}

/** Name of a schema-bound module that refers to the object, or null. */
export function schemaBoundReference(scope: Scope, objectId: number): string | null {
  const row = scope.store.get(
    `SELECT o.name FROM "b.sys.sql_expression_dependencies" d JOIN "b.sys.objects" o ON o.db = d.db AND o.object_id = d.referencing_id
     JOIN "b.sys.sql_modules" m ON m.db = o.db AND m.object_id = o.object_id
     WHERE d.db = ? AND d.referenced_id = ? AND d.is_schema_bound_reference = 1 AND m.is_schema_bound = 1 ORDER BY o.object_id LIMIT 1`,
    scope.db,
    objectId,
  );
  return row ? text(row['name']) : null;
}
