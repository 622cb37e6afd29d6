/**
 * Paths of full-text catalogs. From SQL Server 2008 on a catalog has no directory of its own and IN PATH has no effect (CREATE
 * FULLTEXT CATALOG, Transact-SQL reference), but a directory that does not exist may be refused: the target's data directory is named.
 */

import { quoteString } from '../tsql/quote.ts';
import type { Token } from '../tsql/token.ts';
import type { FilePaths } from './file-placement.ts';
import { type Edit, wordOf } from './token-edit.ts';

export function editFullTextPath(tokens: readonly Token[], paths: FilePaths): Edit[] {
  const at = tokens.findIndex((t, i) => wordOf(t) === 'PATH' && wordOf(tokens[i - 1]) === 'IN');
  const path = tokens[at + 1];
  if (at < 0 || (path?.kind !== 'string' && path?.kind !== 'nstring')) return [];
  return paths.data === null ? [] : [{ token: path, text: quoteString(paths.data) }];
}
