import type { TokenCursor } from '../token-cursor.ts';
import type { DropObject, DroppedName, ObjectName } from './statement.ts';

const kinds: readonly (readonly [words: readonly string[], what: DropObject['what']])[] = [
  [['TABLE'], 'table'],
  [['VIEW'], 'view'],
  [['PROCEDURE'], 'procedure'],
  [['PROC'], 'procedure'],
  [['FUNCTION'], 'function'],
  [['TRIGGER'], 'trigger'],
  [['INDEX'], 'index'],
  [['SCHEMA'], 'schema'],
  [['TYPE'], 'type'],
  [['SYNONYM'], 'synonym'],
  [['SEQUENCE'], 'sequence'],
  [['RULE'], 'rule'],
  [['DEFAULT'], 'default'],
  [['USER'], 'user'],
  [['ROLE'], 'role'],
  [['PARTITION', 'FUNCTION'], 'partitionFunction'],
  [['PARTITION', 'SCHEME'], 'partitionScheme'],
  [['XML', 'SCHEMA', 'COLLECTION'], 'xmlSchemaCollection'],
  [['STATISTICS'], 'statistics'],
  [['LOGIN'], 'login'],
];

/** DROP of an object, the cursor behind DROP; null for kinds not listed. */
export function parseDrop(cursor: TokenCursor, position: DropObject['position']): DropObject | null {
  const kind = kinds.find(([words]) => cursor.isWord(...words));
  if (!kind) return null;
  cursor.index += kind[0].length;
  const what = kind[1];
  const ifExists = cursor.takeWord('IF', 'EXISTS');
  const names: DroppedName[] = [];
  let on: ObjectName | null = null;
  do {
    let name: DroppedName = cursor.objectName();
    if ((what === 'index' || what === 'trigger') && cursor.takeWord('ON')) {
      on = cursor.takeWord('DATABASE') || cursor.takeWord('ALL', 'SERVER') ? null : cursor.objectName();
      if (what === 'index' && on !== null) name = { ...name, on };
    }
    if (what === 'index' && cursor.takeWord('WITH')) {
      const from = cursor.index;
      cursor.skipParentheses();
      name = { ...name, options: cursor.slice(from, cursor.index) };
    }
    names.push(name);
  } while (cursor.take(','));
  if (what === 'index' && on === null) {
    // `DROP INDEX t.i`, `s.t.i`: the table stands before the index.
    const [name] = names;
    if (name?.schema != null) {
      on = { server: null, database: null, schema: name.database, name: name.schema };
      return {
        kind: 'drop',
        position,
        what,
        names: names.map(n => ({ server: null, database: null, schema: null, name: n.name })),
        ifExists,
        on,
      };
    }
  }
  return { kind: 'drop', position, what, names, ifExists, on };
}
