/** TYPE_ID, TYPE_NAME, TYPEPROPERTY, XML_SCHEMA_NAMESPACE. */
import { findType, findXmlCollection } from '../ddl/column-types.ts';
import { fail } from '../ddl/failure.ts';
import { splitName } from '../resolver.ts';
import { num, type Row, textOrNull } from '../store.ts';
import { systemTypeNamed } from '../system-types.ts';
import { bit, type FunctionCall, type MetadataFunctions } from './function-call.ts';

function typeNamed(call: FunctionCall, written: string): Row | undefined {
  const name = splitName(written);
  const lower = name.name.toLowerCase();
  const system =
    name.schema === null || name.schema.toLowerCase() === 'sys'
      ? systemTypeNamed(lower === 'rowversion' ? 'timestamp' : lower)
      : undefined;
  const { scope } = call;
  if (system && system.since <= scope.version)
    return scope.store.get(
      'SELECT * FROM "b.sys.types" WHERE db = ? AND user_type_id = ?',
      scope.db,
      system.userTypeId,
    );
  return findType(scope, name.schema, name.name);
}

export const typeFunctions: MetadataFunctions = {
  TYPE_ID(call) {
    const written = call.text(0);
    const row = written === null ? undefined : typeNamed(call, written);
    return row ? num(row['user_type_id']) : null;
  },
  TYPE_NAME(call) {
    const id = call.int(0);
    if (id === null) return null;
    const { scope } = call;
    return textOrNull(
      scope.store.get('SELECT name FROM "b.sys.types" WHERE db = ? AND user_type_id = ?', scope.db, id)?.['name'],
    );
  },
  /** All namespaces of a collection, as they were written. */
  XML_SCHEMA_NAMESPACE(call) {
    if (call.count > 2) throw fail(40000, 'not supported by the sandbox: one namespace of an XML schema collection');
    const [schema, name] = [call.text(0), call.text(1)];
    const collection = name === null ? undefined : findXmlCollection(call.scope, schema, name);
    return collection ? textOrNull(collection['definition']) : null;
  },
  TYPEPROPERTY(call) {
    const [written, property] = [call.text(0), call.text(1)];
    const row = written === null ? undefined : typeNamed(call, written);
    if (!row) return null;
    const length = num(row['max_length']);
    const unicode = [231, 239].includes(num(row['system_type_id']));
    switch (property?.trim().toUpperCase()) {
      case 'ALLOWSNULL':
        return bit(num(row['is_nullable']) === 1);
      case 'OWNERID':
        return (
          num(row['principal_id']) ||
          num(
            call.scope.store.get(
              'SELECT principal_id FROM "b.sys.schemas" WHERE db = ? AND schema_id = ?',
              call.scope.db,
              num(row['schema_id']),
            )?.['principal_id'],
          )
        );
      case 'PRECISION':
        return num(row['precision']) || (length === -1 ? -1 : unicode ? length / 2 : length);
      case 'SCALE':
        return [106, 108, 41, 42, 43, 60, 122, 48, 52, 56, 127].includes(num(row['system_type_id']))
          ? num(row['scale'])
          : null;
      case 'USESANSITRIM':
        return [167, 175, 165, 173].includes(num(row['system_type_id'])) ? 1 : null;
      default:
        return null;
    }
  },
};
