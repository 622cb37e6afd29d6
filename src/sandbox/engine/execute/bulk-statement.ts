/** INSERT BULK: announces a bulk load. */
import { resolveType } from '../bind/types.ts';
import type { StatementOf } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import { layoutOf } from '../storage/layout.ts';
import { collationNamed } from '../types/collation.ts';
import { isCharacter, type SqlType } from '../types/sql-type.ts';
import { command } from './commands.ts';
import { BatchAborted, type Execution } from './execution.ts';
import { resolveTarget } from './target.ts';

/** An INSERT BULK that waits for its rows. */
export interface AnnouncedBulk {
  readonly statement: StatementOf<'insertBulk'>;
  /** By place in the statement: declared type, and place in the table. */
  readonly columns: readonly { readonly type: SqlType; readonly place: number }[];
}

export function declareBulk(x: Execution, s: StatementOf<'insertBulk'>): void {
  const { session } = x;
  const { table } = targetTable(x, s);
  const layout = layoutOf(table);
  const places = new Set<number>();
  const columns = s.columns.map(c => {
    let place = layout.columns.findIndex(k => k.name === c.name);
    if (place < 0) place = layout.columns.findIndex(k => k.name.toLowerCase() === c.name.toLowerCase());
    if (place < 0) {
      // Captured: no ERROR at all, only DONE.
      x.tokens.done(command.none, null, true);
      throw new BatchAborted();
    }
    if (places.has(place))
      throw new ServerError(
        264,
        `The column name '${c.name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
      );
    places.add(place);
    if (layout.columns[place]!.definition.computed)
      throw new ServerError(
        271,
        `The column "${c.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
      );
    return { place, type: declaredType(x, c) };
  });
  session.announcedBulk = { statement: s, columns };
  x.tokens.done(command.none, null);
}

/** The error of a missing table is told twice (captured: bulk.statement-errors). */
function targetTable(x: Execution, s: StatementOf<'insertBulk'>) {
  try {
    return resolveTarget(x, { kind: 'object', name: s.name }, 'INSERT BULK');
  } catch (error) {
    if (!(error instanceof ServerError) || error.number !== 208) throw error;
    const { number, state, message } = error;
    throw new ServerError(number, message, {
      state,
      more: [{ number, state, class: error.class, message, line: null }],
    });
  }
}

function declaredType(x: Execution, c: StatementOf<'insertBulk'>['columns'][number]): SqlType {
  let type: SqlType;
  try {
    type = resolveType(c.type, x.session, 1);
  } catch (error) {
    if (error instanceof ServerError && error.number === 243)
      throw new ServerError(2715, `Column, parameter, or variable #1: Cannot find data type ${c.type.name.name}.`, {
        state: 2,
      });
    throw error;
  }
  return isCharacter(type) && c.collation !== null ? { ...type, collation: collationNamed(c.collation) } : type;
}
