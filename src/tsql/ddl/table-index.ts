import { defaultIndexOptions, type IndexColumn, type IndexOptions } from '../../model/table-index.ts';
import type { TokenCursor } from '../token-cursor.ts';
import { parseCompression, parseFilegroupName, parseIndexSpace } from './data-space.ts';
import { parseFilterText } from './expression.ts';
import type { AlterIndex, CreateIndex, IndexDefinition } from './statement.ts';

/** `(a, b DESC)`. */
export function parseIndexColumns(cursor: TokenCursor): IndexColumn[] {
  return cursor.list(() => {
    const name = cursor.name();
    const descending = cursor.takeWord('DESC');
    if (!descending) cursor.takeWord('ASC');
    return { name, descending };
  });
}

export interface ParsedIndexOptions {
  readonly options: Partial<IndexOptions>;
  readonly dropExisting: boolean;
}

/** Behind WITH: `(PAD_INDEX = ON, …)`, or the old forms `FILLFACTOR = 80, PAD_INDEX`. */
export function parseIndexOptions(cursor: TokenCursor): ParsedIndexOptions {
  const options: { -readonly [K in keyof IndexOptions]?: IndexOptions[K] } = {};
  let dropExisting = false;
  const one = () => {
    const option = cursor.token;
    const name = cursor.name().toUpperCase();
    if (name === 'DATA_COMPRESSION') {
      cursor.expect('=');
      options.compression = [...(options.compression ?? []), parseCompression(cursor)];
      return;
    }
    let value = 'ON';
    if (cursor.take('=')) value = cursor.token.kind === 'number' ? cursor.next().text : cursor.name().toUpperCase();
    if (cursor.is('(')) cursor.skipParentheses(); // ONLINE = ON (WAIT_AT_LOW_PRIORITY …), of no lasting effect
    cursor.takeOneOf('MINUTES');
    const on = value === 'ON';
    switch (name) {
      case 'PAD_INDEX':
        options.padIndex = on;
        break;
      case 'FILLFACTOR':
        options.fillFactor = Number(value);
        break;
      case 'IGNORE_DUP_KEY':
        options.ignoreDuplicateKey = on;
        break;
      case 'STATISTICS_NORECOMPUTE':
        options.statisticsNoRecompute = on;
        break;
      case 'ALLOW_ROW_LOCKS':
        options.allowRowLocks = on;
        break;
      case 'ALLOW_PAGE_LOCKS':
        options.allowPageLocks = on;
        break;
      case 'DROP_EXISTING':
        dropExisting = on;
        break;
      // Options of the building alone, which the catalog does not keep, and newer ones that are off by default.
      case 'SORT_IN_TEMPDB':
      case 'ONLINE':
      case 'MAXDOP':
      case 'RESUMABLE':
      case 'MAX_DURATION':
      case 'STATISTICS_INCREMENTAL':
      case 'OPTIMIZE_FOR_SEQUENTIAL_KEY':
      case 'XML_COMPRESSION':
      case 'SORTED_DATA':
      case 'SORTED_DATA_REORG':
      case 'COMPRESSION_DELAY':
        break;
      default:
        cursor.fail('an index option', option);
    }
  };
  if (cursor.is('(')) cursor.list(one);
  else
    do one();
    while (cursor.is(',') && cursor.take(','));
  return { options, dropExisting };
}

/** Rest of an index behind its columns: INCLUDE, WHERE, WITH, ON, FILESTREAM_ON. */
export function parseIndexTail(cursor: TokenCursor): Pick<
  IndexDefinition,
  'included' | 'filter' | 'options' | 'dataSpace' | 'filestreamDataSpace'
> & {
  dropExisting: boolean;
} {
  const included = cursor.takeWord('INCLUDE') ? cursor.nameList() : [];
  const filter = cursor.takeWord('WHERE') ? parseFilterText(cursor) : null;
  const parsed = cursor.takeWord('WITH') ? parseIndexOptions(cursor) : { options: {}, dropExisting: false };
  const dataSpace = cursor.takeWord('ON') ? parseIndexSpace(cursor) : null;
  const filestreamDataSpace = cursor.takeWord('FILESTREAM_ON') ? parseFilegroupName(cursor) : null;
  return {
    included,
    filter,
    options: { ...defaultIndexOptions, ...parsed.options },
    dataSpace,
    filestreamDataSpace,
    dropExisting: parsed.dropExisting,
  };
}

/** CREATE [UNIQUE] [CLUSTERED | NONCLUSTERED] INDEX, the cursor at what follows CREATE. */
export function parseCreateIndex(cursor: TokenCursor, position: CreateIndex['position']): CreateIndex {
  const unique = cursor.takeWord('UNIQUE');
  const kind = cursor.takeOneOf('CLUSTERED', 'NONCLUSTERED');
  cursor.expectWord('INDEX');
  const name = cursor.name();
  cursor.expectWord('ON');
  const on = cursor.objectName();
  const columns = parseIndexColumns(cursor);
  const { dropExisting, ...tail } = parseIndexTail(cursor);
  const clustered = kind === null ? null : kind === 'CLUSTERED';
  return { kind: 'createIndex', position, on, dropExisting, index: { name, unique, clustered, columns, ...tail } };
}

/** ALTER INDEX, the cursor behind these words. */
export function parseAlterIndex(cursor: TokenCursor, position: AlterIndex['position']): AlterIndex {
  const index = cursor.takeWord('ALL') ? null : cursor.name();
  cursor.expectWord('ON');
  const on = cursor.objectName();
  const action = cursor.takeOneOf('DISABLE', 'REBUILD', 'REORGANIZE', 'SET') as AlterIndex['action'] | null;
  if (!action) return cursor.fail('DISABLE, REBUILD, REORGANIZE or SET');
  if (cursor.takeWord('PARTITION')) {
    cursor.expect('=');
    cursor.next();
  }
  let options: Partial<IndexOptions> = {};
  if (action === 'SET') options = parseIndexOptions(cursor).options;
  else if (action === 'REBUILD' && cursor.takeWord('WITH')) options = parseIndexOptions(cursor).options;
  else if (action === 'REORGANIZE' && cursor.takeWord('WITH')) cursor.skipParentheses();
  return { kind: 'alterIndex', position, index, on, action, options };
}
