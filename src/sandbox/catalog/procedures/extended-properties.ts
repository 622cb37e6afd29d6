/** sp_addextendedproperty, sp_updateextendedproperty, sp_dropextendedproperty. */
import { writtenType } from '../system-types.ts';
import { variant } from '../table-loader.ts';
import {
  invalidParameter,
  nothing,
  type Procedure,
  type ProcedureCall,
  type Procedures,
  procedureError,
} from './procedure.ts';
import { type Level, type PropertyTarget, propertyTarget } from './property-target.ts';

const levelParameters = ['level0type', 'level0name', 'level1type', 'level1name', 'level2type', 'level2name'];

/** A type without a name, or a level after one that is missing, is 15600. */
function levelsOf(call: ProcedureCall): readonly Level[] {
  const levels: Level[] = [];
  for (let i = 0; i < 3; i++) {
    const [type, name] = [call.text(`level${i}type`), call.text(`level${i}name`)];
    if ((type === null) !== (name === null)) throw invalidParameter(call);
    if (type === null || name === null) continue;
    if (levels.length !== i) throw invalidParameter(call);
    levels.push({ type: type.trim().toUpperCase(), name });
  }
  return levels;
}

const written = (levels: readonly Level[]): string =>
  levels.length === 0 ? 'object specified' : levels.map(l => l.name).join('.');

function targetOf(call: ProcedureCall, levels: readonly Level[]): PropertyTarget {
  const target = propertyTarget(call.scope, levels);
  if (!target)
    throw procedureError(
      15135,
      `Object is invalid. Extended properties are not permitted on '${written(levels)}', or the object does not exist.`,
      { state: 8, line: 37 },
    );
  return target;
}

/** The value with its type, as sys.extended_properties keeps it. */
function valueOf(call: ProcedureCall): string | number | Uint8Array | null {
  const argument = call.argument('value');
  const value = argument?.value ?? null;
  if (value === null) return null;
  const type = argument?.type;
  if (value instanceof Uint8Array) {
    const written = type ? writtenType(type) : `varbinary(${Math.max(1, value.length)})`;
    return variant(written, Buffer.from(value).toString('hex'));
  }
  if (type) return variant(writtenType(type), String(value));
  return typeof value === 'string' ? variant(`nvarchar(${Math.max(1, value.length)})`, value) : String(value);
}

interface Place {
  readonly name: string;
  readonly written: string;
  readonly where: { readonly db: number; readonly class: number; readonly major_id: number; readonly minor_id: number };
  readonly exists: boolean;
}

function placeOf(call: ProcedureCall): Place {
  const name = call.text('name');
  if (name === null || name === '') throw invalidParameter(call);
  const { scope } = call;
  const levels = levelsOf(call);
  const target = targetOf(call, levels);
  const where = { db: scope.db, class: target.classId, major_id: target.majorId, minor_id: target.minorId };
  const key = scope.state.key(scope.db, name);
  const existing = scope.store
    .all(
      'SELECT name FROM "b.sys.extended_properties" WHERE db = ? AND class = ? AND major_id = ? AND minor_id = ?',
      where.db,
      where.class,
      where.major_id,
      where.minor_id,
    )
    .map(r => String(r['name']))
    .find(n => scope.state.key(scope.db, n) === key);
  return { name: existing ?? name, written: written(levels), where, exists: existing !== undefined };
}

const missing = (place: Place): Error =>
  procedureError(
    15217,
    `Property cannot be updated or deleted. Property '${place.name}' does not exist for '${place.written}'.`,
    { line: 37 },
  );

const procedure = (required: readonly string[], optional: readonly string[], run: Procedure['run']): Procedure => ({
  required,
  optional: [...optional, ...levelParameters],
  run,
});

export const extendedProperties: Procedures = {
  sp_addextendedproperty: procedure(['name'], ['value'], call => {
    const place = placeOf(call);
    if (place.exists)
      throw procedureError(
        15233,
        `Property cannot be added. Property '${place.name}' already exists for '${place.written}'.`,
        { line: 37 },
      );
    call.scope.store.insert('sys.extended_properties', { ...place.where, name: place.name, value: valueOf(call) });
    return nothing;
  }),
  sp_updateextendedproperty: procedure(['name'], ['value'], call => {
    const place = placeOf(call);
    if (!place.exists) throw missing(place);
    call.scope.store.update('sys.extended_properties', { ...place.where, name: place.name }, { value: valueOf(call) });
    return nothing;
  }),
  sp_dropextendedproperty: procedure(['name'], [], call => {
    const place = placeOf(call);
    if (!place.exists) throw missing(place);
    call.scope.store.remove('sys.extended_properties', { ...place.where, name: place.name });
    return nothing;
  }),
};
