import type { ReferentialAction } from '../../model/foreign-key.ts';
import type { TokenCursor } from '../token-cursor.ts';
import type { ForeignKeyDefinition } from './statement.ts';

/** FOREIGN KEY (…) REFERENCES …, or REFERENCES alone at a column. */
export function parseForeignKey(cursor: TokenCursor, name: string | null, column: string | null): ForeignKeyDefinition {
  let columns = column === null ? [] : [column];
  if (cursor.takeWord('FOREIGN', 'KEY') && cursor.is('(')) columns = cursor.nameList();
  cursor.expectWord('REFERENCES');
  const referencedTable = cursor.objectName();
  const referencedColumns = cursor.is('(') ? cursor.nameList() : [];
  let onDelete: ReferentialAction = 'NO ACTION';
  let onUpdate: ReferentialAction = 'NO ACTION';
  for (;;) {
    if (cursor.takeWord('ON', 'DELETE')) onDelete = parseAction(cursor);
    else if (cursor.takeWord('ON', 'UPDATE')) onUpdate = parseAction(cursor);
    else break;
  }
  const notForReplication = cursor.takeWord('NOT', 'FOR', 'REPLICATION');
  return {
    name: name ?? '',
    systemNamed: name === null,
    columns,
    referencedTable,
    referencedColumns,
    onDelete,
    onUpdate,
    notForReplication,
  };
}

function parseAction(cursor: TokenCursor): ReferentialAction {
  if (cursor.takeWord('NO', 'ACTION')) return 'NO ACTION';
  if (cursor.takeWord('CASCADE')) return 'CASCADE';
  if (cursor.takeWord('SET', 'NULL')) return 'SET NULL';
  if (cursor.takeWord('SET', 'DEFAULT')) return 'SET DEFAULT';
  return cursor.fail('NO ACTION, CASCADE, SET NULL or SET DEFAULT');
}
