/** IDENT_CURRENT, IDENT_SEED, IDENT_INCR: numeric(38,0), as digits. */
import type { Scope } from '../state.ts';
import { num, type Row } from '../store.ts';
import { variantInteger } from '../table-loader.ts';
import type { FunctionCall, MetadataFunctions } from './function-call.ts';
import { objectNamed } from './object-functions.ts';

function identityOf(call: FunctionCall): { readonly scope: Scope; readonly id: number; readonly row: Row } | null {
  const written = call.text(0);
  const found = written === null ? null : objectNamed(call, written);
  if (!found) return null;
  const id = num(found.row['object_id']);
  const row = found.scope.store.get(
    'SELECT seed_value, increment_value FROM "b.sys.identity_columns" WHERE db = ? AND object_id = ?',
    found.scope.db,
    id,
  );
  return row ? { scope: found.scope, id, row } : null;
}

export const identityFunctions: MetadataFunctions = {
  /** The seed while no value was given out. */
  IDENT_CURRENT(call) {
    const identity = identityOf(call);
    if (!identity) return null;
    const last = call.state.identity.get(identity.scope.db, identity.id);
    return String(last ?? variantInteger(identity.row['seed_value']));
  },
  IDENT_SEED(call) {
    const identity = identityOf(call);
    return identity ? String(variantInteger(identity.row['seed_value'])) : null;
  },
  IDENT_INCR(call) {
    const identity = identityOf(call);
    return identity ? String(variantInteger(identity.row['increment_value'])) : null;
  },
};
