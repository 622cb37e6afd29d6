/** Sequences and synonyms. */
import type { CreateSequence, CreateSynonym } from '../../../tsql/ddl/statement.ts';
import { quoteName } from '../../../tsql/quote.ts';
import type { DdlOutcome, SandboxSequence } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';
import {
  addObject,
  findObject,
  nameAsWritten,
  objectChanged,
  refuseTakenName,
  type Scope,
  schemaFor,
  typeOf,
} from '../state.ts';
import { num, type Row, type Store } from '../store.ts';
import { variant, variantInteger } from '../table-loader.ts';
import { resolveType } from './column-types.ts';
import { variantType } from './columns.ts';
import { command, done, fail } from './failure.ts';

/** Limits of the integer types; decimals go by their precision. */
function limitsOf(systemTypeId: number, precision: number): [bigint, bigint] {
  switch (systemTypeId) {
    case 48:
      return [0n, 255n];
    case 52:
      return [-32768n, 32767n];
    case 56:
      return [-2147483648n, 2147483647n];
    case 127:
      return [-(2n ** 63n), 2n ** 63n - 1n];
    default:
      return [-(10n ** BigInt(precision)) + 1n, 10n ** BigInt(precision) - 1n];
  }
}

export function createSequence(scope: Scope, statement: CreateSequence): DdlOutcome {
  if (scope.version < 110)
    throw fail(343, "Unknown object type 'SEQUENCE' used in a CREATE, DROP, or ALTER statement.", { class: 15 });
  return statement.verb === 'CREATE' ? create(scope, statement) : alter(scope, statement);
}

function bound(given: string | null, fallback: bigint): bigint {
  return given === null || given.toUpperCase() === 'NO' ? fallback : BigInt(given);
}

function create(scope: Scope, statement: CreateSequence): DdlOutcome {
  const schema = schemaFor(scope, statement.name.schema);
  refuseTakenName(scope, schema.id, statement.name.name);
  const type = resolveType(scope, statement.type ?? { schema: null, name: 'bigint' }, 1);
  if (![48, 52, 56, 127, 106, 108].includes(type.systemTypeId) || type.scale !== 0) {
    throw fail(
      11702,
      `The sequence object '${nameAsWritten(statement.name.schema, statement.name.name)}' must be of data type int, bigint, smallint, tinyint, or decimal or numeric with a scale of 0, or any user-defined data type that is based on one of the above integer data types.`,
      { state: 2 },
    );
  }
  const [least, greatest] = limitsOf(type.systemTypeId, type.precision);
  const increment = BigInt(statement.increment ?? '1');
  const minimum = bound(statement.minimum, least);
  const maximum = bound(statement.maximum, greatest);
  const start =
    statement.start === null || statement.start === '' ? (increment < 0n ? maximum : minimum) : BigInt(statement.start);
  const written = nameAsWritten(statement.name.schema, statement.name.name);
  if (increment === 0n) throw fail(11700, `The increment for sequence object '${written}' cannot be zero.`);
  if (minimum >= maximum)
    throw fail(11705, `The minimum value for sequence object '${written}' must be less than its maximum value.`);
  if (start < minimum || start > maximum)
    throw fail(
      11703,
      `The start value for sequence object '${written}' must be between the minimum and maximum value of the sequence object.`,
    );
  const id = addObject(scope, { name: statement.name.name, schemaId: schema.id, type: 'SO' });
  const base = variantType(type);
  const { cache } = statement;
  scope.store.insert('sys.sequences', {
    db: scope.db,
    object_id: id,
    start_value: variant(base, String(start)),
    increment: variant(base, String(increment)),
    minimum_value: variant(base, String(minimum)),
    maximum_value: variant(base, String(maximum)),
    is_cycling: statement.cycle === true,
    is_cached: cache !== 'NO',
    cache_size: typeof cache === 'number' ? cache : null,
    system_type_id: type.systemTypeId,
    user_type_id: type.userTypeId,
    precision: type.precision,
    scale: type.scale,
    current_value: variant(base, String(start)),
    is_exhausted: false,
    last_used_value: null,
  });
  return done(command.none);
}

function alter(scope: Scope, statement: CreateSequence): DdlOutcome {
  const written = nameAsWritten(statement.name.schema, statement.name.name);
  const object = findObject(scope, statement.name.schema, statement.name.name);
  if (!object || typeOf(object) !== 'SO')
    throw fail(
      15151,
      `Cannot alter the sequence object '${statement.name.name}', because it does not exist or you do not have permission.`,
    );
  const id = num(object['object_id']);
  const row = sequenceRow(scope.store, scope.db, id);
  const base = variantType({ systemTypeId: num(row['system_type_id']), precision: num(row['precision']) });
  const [least, greatest] = limitsOf(num(row['system_type_id']), num(row['precision']));
  const increment = statement.increment === null ? variantInteger(row['increment']) : BigInt(statement.increment);
  const minimum = statement.minimum === null ? variantInteger(row['minimum_value']) : bound(statement.minimum, least);
  const maximum =
    statement.maximum === null ? variantInteger(row['maximum_value']) : bound(statement.maximum, greatest);
  const restart =
    statement.restart === null
      ? null
      : statement.restart === ''
        ? variantInteger(row['start_value'])
        : BigInt(statement.restart);
  const current = restart ?? variantInteger(row['current_value']);
  if (minimum >= maximum)
    throw fail(11705, `The minimum value for sequence object '${written}' must be less than its maximum value.`);
  if (current < minimum || current > maximum)
    throw fail(
      11709,
      `The current value '${current}' for sequence object '${written}' must be between the minimum and maximum value of the sequence object.`,
    );
  scope.store.update(
    'sys.sequences',
    { db: scope.db, object_id: id },
    {
      increment: variant(base, String(increment)),
      minimum_value: variant(base, String(minimum)),
      maximum_value: variant(base, String(maximum)),
      ...(statement.cycle === null ? {} : { is_cycling: statement.cycle }),
      ...(statement.cache === null
        ? {}
        : {
            is_cached: statement.cache !== 'NO',
            cache_size: typeof statement.cache === 'number' ? statement.cache : null,
          }),
      ...(restart === null
        ? {}
        : {
            start_value: variant(base, String(restart)),
            current_value: variant(base, String(restart)),
            last_used_value: null,
            is_exhausted: false,
          }),
    },
  );
  objectChanged(scope, id);
  return done(command.none);
}

function sequenceRow(store: Store, db: number, id: number): Row {
  const row = store.get('SELECT * FROM "b.sys.sequences" WHERE db = ? AND object_id = ?', db, id);
  if (!row) throw new ServerError(208, 'Invalid object name.');
  return row;
}

/** NEXT VALUE FOR: the next value, which becomes current_value; 11728 when the sequence is exhausted. */
export function nextValue(store: Store, sequence: SandboxSequence): bigint {
  const row = sequenceRow(store, sequence.databaseId, sequence.objectId);
  const base = variantType({ systemTypeId: num(row['system_type_id']), precision: num(row['precision']) });
  const increment = variantInteger(row['increment']);
  const minimum = variantInteger(row['minimum_value']);
  const maximum = variantInteger(row['maximum_value']);
  let next =
    row['last_used_value'] === null
      ? variantInteger(row['current_value'])
      : variantInteger(row['last_used_value']) + increment;
  if (next > maximum || next < minimum) {
    if (num(row['is_cycling']) !== 1) {
      throw new ServerError(
        11728,
        `The sequence object '${sequence.name}' has reached its minimum or maximum value. Restart the sequence object to allow new values to be generated.`,
      );
    }
    next = increment > 0n ? minimum : maximum;
  }
  const value = variant(base, String(next));
  store.update(
    'sys.sequences',
    { db: sequence.databaseId, object_id: sequence.objectId },
    { current_value: value, last_used_value: value },
  );
  return next;
}

export function createSynonym(scope: Scope, statement: CreateSynonym): DdlOutcome {
  const schema = schemaFor(scope, statement.name.schema);
  refuseTakenName(scope, schema.id, statement.name.name);
  const id = addObject(scope, { name: statement.name.name, schemaId: schema.id, type: 'SN' });
  scope.store.insert('sys.synonyms', {
    db: scope.db,
    object_id: id,
    base_object_name: baseObjectName(statement.target),
  });
  return done(command.none);
}

/** `[server].[db].[schema].[name]` with the parts that were given; a part left out between two is empty. */
function baseObjectName(target: CreateSynonym['target']): string {
  const parts = [target.server, target.database, target.schema, target.name];
  const first = parts.findIndex(p => p !== null && p !== '');
  return parts
    .slice(Math.max(0, first))
    .map(p => (p === null || p === '' ? '' : quoteName(p)))
    .join('.');
}
