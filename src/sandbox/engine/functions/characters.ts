import { derived } from '../bind/bound.ts';
import { nvarcharType, types, varcharType } from '../types/sql-type.ts';
import { decodeText, encodeText } from '../types/text-codec.ts';
import type { FunctionSpec } from './registry.ts';

/** Characters and their numbers. */
export const characterFunctions: Record<string, FunctionSpec> = {
  ASCII: {
    min: 1,
    max: 1,
    bind: call =>
      derived(types.int, true, call.args, env => {
        const s = call.text(0)(env);
        return s === null || s === '' ? null : encodeText(s[0]!, call.session.settings.databaseCollation)[0]!;
      }),
  },
  UNICODE: {
    min: 1,
    max: 1,
    bind: call =>
      derived(types.int, true, call.args, env => {
        const s = call.text(0)(env);
        return s === null || s === '' ? null : s.charCodeAt(0);
      }),
  },
  CHAR: {
    min: 1,
    max: 1,
    bind(call) {
      const { databaseCollation } = call.session.settings;
      return derived({ ...varcharType(1, databaseCollation), name: 'char' }, true, call.args, env => {
        const n = call.int(0)(env);
        return n === null || n < 0 || n > 255 ? null : decodeText(Uint8Array.of(n), databaseCollation);
      });
    },
  },
  NCHAR: {
    min: 1,
    max: 1,
    bind(call) {
      const { databaseCollation } = call.session.settings;
      const supplementary = /_sc(_|$)|_140_|_utf8/i.test(databaseCollation.name);
      return derived(
        { ...nvarcharType(supplementary ? 2 : 1, databaseCollation), name: supplementary ? 'nvarchar' : 'nchar' },
        true,
        call.args,
        env => {
          const n = call.int(0)(env);
          if (n === null || n < 0 || n > (supplementary ? 0x10ffff : 0xffff)) return null;
          return n > 0xffff ? String.fromCodePoint(n) : String.fromCharCode(n);
        },
      );
    },
  },
};
