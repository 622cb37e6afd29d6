/** Functions that look into the catalog, by name. */
import type { CatalogContext } from '../../engine/catalog-access.ts';
import { type CatalogState, scopeOf } from '../state.ts';
import { collationFunctions } from './collation-functions.ts';
import { columnFunctions } from './column-functions.ts';
import { databaseFunctions } from './database-functions.ts';
import { fileFunctions } from './file-functions.ts';
import type { Answer, Argument, FunctionCall, MetadataFunctions } from './function-call.ts';
import { identityFunctions } from './identity-functions.ts';
import { indexFunctions } from './index-functions.ts';
import { objectFunctions } from './object-functions.ts';
import { objectProperties } from './object-properties.ts';
import { permissionFunctions } from './permission-functions.ts';
import { principalFunctions } from './principal-functions.ts';
import { serverFunctions } from './server-functions.ts';
import { typeFunctions } from './type-functions.ts';

const functions: MetadataFunctions = {
  ...objectFunctions,
  ...objectProperties,
  ...columnFunctions,
  ...indexFunctions,
  ...typeFunctions,
  ...identityFunctions,
  ...databaseFunctions,
  ...fileFunctions,
  ...principalFunctions,
  ...permissionFunctions,
  ...collationFunctions,
  ...serverFunctions,
};

/** Names of all functions that the catalog answers, in upper case. */
export const metadataFunctionNames: readonly string[] = Object.keys(functions);

/** undefined = not a function of the catalog. */
export function metadataFunction(
  state: CatalogState,
  name: string,
  arguments_: readonly Argument[],
  context: CatalogContext,
): Answer | undefined {
  const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!run) return undefined;
  const at = (index: number): Argument => arguments_[index] ?? null;
  const call: FunctionCall = {
    state,
    context,
    scope: scopeOf(state, context),
    count: arguments_.length,
    text(index) {
      const value = at(index);
      return value === null ? null : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
    },
    int(index) {
      const value = at(index);
      if (value === null || value instanceof Uint8Array) return null;
      const number = Number(value);
      return Number.isFinite(number) ? Math.trunc(number) : null;
    },
    bytes(index) {
      const value = at(index);
      return value instanceof Uint8Array ? value : null;
    },
  };
  return run(call);
}
