import type { Database } from '../model/database.ts';
import { caseFolding } from '../model/look-up.ts';
import type { Module } from '../model/module.ts';
import type { QualifiedName } from '../model/name.ts';
import { tokenize } from '../tsql/lexer.ts';
import { quoteQualified } from '../tsql/quote.ts';
import type { Token } from '../tsql/token.ts';
import { removeExpressions } from './remove-expressions.ts';
import type { Report } from './rule.ts';

/**
 * Takes modules (or sequences) out of a database, and with them what can't be created without them: views, inline and
 * schema-bound functions, expressions of tables, triggers of a view. Each of those is a blocker of its own; what only
 * fails when it runs is an info.
 */
export function removeModules(database: Database, doomed: readonly QualifiedName[], report: Report): Database {
  if (doomed.length === 0) return database;
  const gone = createGone(database.properties.collation, doomed);
  const early: readonly Module[] = [
    ...database.views,
    ...database.functions.filter(f => f.kind === 'inline' || f.schemaBound),
  ];
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    for (const module of early) {
      const needed = gone.has(module) ? undefined : gone.neededBy(module);
      if (!needed) continue;
      report('blocker', quoted(module), `needs ${quoted(needed)}, which is left out, so it is left out too`);
      gone.add(module);
    }
  }
  const triggers = database.triggers.filter(trigger => {
    if (gone.has(trigger)) return false;
    if (!gone.has(trigger.parent)) return true;
    report('blocker', quoted(trigger), `its view ${quoted(trigger.parent)} is left out, so it is left out too`);
    return false;
  });
  const kept = <T extends QualifiedName>(list: readonly T[]) => list.filter(item => !gone.has(item));
  const procedures = kept(database.procedures);
  const functions = kept(database.functions);
  for (const module of [...functions, ...procedures, ...triggers]) {
    const needed = gone.neededBy(module);
    if (needed)
      report('info', quoted(module), `refers to ${quoted(needed)}, which is left out; it fails when it gets there`);
  }
  for (const synonym of database.synonyms) {
    const needed = gone.namedIn(`FROM ${synonym.baseObject}`, synonym.schema);
    if (needed) report('info', quoted(synonym), `stands for ${quoted(needed)}, which is left out`);
  }
  const without = {
    ...database,
    sequences: kept(database.sequences),
    views: kept(database.views),
    functions,
    procedures,
    triggers,
  };
  return removeExpressions(
    without,
    (object, text) => {
      const needed = gone.namedIn(text, 'dbo');
      if (needed) report('blocker', object, `its expression needs ${quoted(needed)}, which is left out`);
      return needed !== undefined;
    },
    report,
  );
}

const quoted = (name: QualifiedName) => quoteQualified(name.schema, name.name);

interface Gone {
  readonly size: number;
  add(name: QualifiedName): void;
  has(name: QualifiedName): boolean;
  /** The first of them that a text refers to. */
  namedIn(text: string, defaultSchema: string): QualifiedName | undefined;
  neededBy(module: Module): QualifiedName | undefined;
}

/** What is left out, compared by name as the database's collation does. */
function createGone(collation: string | null, doomed: readonly QualifiedName[]): Gone {
  const fold = caseFolding(collation);
  const keyOf = (name: QualifiedName) => `${fold(name.schema)}\u0000${fold(name.name)}`;
  const byKey = new Map<string, QualifiedName>();
  const byName = new Map<string, QualifiedName[]>();
  /** Texts without any of the names need no closer look. */
  let pattern: RegExp | null = null;
  const suspicious = () => {
    pattern ??= new RegExp([...byName.values()].map(([first]) => nameSource(first!.name)).join('|'), 'i');
    return pattern;
  };
  const gone: Gone = {
    get size() {
      return byKey.size;
    },
    add(name) {
      if (byKey.has(keyOf(name))) return;
      byKey.set(keyOf(name), name);
      pattern = null;
      byName.set(fold(name.name), [...(byName.get(fold(name.name)) ?? []), name]);
    },
    has: name => byKey.has(keyOf(name)),
    namedIn(text, defaultSchema) {
      if (!suspicious().test(text)) return undefined;
      const tokens = tokensOf(text);
      for (let i = 0; i < tokens.length; i++) {
        if (!/^(word|bracketed|quoted)$/.test(tokens[i]!.kind)) continue;
        const found = byName
          .get(fold(nameOf(tokens[i]!)))
          ?.find(name => refersTo(tokens, i, name, defaultSchema, fold));
        if (found) return found;
      }
      return undefined;
    },
    neededBy: module => (module.definition === null ? undefined : gone.namedIn(module.definition, module.schema)),
  };
  for (const name of doomed) gone.add(name);
  return gone;
}

/** Pattern of a name, however it is quoted. */
function nameSource(name: string): string {
  const plain = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return plain.replaceAll('\\]', '\\]\\]?').replaceAll('"', '""?');
}

/** A text that does not end refers to nothing that can be told; its own rule names it. */
function tokensOf(text: string): readonly Token[] {
  try {
    return tokenize(text);
  } catch {
    return [];
  }
}

/** Whether the name at `i` is the object's: qualified by its schema, or alone where a table or call can stand. */
function refersTo(
  tokens: readonly Token[],
  i: number,
  name: QualifiedName,
  defaultSchema: string,
  fold: (name: string) => string,
): boolean {
  if (tokens[i - 1]?.text === '.') {
    const qualifier = tokens[i - 2];
    return qualifier !== undefined && fold(nameOf(qualifier)) === fold(name.schema);
  }
  if (name.schema !== defaultSchema && name.schema !== 'dbo') return false;
  return tokens[i + 1]?.text !== '.' && standsForObject(tokens, i);
}

const nameOf = (token: Token) => (token.kind === 'word' ? token.text : token.value);

function standsForObject(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1];
  if (
    before?.kind === 'word' &&
    /^(FROM|JOIN|APPLY|INTO|UPDATE|EXEC|EXECUTE|FOR|INSERT|MERGE|USING)$/.test(before.value)
  )
    return true;
  if (before?.text !== ',') return false;
  // FROM a, b: the last clause that began is FROM.
  for (let k = i - 1; k >= 0; k--) {
    const { kind, value } = tokens[k]!;
    if (kind === 'word' && /^(SELECT|FROM|WHERE|GROUP|ORDER|HAVING|ON|SET|VALUES)$/.test(value))
      return value === 'FROM';
  }
  return false;
}
