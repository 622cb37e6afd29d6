/** Partition functions and schemes. */
import type { DataType } from '../../../model/data-type.ts';
import type { CreatePartitionFunction, CreatePartitionScheme } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import { hasEnterpriseFeatures } from '../server-options.ts';
import { databaseCollation, type Scope } from '../state.ts';
import { num, text } from '../store.ts';
import { declaredType, writtenType } from '../system-types.ts';
import { variant } from '../table-loader.ts';
import { resolveCollation, resolveType } from './column-types.ts';
import { spaceNamed } from './data-spaces.ts';
import { command, done, fail, message } from './failure.ts';

/** Boundaries as stored values of the function's type, in their order. Errors: 7708 for one given twice, those of conversions. */
function sortedBoundaries(
  scope: Scope,
  statement: CreatePartitionFunction,
  type: DataType,
  collation: string | null,
): { readonly values: readonly (string | null)[]; readonly asGiven: boolean } {
  const evaluated = statement.boundaries.map(b => scope.state.evaluator().constant(b, type, collation, scope.context));
  const sorted = evaluated.toSorted((a, b) => Buffer.compare(a.order, b.order));
  sorted.forEach((boundary, i) => {
    const next = sorted[i + 1];
    if (next && Buffer.compare(boundary.order, next.order) === 0)
      throw fail(
        7708,
        `Duplicate range boundary values are not allowed in partition function boundary values list. The boundary value being added is already present at ordinal ${i + 1} of the boundary value list.`,
      );
  });
  return {
    values: sorted.map(({ value }) =>
      value === null
        ? null
        : variant(writtenType(type), value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)),
    ),
    asGiven: sorted.every((boundary, i) => boundary === evaluated[i]),
  };
}

export function createPartitionFunction(scope: Scope, statement: CreatePartitionFunction): DdlOutcome {
  if (!hasEnterpriseFeatures(scope.state.options)) {
    throw fail(
      7736,
      'Partition function can only be created in Enterprise edition of SQL Server. Only Enterprise edition of SQL Server supports partitioning.',
    );
  }
  const { store, db } = scope;
  if (
    store.get(
      'SELECT 1 AS x FROM "b.sys.partition_functions" WHERE db = ? AND name_key = ?',
      db,
      scope.state.key(db, statement.name),
    )
  ) {
    throw fail(2714, `There is already an object named '${statement.name}' in the database.`, { state: 4 });
  }
  const limit = scope.version >= 110 ? 15000 : 1000;
  if (statement.boundaries.length + 1 > limit)
    throw fail(7719, `CREATE/ALTER partition function failed as only a maximum of ${limit} partitions can be created.`);
  const type = resolveType(scope, statement.type, 1);
  const collation = !type.character
    ? null
    : statement.collation === null
      ? databaseCollation(scope)
      : resolveCollation(scope, statement.collation);
  const boundaries = sortedBoundaries(scope, statement, declaredType(type), collation);
  const id =
    Math.max(
      65535,
      num(store.get('SELECT max(function_id) AS n FROM "b.sys.partition_functions" WHERE db = ?', db)?.['n']),
    ) + 1;
  const now = scope.state.now();
  store.insert('sys.partition_functions', {
    db,
    name: statement.name,
    function_id: id,
    type: 'R',
    fanout: statement.boundaries.length + 1,
    boundary_value_on_right: statement.boundaryOnRight,
    create_date: now,
    modify_date: now,
  });
  store.insert('sys.partition_parameters', {
    db,
    function_id: id,
    parameter_id: 1,
    system_type_id: type.systemTypeId,
    max_length: type.maxLength,
    precision: type.precision,
    scale: type.scale,
    collation_name: collation,
    user_type_id: type.userTypeId,
  });
  boundaries.values.forEach((value, i) => {
    store.insert('sys.partition_range_values', { db, function_id: id, boundary_id: i + 1, parameter_id: 1, value });
  });
  return done(
    command.none,
    boundaries.asGiven
      ? []
      : [
          message(
            7709,
            `Warning: Range value list for partition function '${statement.name}' is not sorted by value. Mapping of partitions to filegroups during CREATE PARTITION SCHEME will use the sorted boundary values if the function '${statement.name}' is referenced in CREATE PARTITION SCHEME.`,
            0,
          ),
        ],
  );
}

export function createPartitionScheme(scope: Scope, statement: CreatePartitionScheme): DdlOutcome {
  const { store, db } = scope;
  const function_ = store.get(
    'SELECT * FROM "b.sys.partition_functions" WHERE db = ? AND name_key = ?',
    db,
    scope.state.key(db, statement.partitionFunction),
  );
  if (!function_)
    throw fail(
      15151,
      `Cannot find the partition function '${statement.partitionFunction}', because it does not exist or you do not have permission.`,
    );
  if (spaceNamed(scope, statement.name))
    throw fail(2714, `There is already an object named '${statement.name}' in the database.`, { state: 4 });
  const fanout = num(function_['fanout']);
  const given = statement.all
    ? Array.from({ length: fanout }, () => statement.filegroups[0] ?? 'PRIMARY')
    : statement.filegroups;
  if (given.length < fanout) {
    throw fail(
      7707,
      `The associated partition function '${statement.partitionFunction}' generates more partitions than there are file groups mentioned in the scheme '${statement.name}'.`,
    );
  }
  const ids = given.map(name => {
    const space = spaceNamed(scope, name);
    if (!space || text(space['type']) === 'PS') throw fail(208, `Invalid object name '${name}'.`, { state: 58 });
    return num(space['data_space_id']);
  });
  const id =
    Math.max(65600, num(store.get('SELECT max(data_space_id) AS n FROM "b.sys.data_spaces" WHERE db = ?', db)?.['n'])) +
    1;
  store.insert('sys.data_spaces', { db, name: statement.name, data_space_id: id, type: 'PS' });
  store.insert('sys.partition_schemes', {
    db,
    data_space_id: id,
    function_id: num(function_['function_id']),
    next_used: given[fanout] ?? null,
  });
  ids.slice(0, fanout + 1).forEach((space, i) => {
    store.insert('sys.destination_data_spaces', {
      db,
      partition_scheme_id: id,
      destination_id: i + 1,
      data_space_id: space,
    });
  });
  const messages =
    given.length > fanout
      ? [
          message(
            7704,
            `Partition scheme '${statement.name}' has been created successfully. '${given[fanout] ?? ''}' is marked as the next used filegroup in partition scheme '${statement.name}'.`,
            0,
          ),
        ]
      : [];
  return done(command.none, messages);
}
