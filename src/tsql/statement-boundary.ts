/** Which words begin another statement, where one without a semicolon stands before them. */

import type { LexemeScanner } from './lexeme-scanner.ts';

/**
 * Words that begin a statement and are reserved, so that outside of parentheses they are either that or one of the
 * continuations below. THROW, SEND, ENABLE and their like are no reserved words: the server itself asks for a semicolon
 * before them, and here they stay with what stands before.
 */
const starts = new Set(
  `ALTER BACKUP BEGIN BREAK BULK CHECKPOINT CLOSE COMMIT CONTINUE CREATE DBCC DEALLOCATE DECLARE DELETE DENY DROP EXEC EXECUTE
  FETCH GOTO GRANT IF INSERT KILL MERGE OPEN PRINT RAISERROR READTEXT RECONFIGURE RESTORE RETURN REVERT REVOKE ROLLBACK SAVE
  SELECT SET SETUSER SHUTDOWN TRUNCATE UPDATE UPDATETEXT USE WAITFOR WHILE WRITETEXT`.split(/\s+/),
);

/** Words before a word of the list above that make it a part of the same statement. */
const continued: Readonly<Record<string, readonly string[]>> = {
  SELECT: ['UNION', 'ALL', 'EXCEPT', 'INTERSECT', 'FOR', 'AS', 'INTO', 'THEN'],
  UPDATE: ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BEFORE'],
  DELETE: ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BEFORE'],
  INSERT: ['FOR', 'ON', 'THEN', 'AFTER', 'OF', 'BULK', 'BEFORE'],
  SET: ['UPDATE', 'DELETE', 'THEN'],
  MERGE: ['INNER', 'LEFT', 'RIGHT', 'FULL', 'OUTER'],
  FETCH: ['ROWS', 'ROW'],
  ROLLBACK: ['WITH'],
  ALTER: ['OR'],
  EXECUTE: ['WITH'],
  EXEC: ['WITH'],
  CHECKPOINT: ['WITH'],
  BACKUP: ['WITH'],
  RESTORE: ['WITH'],
  GRANT: ['WITH'],
  CREATE: ['FOR'],
  DROP: ['FOR'],
};

/** What CREATE, ALTER and DROP of which all clauses are known; of all else the end is only `;`, GO or END. */
const knownObjects = new Set(
  `TABLE DATABASE INDEX UNIQUE CLUSTERED NONCLUSTERED ROLE USER LOGIN AUTHORIZATION SEQUENCE PARTITION FULLTEXT TYPE SYNONYM
  STATISTICS XML VIEW PROC PROCEDURE FUNCTION TRIGGER SCHEMA RULE DEFAULT APPLICATION PRIMARY SPATIAL COLUMNSTORE`.split(
    /\s+/,
  ),
);
/** Of these the actions are what follows the name: the first of them belongs to ALTER, a second one is a new statement. */
const alterActions = new Set(
  'ADD ALTER DROP SET CHECK NOCHECK SWITCH REBUILD REORGANIZE MODIFY REMOVE COLLATE ENABLE DISABLE MERGE SPLIT RECONFIGURE'.split(
    ' ',
  ),
);
/** Object words between DROP and IF EXISTS. */
const dropped = new Set([...knownObjects, 'AGGREGATE', 'ASSEMBLY', 'COLUMN', 'CONSTRAINT', 'POLICY', 'COLLECTION']);
/** Of columns, dropped by ALTER COLUMN. */
const columnFlags = new Set(['PERSISTED', 'ROWGUIDCOL', 'NOT', 'SPARSE', 'MASKED', 'HIDDEN', 'STATISTICAL_SEMANTICS']);

/** Whether the word, outside of parentheses, begins the next statement. `count` is the number of lexemes before it. */
export type BoundaryRule = (word: string, previous: string, count: number) => boolean;

const never: BoundaryRule = () => false;

/** Whether the current lexeme, a word outside of parentheses, can only begin a statement. */
export function beginsStatement(lexemes: LexemeScanner): boolean {
  return starts.has(lexemes.word) && !isFunction(lexemes);
}

/** UPDATE(column) of triggers. */
function isFunction(lexemes: LexemeScanner): boolean {
  return lexemes.word === 'UPDATE' && lexemes.opensParenthesis();
}

/**
 * The rule of one statement; it may remember what it was asked, and is good for that one only.
 * @param first word of the statement, in upper case
 * @param second word, once it is known
 */
export function boundaryRule(lexemes: LexemeScanner, first: string, second?: string): BoundaryRule {
  const starting: BoundaryRule = (word, previous) =>
    starts.has(word) && !continued[word]?.includes(previous) && !isFunction(lexemes);
  switch (first) {
    case 'MERGE':
      return never;
    case 'CREATE':
    case 'ALTER':
    case 'DROP': {
      if (second !== undefined && !knownObjects.has(second)) return never;
      const rule = first === 'ALTER' ? alterRule(lexemes, starting) : first === 'DROP' ? dropRule(starting) : starting;
      return second === 'DATABASE' ? optionRule(rule) : rule;
    }
    case 'GRANT':
    case 'DENY':
    case 'REVOKE':
      return permissionRule(starting);
    case 'UPDATE':
      return second === 'STATISTICS' ? starting : ownFirst(['SET'], starting);
    case 'INSERT':
      return ownFirst(['SELECT', 'EXEC', 'EXECUTE', 'VALUES'], starting);
    case 'WITH':
      return commonTableRule(lexemes, starting);
    case 'SET':
      return optionRule(starting);
    default:
      return starting;
  }
}

/** The ON of an option ends its statement, where that of a join or foreign key goes on. */
function optionRule(other: BoundaryRule): BoundaryRule {
  return (word, previous, count) => (previous === 'ON' ? starts.has(word) : other(word, previous, count));
}

/** DROP … IF EXISTS */
function dropRule(other: BoundaryRule): BoundaryRule {
  return (word, previous, count) =>
    !(word === 'IF' && count >= 2 && count <= 4 && dropped.has(previous)) && other(word, previous, count);
}

function alterRule(lexemes: LexemeScanner, other: BoundaryRule): BoundaryRule {
  let seen = false;
  return (word, previous, count) => {
    if (word === 'IF' && (previous === 'COLUMN' || previous === 'CONSTRAINT')) return false;
    if (count > 2 && !seen && alterActions.has(word)) {
      // WITH CHECK ADD: the action is still to come.
      seen = previous !== 'WITH';
      return false;
    }
    // ALTER COLUMN c DROP PERSISTED
    if (word === 'DROP' && columnFlags.has(lexemes.following())) return false;
    return other(word, previous, count);
  };
}

/** The permissions themselves are words that begin statements: GRANT SELECT, EXECUTE ON … TO …. */
function permissionRule(other: BoundaryRule): BoundaryRule {
  let seen = false;
  return (word, previous, count) => {
    if (seen) return other(word, previous, count);
    seen = word === 'TO' || word === 'FROM';
    return false;
  };
}

/** The first of these words is the statement's own. */
function ownFirst(words: readonly string[], other: BoundaryRule): BoundaryRule {
  let seen = false;
  return (word, previous, count) => {
    if (seen || !words.includes(word)) return other(word, previous, count);
    seen = true;
    return false;
  };
}

/** A common table expression: behind it stands the statement that it belongs to. */
function commonTableRule(lexemes: LexemeScanner, other: BoundaryRule): BoundaryRule {
  let main: BoundaryRule | null = null;
  return (word, previous, count) => {
    if (main) return main(word, previous, count);
    if (!['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'].includes(word)) return other(word, previous, count);
    main = boundaryRule(lexemes, word);
    return false;
  };
}
