import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { derived } from '../bind/bound.ts';
import { coerce } from '../bind/comparison.ts';
import { ServerError } from '../server-error.ts';
import { isBytes, isCharacter, types, varbinaryType } from '../types/sql-type.ts';
import { dataLength } from './data-length.ts';
import type { FunctionSpec } from './registry.ts';

/** Functions of the bytes of a value. */
export const byteFunctions: Record<string, FunctionSpec> = {
  DATALENGTH: {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      const big = a.type.length < 0;
      return derived(big ? types.bigint : types.int, a.nullable, call.args, env => {
        const v = a.eval(env);
        if (v === null) return null;
        const n = dataLength(v, a.type);
        return big ? BigInt(n) : n;
      });
    },
  },
  HASHBYTES: {
    min: 2,
    max: 2,
    bind(call) {
      const algorithm = call.text(0);
      const a = call.args[1]!;
      const bytes = isBytes(a.type)
        ? a.eval
        : isCharacter(a.type)
          ? coerce(a, varbinaryType(-1))
          : coerce(a, varbinaryType(8000));
      return derived(varbinaryType(8000), true, call.args, env => {
        const name = algorithm(env)?.toLowerCase();
        const v = bytes(env) as Uint8Array | null;
        if (v === null || name === undefined) return null;
        if (v.length > 8000 && call.session.version < 130)
          throw new ServerError(8152, 'String or binary data would be truncated.', { state: 10 });
        const js: Record<string, string> = {
          md5: 'md5',
          sha: 'sha1',
          sha1: 'sha1',
          ...(call.session.version >= 110 ? { sha2_256: 'sha256', sha2_512: 'sha512' } : {}),
        };
        const chosen = js[name];
        if (!chosen) return null;
        return createHash(chosen).update(v).digest();
      });
    },
  },
  COMPRESS: {
    min: 1,
    max: 1,
    since: 130,
    bind(call) {
      const bytes = coerce(call.args[0]!, varbinaryType(-1));
      return derived(varbinaryType(-1), true, call.args, env => {
        const v = bytes(env) as Uint8Array | null;
        return v === null ? null : gzipSync(v);
      });
    },
  },
  DECOMPRESS: {
    min: 1,
    max: 1,
    since: 130,
    bind(call) {
      const bytes = coerce(call.args[0]!, varbinaryType(-1));
      return derived(varbinaryType(-1), true, call.args, env => {
        const v = bytes(env) as Uint8Array | null;
        return v === null ? null : gunzipSync(v);
      });
    },
  },
};
