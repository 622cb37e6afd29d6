import type { TypeReference } from './ast.ts';
import { type Cursor, objectName } from './cursor.ts';

/** A data type as written: `decimal(10, 2)`, `nvarchar(max)`, `dbo.Phone`, `double precision`, `national character varying(10)`. */
export function parseType(c: Cursor): TypeReference {
  const line = c.line;
  let parts: string[];
  const word = c.peek().kind === 'word' ? c.peek().value : '';
  if (word === 'NATIONAL') {
    c.next();
    const kind = c.next().value;
    parts = [kind === 'TEXT' ? 'ntext' : c.acceptWord('VARYING') ? 'nvarchar' : 'nchar'];
  } else if (word === 'DOUBLE') {
    c.next();
    c.expectWord('PRECISION');
    parts = ['float'];
  } else if (word === 'CHAR' || word === 'CHARACTER' || word === 'BINARY') {
    c.next();
    const varying = c.acceptWord('VARYING');
    parts = [word === 'BINARY' ? (varying ? 'varbinary' : 'binary') : varying ? 'varchar' : 'char'];
  } else parts = c.nameParts();
  const args: (number | 'max')[] = [];
  if (c.accept('(')) {
    do {
      const t = c.next();
      if (t.kind === 'number') args.push(Number(t.text));
      else if (t.kind === 'word' && t.value === 'MAX') args.push('max');
      else if (t.kind === 'word' && /^FLOAT(16|32)$/.test(t.value)) args.push(t.value === 'FLOAT16' ? 16 : 32);
      else c.fail(t);
    } while (c.accept(','));
    c.expect(')');
  }
  return { name: objectName(parts), arguments: args, line };
}
