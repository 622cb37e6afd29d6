/** The column list of INSERT. */
import type { StatementOf } from '../parser/ast.ts';
import { ServerError } from '../server-error.ts';
import type { Layout } from '../storage/layout.ts';

/** Places of the named columns; by position all but identity and computed ones. @throws ServerError 207, 264, 8101 */
export function targetColumns(s: StatementOf<'insert'>, layout: Layout, keepIdentity: boolean): number[] {
  const { table } = layout;
  if (!s.columns) {
    if (keepIdentity && layout.identity >= 0)
      throw new ServerError(
        8101,
        `An explicit value for the identity column in table '${table.schema}.${table.name}' can only be specified when a column list is used and IDENTITY_INSERT is ON.`,
      );
    return layout.columns.flatMap((c, i) => (c.identity || c.definition.computed ? [] : [i]));
  }
  const places: number[] = [];
  const fold = (name: string): string => name.toLowerCase();
  for (const name of s.columns) {
    let place = layout.columns.findIndex(c => c.name === name);
    if (place < 0) place = layout.columns.findIndex(c => fold(c.name) === fold(name));
    if (place < 0 && /^\$(identity|rowguid)$/i.test(name))
      place = layout.columns.findIndex(c => (/identity/i.test(name) ? c.identity : c.rowGuid));
    if (place < 0) throw new ServerError(207, `Invalid column name '${name}'.`);
    if (places.includes(place))
      throw new ServerError(
        264,
        `The column name '${name}' is specified more than once in the SET clause or column list of an INSERT. A column cannot be assigned more than one value in the same clause. Modify the clause to make sure that a column is updated only once. If this statement updates or inserts columns into a view, column aliasing can conceal the duplication in your code.`,
      );
    places.push(place);
  }
  return places;
}

export function refuseGenerated(
  layout: Layout,
  places: readonly number[],
  keepIdentity: boolean,
  values: boolean,
): void {
  const { table } = layout;
  for (const place of places) {
    const c = layout.columns[place]!;
    if (c.definition.computed)
      throw new ServerError(
        271,
        `The column "${c.name}" cannot be modified because it is either a computed column or is the result of a UNION operator.`,
      );
    if (c.identity && !keepIdentity)
      throw new ServerError(
        544,
        `Cannot insert explicit value for identity column in table '${table.name}' when IDENTITY_INSERT is set to OFF.`,
      );
    if (c.type.name === 'timestamp' && values)
      throw new ServerError(
        273,
        'Cannot insert an explicit value into a timestamp column. Use INSERT with a column list to exclude the timestamp column, or insert a DEFAULT into the timestamp column.',
      );
  }
  if (keepIdentity && layout.identity >= 0 && !places.includes(layout.identity))
    throw new ServerError(
      545,
      `Explicit value must be specified for identity column in table '${table.name}' either when IDENTITY_INSERT is set to ON or when a replication user is inserting into a NOT FOR REPLICATION identity column.`,
    );
}

/** The error of too many or too few values. */
export function wrongCount(s: StatementOf<'insert'>, given: number, wanted: number): ServerError {
  if (!s.columns)
    return new ServerError(213, 'Column name or number of supplied values does not match table definition.');
  const values = s.source.kind === 'values';
  const [many, few] = values ? [110, 109] : [121, 120];
  const clause = values ? 'values specified in the VALUES clause' : 'items in the INSERT list';
  if (values)
    return given > wanted
      ? new ServerError(
          many,
          `There are fewer columns in the INSERT statement than ${clause}. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
          { class: 15 },
        )
      : new ServerError(
          few,
          `There are more columns in the INSERT statement than ${clause}. The number of values in the VALUES clause must match the number of columns specified in the INSERT statement.`,
          { class: 15 },
        );
  return given > wanted
    ? new ServerError(
        many,
        'The select list for the INSERT statement contains more items than the insert list. The number of SELECT values must match the number of INSERT columns.',
        { class: 15 },
      )
    : new ServerError(
        few,
        'The select list for the INSERT statement contains fewer items than the insert list. The number of SELECT values must match the number of INSERT columns.',
        { class: 15 },
      );
}
