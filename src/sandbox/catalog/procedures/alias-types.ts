/** sp_addtype and sp_droptype. */
import type { DataType } from '../../../model/data-type.ts';
import { findType } from '../ddl/column-types.ts';
import { addAliasType } from '../ddl/type.ts';
import { num } from '../store.ts';
import { systemTypeNamed } from '../system-types.ts';
import { parseDeclaredType } from '../view-facts.ts';
import { nothing, type ProcedureCall, type Procedures, procedureError } from './procedure.ts';

const noType = (name: string): Error =>
  procedureError(15036, `The data type '${name}' does not exist or you do not have permission.`);

/** `varchar(11)`, `int`, `decimal(10, 2)`: only a system type may stand under an alias. */
function physicalType(call: ProcedureCall, written: string): DataType {
  let type: DataType;
  try {
    type = parseDeclaredType(written);
  } catch {
    throw noType(written);
  }
  const known = systemTypeNamed(type.name);
  if (!known || known.since > call.scope.version) throw noType(written);
  return type;
}

function isNullable(word: string | null): boolean | null {
  switch (word?.trim().toLowerCase()) {
    case undefined:
      return null;
    case 'null':
      return true;
    case 'not null':
    case 'nonull':
      return false;
    default:
      throw procedureError(15085, "Usage: sp_addtype name, 'data type' [,'NULL' | 'NOT NULL']", { state: 2 });
  }
}

export const aliasTypes: Procedures = {
  sp_addtype: {
    required: ['typename', 'phystype'],
    optional: ['nulltype', 'owner'],
    run(call) {
      const type = physicalType(call, call.text('phystype') ?? '');
      const name = {
        server: null,
        database: null,
        schema: call.text('owner') ?? 'dbo',
        name: call.text('typename') ?? '',
      };
      addAliasType(call.scope, name, type, isNullable(call.text('nulltype')));
      return nothing;
    },
  },
  sp_droptype: {
    required: ['typename'],
    run(call) {
      const name = call.text('typename') ?? '';
      const { scope } = call;
      const row = findType(scope, null, name);
      const id = num(row?.['user_type_id']);
      if (!row || id <= 256) throw noType(name);
      for (const view of ['sys.columns', 'sys.parameters']) {
        if (scope.store.get(`SELECT 1 AS x FROM "b.${view}" WHERE db = ? AND user_type_id = ?`, scope.db, id))
          throw procedureError(15180, 'Cannot drop. The data type is being used.');
      }
      scope.store.remove('sys.types', { db: scope.db, user_type_id: id });
      scope.store.remove('sys.extended_properties', { db: scope.db, class: 6, major_id: id });
      return nothing;
    },
  },
};
