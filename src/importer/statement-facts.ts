/** What the replay must know of a statement before it sends it. */

import { XpdbError } from '../model/error.ts';
import { parseDdl } from '../tsql/ddl/parse-statement.ts';
import type { DdlStatement, SetIdentityInsert, SetOption, Use } from '../tsql/ddl/statement.ts';
import { afterTrivia } from '../tsql/leading-trivia.ts';
import { tokenize } from '../tsql/lexer.ts';
import type { TextPiece } from '../tsql/script-piece.ts';
import type { Token } from '../tsql/token.ts';
import { TokenCursor } from '../tsql/token-cursor.ts';
import { serverProcedures } from './server-procedures.ts';

export interface StatementFacts {
  /** Without blanks and comments; empty for statements that need no look. */
  readonly tokens: readonly Token[];
  /** Statements that the DDL parser understood; none when there is any that it did not. */
  readonly statements: readonly DdlStatement[];
  /** SET of options and USE inside of what the parser did not understand: they may run or not. */
  readonly maySet: readonly (SetOption | SetIdentityInsert | Use)[];
  /** A view, procedure, function, trigger …: it is a batch of its own, and its body does not run now. */
  readonly module: boolean;
  /** CREATE, ALTER or DROP DATABASE, or a system procedure that does the same. */
  readonly database: 'create' | 'alter' | 'drop' | null;
  /** Why it can't run inside a transaction; null when it can. */
  readonly outside: 'database' | 'full-text' | 'server' | null;
  /** Begins, ends or names a transaction. */
  readonly transaction: boolean;
  /** Later statements of the batch may depend on it in one batch: variables, labels, RETURN. */
  readonly keepsBatch: boolean;
  /** Looks at what the statement before it did: @@ROWCOUNT, SCOPE_IDENTITY() … */
  readonly readsPrevious: boolean;
  /** Only a message: PRINT of a string. */
  readonly message: string | null;
  readonly temporaryCreated: readonly string[];
  readonly temporaryDropped: readonly string[];
}

const moduleHead = /^(?:CREATE(?:\s+OR\s+ALTER)?|ALTER)\s+(?:PROC|PROCEDURE|FUNCTION|VIEW|TRIGGER|RULE|DEFAULT)\b/i;
/** First words of statements that change rows only: nothing of the list below applies but names and temporary tables. */
const plain = /^(?:UPDATE|DELETE|INSERT|SELECT|MERGE|WITH)\b/i;
const looks = /\b(?:TRAN|TRANSACTION|COMMIT|ROLLBACK|DATABASE|FULLTEXT)\b|#|sp_/i;
const previous = /@@ROWCOUNT|@@ERROR|@@IDENTITY|SCOPE_IDENTITY|ROWCOUNT_BIG/i;
const batchBound = /\b(?:DECLARE|GOTO|RETURN)\b|^[ \t]*[A-Z_]\w*:(?!:)/im;

const notDatabase = new Set(['AUDIT', 'ENCRYPTION', 'TRIGGER']);

export function factsOf(piece: TextPiece): StatementFacts {
  const { text } = piece;
  const start = text.slice(afterTrivia(text));
  const module = moduleHead.test(start);
  if (!module && plain.test(start) && !looks.test(text)) return { ...nothing, ...textFacts(text) };
  const tokens = tokenize(text, { position: piece.position });
  const statements = parseAll(tokens, text, piece.position.file);
  if (module) return { ...nothing, tokens, statements, module };
  const database = databaseAction(tokens);
  return {
    tokens,
    statements,
    maySet: statements.length > 0 ? [] : guardedSettings(tokens, text),
    module,
    database,
    outside: outsideReason(tokens, database),
    transaction: touchesTransaction(tokens),
    message: printedText(tokens),
    ...temporaryTables(tokens),
    ...textFacts(text),
  };
}

const nothing: StatementFacts = {
  tokens: [],
  statements: [],
  maySet: [],
  module: false,
  database: null,
  outside: null,
  transaction: false,
  keepsBatch: false,
  readsPrevious: false,
  message: null,
  temporaryCreated: [],
  temporaryDropped: [],
};

/** Words in strings and comments count too: the only harm is a batch that is not cut. */
function textFacts(text: string): Pick<StatementFacts, 'keepsBatch' | 'readsPrevious'> {
  return { keepsBatch: batchBound.test(text), readsPrevious: readsPrevious(text) };
}

/** Words in strings and comments count here, too. */
export function readsPrevious(text: string): boolean {
  return previous.test(text);
}

function parseAll(tokens: readonly Token[], text: string, file: string | undefined): readonly DdlStatement[] {
  const cursor = new TokenCursor(tokens, text, 0, file);
  const found: DdlStatement[] = [];
  try {
    while (!cursor.atEnd) {
      if (cursor.take(';')) continue;
      const statements = parseDdl(cursor);
      if (statements === undefined) return [];
      found.push(...statements);
    }
  } catch (error) {
    // What the parser does not know is the server's to judge.
    if (!(error instanceof XpdbError)) throw error;
    return [];
  }
  return found;
}

function guardedSettings(tokens: readonly Token[], text: string): StatementFacts['maySet'] {
  const found: (SetOption | SetIdentityInsert | Use)[] = [];
  for (const [i, token] of tokens.entries()) {
    const verb = word(token);
    if ((verb !== 'SET' && verb !== 'USE') || afterDot(tokens, i)) continue;
    // UPDATE t SET language = …, ON DELETE SET NULL, ALTER DATABASE … SET, OPTION (USE HINT …)
    const before = word(tokens[i - 1]);
    if (tokens[i + 2]?.text === '=' || before === 'UPDATE' || before === 'DELETE') continue;
    if (word(tokens[i - 2]) === 'DATABASE' || /^(?:HINT|PLAN)$/.test(word(tokens[i + 1]))) continue;
    try {
      const statements = parseDdl(new TokenCursor(tokens, text, i)) ?? [];
      found.push(
        ...statements.filter(s => s.kind === 'setOption' || s.kind === 'setIdentityInsert' || s.kind === 'use'),
      );
    } catch (error) {
      if (!(error instanceof XpdbError)) throw error;
    }
  }
  return found;
}

const word = (token: Token | undefined): string => (token?.kind === 'word' ? token.value : '');

/** Whether the token stands where a statement may begin, not as a part of a name. */
function afterDot(tokens: readonly Token[], i: number): boolean {
  return tokens[i - 1]?.text === '.';
}

function databaseAction(tokens: readonly Token[]): StatementFacts['database'] {
  let found: StatementFacts['database'] = null;
  for (const [i, token] of tokens.entries()) {
    const verb = word(token);
    if ((verb === 'CREATE' || verb === 'ALTER' || verb === 'DROP') && word(tokens[i + 1]) === 'DATABASE') {
      const next = word(tokens[i + 2]);
      if (notDatabase.has(next) || afterDot(tokens, i)) continue;
      if (next === 'SCOPED' && word(tokens[i + 3]) === 'CREDENTIAL') continue;
      // The strongest: a guard that drops and a CREATE in one statement is a CREATE.
      if (verb === 'CREATE') return 'create';
      found = verb === 'DROP' || found === 'drop' ? 'drop' : 'alter';
    } else if (verb === 'ALTER' && word(tokens[i + 1]) === 'AUTHORIZATION' && word(tokens[i + 3]) === 'DATABASE') {
      found ??= 'alter';
    } else if (
      isName(token) &&
      serverProcedures.get(nameOf(token).toLowerCase())?.database &&
      tokens[i + 1]?.text !== '.'
    ) {
      if (callsProcedure(tokens, i)) found ??= 'alter';
    } else if (token.kind === 'string' || token.kind === 'nstring') {
      const dynamic = /^\s*(CREATE|ALTER|DROP)\s+DATABASE\s/i.exec(token.value);
      if (dynamic && tokens.some(t => /^(?:EXEC|EXECUTE)$/.test(word(t)))) {
        found ??= dynamic[1]!.toLowerCase() as 'create' | 'alter' | 'drop';
      }
    }
  }
  return found;
}

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'bracketed' || token.kind === 'quoted';
}

function nameOf(token: Token): string {
  return token.kind === 'word' ? token.text : token.value;
}

/** EXEC before the name, its qualifiers aside, or the name first in its batch. */
function callsProcedure(tokens: readonly Token[], i: number): boolean {
  const at = beginOfName(tokens, i) - 1;
  return at < 0 || /^(?:EXEC|EXECUTE)$/.test(word(tokens[at])) || tokens[at]!.text === '=';
}

function outsideReason(tokens: readonly Token[], database: StatementFacts['database']): StatementFacts['outside'] {
  if (database !== null) return 'database';
  for (const [i, token] of tokens.entries()) {
    const verb = word(token);
    if (['CREATE', 'ALTER', 'DROP'].includes(verb)) {
      if (word(tokens[i + 1]) === 'FULLTEXT') return 'full-text';
      if (word(tokens[i + 1]) === 'SEARCH' && word(tokens[i + 2]) === 'PROPERTY') return 'full-text';
    }
    if (i === 0 && ['BACKUP', 'RESTORE', 'RECONFIGURE'].includes(verb)) return 'server';
    if (verb === 'RECONFIGURE' && !afterDot(tokens, i)) return 'server';
    if (isName(token) && serverProcedures.has(nameOf(token).toLowerCase()) && callsProcedure(tokens, i))
      return 'server';
  }
  return null;
}

function touchesTransaction(tokens: readonly Token[]): boolean {
  return tokens.some((token, i) => {
    const verb = word(token);
    if (afterDot(tokens, i)) return false;
    if (verb === 'COMMIT' || verb === 'ROLLBACK')
      return tokens[i - 1]?.text !== 'WITH' && word(tokens[i - 1]) !== 'WITH';
    return (verb === 'BEGIN' || verb === 'SAVE') && /^TRAN(?:SACTION)?$/.test(word(tokens[i + 1]));
  });
}

function printedText(tokens: readonly Token[]): string | null {
  if (word(tokens[0]) !== 'PRINT') return null;
  const rest = tokens.slice(1).filter(t => t.kind !== 'end' && t.text !== ';');
  const [only] = rest;
  return rest.length === 1 && (only!.kind === 'string' || only!.kind === 'nstring') ? only!.value : null;
}

function temporaryTables(tokens: readonly Token[]): Pick<StatementFacts, 'temporaryCreated' | 'temporaryDropped'> {
  const temporaryCreated: string[] = [];
  const temporaryDropped: string[] = [];
  for (const [i, token] of tokens.entries()) {
    const name = isName(token) ? nameOf(token) : '';
    if (!name.startsWith('#')) continue;
    let at = beginOfName(tokens, i) - 1;
    // DROP TABLE #a, #b
    while (tokens[at]?.text === ',') at = beginOfName(tokens, at - 1) - 1;
    if (word(tokens[at]) === 'EXISTS' && word(tokens[at - 1]) === 'IF') at -= 2;
    const before = word(tokens[at]);
    const verb = word(tokens[at - 1]);
    // INSERT INTO #t fills a table that is there already.
    if ((before === 'TABLE' && verb === 'CREATE') || (before === 'INTO' && verb !== 'INSERT'))
      temporaryCreated.push(name);
    else if (before === 'TABLE' && verb === 'DROP') temporaryDropped.push(name);
  }
  return { temporaryCreated, temporaryDropped };
}

/** Index of the first part of the name whose last one is at `i`: tempdb..#t. */
function beginOfName(tokens: readonly Token[], i: number): number {
  let at = i;
  while (tokens[at - 1]?.text === '.') at -= isName(tokens[at - 2] ?? tokens[at - 1]!) ? 2 : 1;
  return at;
}
