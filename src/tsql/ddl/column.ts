import type { Identity } from '../../model/column.ts';
import type { TokenCursor } from '../token-cursor.ts';
import { parseCheck } from './check-constraint.ts';
import { parseDataType } from './data-type.ts';
import { parseScalarText } from './expression.ts';
import { parseForeignKey } from './foreign-key.ts';
import { parseKey } from './key.ts';
import type {
  CheckDefinition,
  ColumnDefinition,
  ForeignKeyDefinition,
  IndexDefinition,
  KeyDefinition,
} from './statement.ts';
import { parseIndexColumns, parseIndexTail } from './table-index.ts';

/** A column with the constraints that stand at it. */
export interface ParsedColumn {
  readonly column: ColumnDefinition;
  readonly keys: readonly KeyDefinition[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  readonly checks: readonly CheckDefinition[];
  readonly indexes: readonly IndexDefinition[];
  /** Clauses that the model does not hold, in upper case: MASKED, ENCRYPTED, GENERATED ALWAYS … */
  readonly other: readonly string[];
}

/** A column definition of CREATE TABLE, ALTER TABLE … ADD or ALTER COLUMN; clauses in any order. */
export function parseColumn(cursor: TokenCursor): ParsedColumn {
  const name = cursor.name();
  if (cursor.takeWord('AS')) return parseComputed(cursor, name);
  // `CREATE TABLE t (timestamp)` names a column after its type.
  const type = cursor.is(',') || cursor.is(')') ? { schema: null, name: 'timestamp' } : parseDataType(cursor);
  const c: { -readonly [K in keyof ColumnDefinition]: ColumnDefinition[K] } = {
    name,
    type,
    nullable: null,
    collation: null,
    identity: null,
    computed: null,
    default: null,
    rowGuid: false,
    sparse: false,
    columnSet: false,
    filestream: false,
  };
  const keys: KeyDefinition[] = [];
  const foreignKeys: ForeignKeyDefinition[] = [];
  const checks: CheckDefinition[] = [];
  const indexes: IndexDefinition[] = [];
  const other: string[] = [];
  for (;;) {
    const constraintName = cursor.takeWord('CONSTRAINT') ? cursor.name() : null;
    if (cursor.isWord('PRIMARY') || cursor.isWord('UNIQUE')) keys.push(parseKey(cursor, constraintName, name));
    else if (cursor.isWord('REFERENCES') || cursor.isWord('FOREIGN'))
      foreignKeys.push(parseForeignKey(cursor, constraintName, name));
    else if (cursor.isWord('CHECK')) checks.push(parseCheck(cursor, constraintName));
    else if (cursor.takeWord('DEFAULT')) c.default = parseDefault(cursor, constraintName);
    else if (cursor.takeWord('NOT', 'NULL')) c.nullable = false;
    else if (cursor.takeWord('NULL')) c.nullable = true;
    else if (constraintName !== null) cursor.fail('a constraint');
    else if (cursor.isWord('IDENTITY')) c.identity = parseIdentity(cursor);
    else if (cursor.takeWord('NOT', 'FOR', 'REPLICATION')) {
      if (c.identity) c.identity = { ...c.identity, notForReplication: true };
    } else if (cursor.takeWord('COLLATE')) c.collation = cursor.name();
    else if (cursor.takeWord('ROWGUIDCOL')) c.rowGuid = true;
    else if (cursor.takeWord('SPARSE')) c.sparse = true;
    else if (cursor.takeWord('FILESTREAM')) c.filestream = true;
    else if (cursor.takeWord('COLUMN_SET', 'FOR', 'ALL_SPARSE_COLUMNS')) c.columnSet = true;
    else if (cursor.takeWord('INDEX')) indexes.push(parseInlineIndex(cursor, name));
    else if (cursor.isWord('MASKED', 'WITH') || cursor.isWord('ENCRYPTED', 'WITH')) {
      other.push(cursor.next().value);
      cursor.next();
      cursor.skipParentheses();
    } else if (cursor.takeWord('GENERATED', 'ALWAYS', 'AS')) {
      other.push('GENERATED ALWAYS');
      cursor.takeOneOf('ROW', 'TRANSACTION_ID', 'SEQUENCE_NUMBER');
      cursor.takeOneOf('START', 'END');
    } else if (cursor.takeWord('HIDDEN')) other.push('HIDDEN');
    else break;
  }
  return { column: c, keys, foreignKeys, checks, indexes, other };
}

function parseComputed(cursor: TokenCursor, name: string): ParsedColumn {
  const expression = parseScalarText(cursor);
  const persisted = cursor.takeWord('PERSISTED');
  const keys: KeyDefinition[] = [];
  const checks: CheckDefinition[] = [];
  const foreignKeys: ForeignKeyDefinition[] = [];
  let nullable: boolean | null = null;
  for (;;) {
    const constraintName = cursor.takeWord('CONSTRAINT') ? cursor.name() : null;
    if (cursor.takeWord('NOT', 'NULL')) nullable = false;
    else if (cursor.isWord('PRIMARY') || cursor.isWord('UNIQUE')) keys.push(parseKey(cursor, constraintName, name));
    else if (cursor.isWord('CHECK')) checks.push(parseCheck(cursor, constraintName));
    else if (cursor.isWord('REFERENCES') || cursor.isWord('FOREIGN'))
      foreignKeys.push(parseForeignKey(cursor, constraintName, name));
    else if (constraintName !== null) cursor.fail('a constraint');
    else break;
  }
  const column: ColumnDefinition = {
    name,
    // The server derives the type from the expression.
    type: { schema: null, name: '' },
    nullable,
    collation: null,
    identity: null,
    computed: { expression, persisted },
    default: null,
    rowGuid: false,
    sparse: false,
    columnSet: false,
    filestream: false,
  };
  return { column, keys, foreignKeys, checks, indexes: [], other: [] };
}

/** Behind DEFAULT. */
function parseDefault(cursor: TokenCursor, name: string | null): NonNullable<ColumnDefinition['default']> {
  const expression = parseScalarText(cursor);
  const constraint = { name: name ?? '', systemNamed: name === null, expression };
  return cursor.takeWord('WITH', 'VALUES') ? { ...constraint, withValues: true } : constraint;
}

function parseIdentity(cursor: TokenCursor): Identity {
  cursor.expectWord('IDENTITY');
  const [seed = '1', increment = '1'] = cursor.is('(') ? cursor.list(() => cursor.signedNumber()) : [];
  return { seed, increment, notForReplication: cursor.takeWord('NOT', 'FOR', 'REPLICATION'), lastValue: null };
}

/** Inline INDEX of 2014, behind the word; `column` when it stands at a column. */
export function parseInlineIndex(cursor: TokenCursor, column: string | null): IndexDefinition {
  const name = cursor.name();
  const unique = cursor.takeWord('UNIQUE');
  const kind = cursor.takeOneOf('CLUSTERED', 'NONCLUSTERED');
  if (cursor.isWord('COLUMNSTORE') || cursor.isWord('HASH')) cursor.fail('a rowstore index');
  const columns = cursor.is('(') || column === null ? parseIndexColumns(cursor) : [{ name: column, descending: false }];
  const { dropExisting: _, ...tail } = parseIndexTail(cursor);
  return { name, unique, clustered: kind === null ? null : kind === 'CLUSTERED', columns, ...tail };
}
