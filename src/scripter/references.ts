import { caseFolding } from '../model/look-up.ts';
import type { QualifiedName } from '../model/name.ts';
import { tokenize } from '../tsql/lexer.ts';
import type { Token } from '../tsql/token.ts';

/** Looks objects up by name, with or without regard to case as the database's collation compares names. */
export interface NameIndex<T> {
  find(schema: string, name: string): T | undefined;
}

export function createNameIndex<T extends QualifiedName>(objects: Iterable<T>, collation: string | null): NameIndex<T> {
  const fold = caseFolding(collation);
  const byName = new Map<string, T>();
  for (const object of objects) byName.set(`${fold(object.schema)}\u0000${fold(object.name)}`, object);
  return { find: (schema, name) => byName.get(`${fold(schema)}\u0000${fold(name)}`) };
}

const isName = (t: Token | undefined) =>
  t !== undefined && (t.kind === 'word' || t.kind === 'bracketed' || t.kind === 'quoted');

/** A word token's value is in upper case, but a name keeps its own. */
const nameOf = (t: Token) => (t.kind === 'word' ? t.text : t.value);

/**
 * Objects that a T-SQL text may refer to, found by the names in it. A name that is a column's or alias's by chance
 * gives one edge too many, which costs nothing but order; none is missed as in sys.sql_expression_dependencies, which
 * leaves out what did not resolve when the module was made.
 */
export function findReferences<T>(text: string, defaultSchema: string, index: NameIndex<T>): Set<T> {
  const found = new Set<T>();
  const tokens = tokenize(text);
  for (let i = 0; i < tokens.length; i++) {
    if (!isName(tokens[i])) continue;
    const parts = [nameOf(tokens[i]!)];
    while (tokens[i + 1]?.text === '.') {
      // `db..name` leaves the schema out.
      if (tokens[i + 2]?.text === '.') {
        parts.push('');
        i++;
      } else if (isName(tokens[i + 2])) {
        parts.push(nameOf(tokens[i + 2]!));
        i += 2;
      } else break;
    }
    // Of `a.b.c` any neighbours may be schema and object: a column or method often follows the name.
    for (let k = 0; k < parts.length; k++) {
      const part = parts[k]!;
      const candidate =
        k > 0 && parts[k - 1] !== ''
          ? index.find(parts[k - 1]!, part)
          : (index.find(defaultSchema, part) ?? index.find('dbo', part));
      if (candidate !== undefined) found.add(candidate);
    }
  }
  return found;
}
