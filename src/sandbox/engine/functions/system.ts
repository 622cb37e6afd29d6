/** Session, error and other system functions. */
import { randomUUID } from 'node:crypto';
import { ansiType, derived, textType } from '../bind/bound.ts';
import { coerce } from '../bind/comparison.ts';
import type { Env } from '../query/runtime.ts';
import {
  decimalType,
  isCharacter,
  isDecimal,
  isNumeric,
  nvarcharType,
  types,
  varbinaryType,
} from '../types/sql-type.ts';
import { type Value, Variant } from '../types/values.ts';
import { dataLength } from './data-length.ts';
import type { FunctionSpec } from './registry.ts';

const live = (type: Parameters<typeof derived>[0], nullable: boolean, read: (env: Env) => Value): FunctionSpec => ({
  min: 0,
  max: 0,
  bind: () => derived(type, nullable, [], read, true),
});
const text = (length: number, read: (env: Env) => string | null): FunctionSpec => ({
  min: 0,
  max: 0,
  bind: call => derived(textType(call.session.settings, length), true, [], read, true),
});

export const systemFunctions: Record<string, FunctionSpec> = {
  NEWID: live(types.uniqueidentifier, false, () => randomUUID().toUpperCase()),
  NEWSEQUENTIALID: live(types.uniqueidentifier, false, () => randomUUID().toUpperCase()),
  ERROR_NUMBER: live(types.int, true, env => env.run.session.caught?.number ?? null),
  ERROR_SEVERITY: live(types.int, true, env => env.run.session.caught?.severity ?? null),
  ERROR_STATE: live(types.int, true, env => env.run.session.caught?.state ?? null),
  ERROR_LINE: live(types.int, true, env => env.run.session.caught?.line ?? null),
  ERROR_MESSAGE: text(4000, env => env.run.session.caught?.message ?? null),
  ERROR_PROCEDURE: text(128, env => env.run.session.caught?.procedure ?? null),
  XACT_STATE: live(types.smallint, true, env => env.run.session.transactionState),
  SCOPE_IDENTITY: live(decimalType(38, 0, 'numeric'), true, env => env.run.session.scopeIdentity),
  ROWCOUNT_BIG: live(types.bigint, false, env => BigInt(env.run.session.rowCount)),
  HOST_NAME: text(128, env => env.run.session.hostName),
  APP_NAME: text(128, env => env.run.session.applicationName),
  HOST_ID: {
    min: 0,
    max: 0,
    bind: call => derived({ ...ansiType(call.session.settings, 10), name: 'char' }, true, [], () => '1         ', true),
  },
  CONTEXT_INFO: live(varbinaryType(128), true, () => null),
  MIN_ACTIVE_ROWVERSION: live({ ...types.timestamp, name: 'binary' }, false, env => {
    const out = Buffer.alloc(8);
    const { session } = env.run;
    out.writeBigUInt64BE(
      session.catalog.lastRowVersion(session.catalog.databaseId(session.context.database) ?? 1) + 1n,
    );
    return out;
  }),
  GETANSINULL: { min: 0, max: 1, bind: () => derived(types.smallint, true, [], () => 1) },
  ISNUMERIC: {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      return derived(types.int, false, call.args, env => {
        const v = a.eval(env);
        if (v === null) return 0;
        if (isNumeric(a.type) && a.type.name !== 'bit') return 1;
        return typeof v === 'string' && /^\s*[+-]?[$£€]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(v) ? 1 : 0;
      });
    },
  },
  SQL_VARIANT_PROPERTY: {
    min: 2,
    max: 2,
    bind(call) {
      const a = call.args[0]!;
      const property = call.text(1);
      const variant = a.type.name === 'sql_variant' ? a.eval : coerce(a, types.variant);
      const settings = call.session.settings;
      return derived(types.variant, true, call.args, env => {
        const v = variant(env) as Variant | null;
        const p = property(env)?.toLowerCase();
        const name = (s: string): Variant => new Variant(nvarcharType(128, settings.databaseCollation), s);
        const int = (n: number): Variant => new Variant(types.int, n);
        if (v === null) return null;
        const t = v.type;
        switch (p) {
          case 'basetype':
            return name(t.name);
          case 'precision':
            return int(
              isCharacter(t) || t.name === 'uniqueidentifier' || t.name === 'varbinary' || t.name === 'binary'
                ? 0
                : t.precision,
            );
          case 'scale':
            return int(t.scale);
          case 'totalbytes':
            return int(
              dataLength(v.value, t) +
                (isCharacter(t) ? 8 : isDecimal(t) || t.name === 'varbinary' || t.name === 'binary' ? 4 : 2),
            );
          case 'collation':
            return t.collation ? name(t.collation.name) : null;
          case 'maxlength':
            return int(
              t.name === 'nvarchar' || t.name === 'nchar'
                ? t.length * 2
                : t.length > 0
                  ? t.length
                  : dataLength(v.value, t),
            );
          default:
            return null;
        }
      });
    },
  },
  CURRENT_TRANSACTION_ID: {
    min: 0,
    max: 0,
    since: 130,
    bind: () => derived(types.bigint, true, [], env => BigInt(env.run.session.id), true),
  },
  CURSOR_STATUS: { min: 2, max: 2, bind: () => derived(types.smallint, true, [], () => -3) },
};
