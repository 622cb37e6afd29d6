/** String functions. */
import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { ansiType, derived, textType } from '../bind/bound.ts';
import { coerce } from '../bind/comparison.ts';
import { likeMatcher } from '../bind/like.ts';
import type { Bound, Env } from '../query/runtime.ts';
import { ServerError, unsupported } from '../server-error.ts';
import {
  isBytes,
  isCharacter,
  isUnicode,
  nvarcharType,
  type SqlType,
  types,
  varbinaryType,
  varcharType,
} from '../types/sql-type.ts';
import { decodeText, encodeText, textBytes } from '../types/text-codec.ts';
import type { Value } from '../types/values.ts';
import type { FunctionCall, FunctionSpec } from './registry.ts';

/** Type of a result made of an argument's text: varchar or nvarchar as the argument, `length` wide. */
function sameText(a: Bound, call: FunctionCall, length: number): SqlType {
  const { databaseCollation } = call.session.settings;
  if (!isCharacter(a.type))
    return isBytes(a.type)
      ? varcharType(length < 0 ? -1 : Math.min(8000, length), databaseCollation)
      : varcharType(length < 0 ? -1 : Math.min(8000, Math.max(1, length)), databaseCollation);
  const unicode = isUnicode(a.type);
  const limit = unicode ? 4000 : 8000;
  const n = length < 0 ? -1 : Math.max(1, Math.min(limit, length));
  return unicode
    ? nvarcharType(n, a.type.collation!, a.type.strength)
    : varcharType(n, a.type.collation!, a.type.strength);
}
const widthOf = (a: Bound): number => (isCharacter(a.type) ? a.type.length : a.type.length || 40);

/** A function of one text and further arguments, NULL when one is NULL. */
function mapText(
  call: FunctionCall,
  type: SqlType,
  extra: number[],
  apply: (text: string, numbers: number[]) => string | null,
): Bound {
  const text = call.text(0);
  const numbers = extra.map(i => call.int(i));
  // Nullable whatever the arguments are (captured: "triggers", RTRIM of a column that is NOT NULL).
  return derived(type, true, call.args, env => {
    const s = text(env);
    if (s === null) return null;
    const values: number[] = [];
    for (const n of numbers) {
      const v = n(env);
      if (v === null) return null;
      values.push(v);
    }
    return apply(s, values);
  });
}

const constantInt = (call: FunctionCall, index: number): number | null => {
  const a = call.args[index];
  if (!a?.constant || a.isNull) return null;
  const v = a.eval(undefined as unknown as Env);
  return typeof v === 'number' || typeof v === 'bigint' ? Number(v) : null;
};

const trimSpaces = (s: string, start: boolean, end: boolean): string => {
  let i = 0;
  let j = s.length;
  if (start) while (i < j && s.charCodeAt(i) === 32) i++;
  if (end) while (j > i && s.charCodeAt(j - 1) === 32) j--;
  return s.slice(i, j);
};

const trimSpec = (start: boolean, end: boolean, since?: number): FunctionSpec => ({
  min: 1,
  max: 2,
  ...(since ? { since } : {}),
  bind(call) {
    const type = sameText(call.args[0]!, call, widthOf(call.args[0]!));
    if (call.args.length === 1) return mapText(call, type, [], s => trimSpaces(s, start, end));
    if (call.session.version < (since ?? 160))
      throw new ServerError(174, `The ${call.name.toLowerCase()} function requires 1 argument(s).`, { class: 15 });
    const characters = call.text(1);
    const text = call.text(0);
    return derived(type, true, call.args, env => {
      const s = text(env);
      const set = characters(env);
      if (s === null || set === null) return null;
      let i = 0;
      let j = s.length;
      if (start) while (i < j && set.includes(s[i]!)) i++;
      if (end) while (j > i && set.includes(s[j - 1]!)) j--;
      return s.slice(i, j);
    });
  },
});

const caseSpec = (map: (s: string) => string): FunctionSpec => ({
  min: 1,
  max: 1,
  bind: call => mapText(call, sameText(call.args[0]!, call, widthOf(call.args[0]!)), [], map),
});

function side(left: boolean): FunctionSpec {
  return {
    min: 2,
    max: 2,
    bind(call) {
      const n = constantInt(call, 1);
      const width = widthOf(call.args[0]!);
      const type = sameText(call.args[0]!, call, n === null ? width : width < 0 ? n : Math.min(n, width));
      return mapText(call, type, [1], (s, [count]) => {
        if (count! < 0)
          throw new ServerError(536, `Invalid length parameter passed to the ${left ? 'left' : 'right'} function.`, {
            state: 2,
          });
        return left ? s.slice(0, count) : count === 0 ? '' : s.slice(-count!);
      });
    },
  };
}

export const stringFunctions: Record<string, FunctionSpec> = {
  LEN: {
    min: 1,
    max: 1,
    bind(call) {
      const a = call.args[0]!;
      const type = a.type.length < 0 ? types.bigint : types.int;
      const wrap = (n: number): Value => (type === types.bigint ? BigInt(n) : n);
      if (isBytes(a.type))
        return derived(type, true, call.args, env => {
          const v = a.eval(env) as Uint8Array | null;
          return v === null ? null : wrap(v.length);
        });
      const text = call.text(0);
      // Nullable whatever its argument is (captured: "expressions").
      return derived(type, true, call.args, env => {
        const s = text(env);
        return s === null ? null : wrap(trimSpaces(s, false, true).length);
      });
    },
  },
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
  LTRIM: trimSpec(true, false),
  RTRIM: trimSpec(false, true),
  TRIM: trimSpec(true, true, 140),
  UPPER: caseSpec(s => s.toUpperCase()),
  LOWER: caseSpec(s => s.toLowerCase()),
  REVERSE: caseSpec(s => [...s].reverse().join('')),
  LEFT: side(true),
  RIGHT: side(false),
  SUBSTRING: {
    min: 2,
    max: 3,
    bind(call) {
      const a = call.args[0]!;
      if (call.args.length < 3 && call.session.version < 170)
        throw new ServerError(174, 'The substring function requires 3 argument(s).', { class: 15 });
      const start = call.int(1);
      const length = call.args.length > 2 ? call.int(2) : () => 2147483647;
      const n = constantInt(call, 2);
      const width = widthOf(a);
      const wide = n === null ? width : width < 0 ? n : Math.min(n, width);
      const type = isBytes(a.type)
        ? varbinaryType(wide < 0 || wide > 8000 ? -1 : Math.max(1, wide))
        : sameText(a, call, wide);
      const source = isBytes(a.type) ? a.eval : call.text(0);
      return derived(type, true, call.args, env => {
        const v = source(env) as string | Uint8Array | null;
        const from = start(env);
        const count = length(env);
        if (v === null || from === null || count === null) return null;
        if (count < 0)
          throw new ServerError(537, 'Invalid length parameter passed to the LEFT or SUBSTRING function.', {
            state: 3,
          });
        const begin = Math.max(0, from - 1);
        const end = Math.max(begin, from - 1 + count);
        return v.slice(begin, end);
      });
    },
  },
  CHARINDEX: {
    min: 2,
    max: 3,
    bind(call) {
      const [needle, hay] = [call.text(0), call.text(1)];
      const from = call.args.length > 2 ? call.int(2) : () => 1;
      const collation = call.args[1]!.type.collation ?? call.session.settings.databaseCollation;
      const big = call.args[1]!.type.length < 0;
      return derived(
        big ? types.bigint : types.int,
        call.args.some(a => a.nullable),
        call.args,
        env => {
          const a = needle(env);
          const b = hay(env);
          const n = from(env);
          if (a === null || b === null) return null;
          const fold = (s: string): string => (collation.binary || !collation.ignoreCase ? s : s.toLowerCase());
          const at = a === '' ? -1 : fold(b).indexOf(fold(a), Math.max(0, (n ?? 1) - 1));
          return big ? BigInt(at + 1) : at + 1;
        },
      );
    },
  },
  PATINDEX: {
    min: 2,
    max: 2,
    bind(call) {
      const [pattern, text] = [call.text(0), call.text(1)];
      const collation = call.args[1]!.type.collation ?? call.session.settings.databaseCollation;
      return derived(call.args[1]!.type.length < 0 ? types.bigint : types.int, true, call.args, env => {
        const p = pattern(env);
        const s = text(env);
        if (p === null || s === null) return null;
        const anchoredStart = !p.startsWith('%');
        const anchoredEnd = !p.endsWith('%');
        const core = p.replace(/^%/, '').replace(/%$/, '');
        const match = likeMatcher(anchoredEnd ? core : `${core}%`, null, collation, true);
        let found = 0;
        for (let i = 0; i <= s.length; i++) {
          if (match(s.slice(i))) {
            found = i + 1;
            break;
          }
          if (anchoredStart) break;
        }
        return call.args[1]!.type.length < 0 ? BigInt(found) : found;
      });
    },
  },
  REPLACE: {
    min: 3,
    max: 3,
    bind(call) {
      const [s, from, to] = [call.text(0), call.text(1), call.text(2)];
      const a = call.args[0]!;
      const collation = a.type.collation ?? call.session.settings.databaseCollation;
      const unicode = call.args.some(x => isUnicode(x.type));
      const large = a.type.length < 0;
      const type = unicode
        ? nvarcharType(large ? -1 : 4000, collation, a.type.strength)
        : varcharType(large ? -1 : 8000, collation, a.type.strength);
      return derived(
        type,
        call.args.some(x => x.nullable),
        call.args,
        env => {
          const text = s(env);
          const x = from(env);
          const y = to(env);
          if (text === null || x === null || y === null) return null;
          if (x === '') return text;
          if (collation.binary || !collation.ignoreCase) return text.replaceAll(x, y);
          return text.replace(new RegExp(x.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi'), () => y);
        },
      );
    },
  },
  STUFF: {
    min: 4,
    max: 4,
    bind(call) {
      const [s, insert] = [call.text(0), call.text(3)];
      const [start, length] = [call.int(1), call.int(2)];
      const a = call.args[0]!;
      const large = a.type.length < 0 || call.args[3]!.type.length < 0;
      return derived(
        sameText(a, call, large ? -1 : widthOf(a) + Math.max(0, call.args[3]!.type.length)),
        true,
        call.args,
        env => {
          const text = s(env);
          const n = start(env);
          const m = length(env);
          if (text === null || n === null || m === null || n < 1 || n > text.length || m < 0) return null;
          return text.slice(0, n - 1) + (insert(env) ?? '') + text.slice(n - 1 + m);
        },
      );
    },
  },
  REPLICATE: {
    min: 2,
    max: 2,
    bind(call) {
      const a = call.args[0]!;
      const large = a.type.length < 0;
      const type = sameText(a, call, large ? -1 : isUnicode(a.type) ? 4000 : 8000);
      return mapText(call, type, [1], (s, [n]) =>
        n! < 0
          ? null
          : large
            ? s.repeat(n!)
            : s.repeat(Math.min(n!, Math.ceil(8000 / Math.max(1, s.length)))).slice(0, isUnicode(a.type) ? 4000 : 8000),
      );
    },
  },
  SPACE: {
    min: 1,
    max: 1,
    bind: call =>
      derived(ansiType(call.session.settings, 8000), true, call.args, env => {
        const n = call.int(0)(env);
        return n === null || n < 0 ? null : ' '.repeat(Math.min(8000, n));
      }),
  },
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
  QUOTENAME: {
    min: 1,
    max: 2,
    bind(call) {
      const text = call.text(0);
      const quote = call.args.length > 1 ? call.text(1) : () => '[';
      return derived(textType(call.session.settings, 258), true, call.args, env => {
        const s = text(env);
        const q = quote(env);
        if (s === null || q === null || s.length > 128) return null;
        const pairs: Record<string, [string, string]> = {
          '[': ['[', ']'],
          ']': ['[', ']'],
          '"': ['"', '"'],
          "'": ["'", "'"],
          '(': ['(', ')'],
          ')': ['(', ')'],
          '<': ['<', '>'],
          '>': ['<', '>'],
          '{': ['{', '}'],
          '}': ['{', '}'],
          '`': ['`', '`'],
        };
        const pair = pairs[q[0] ?? '['];
        return pair ? pair[0] + s.replaceAll(pair[1], pair[1] + pair[1]) + pair[1] : null;
      });
    },
  },
  CONCAT: {
    min: 2,
    max: 254,
    since: 110,
    bind(call) {
      const { databaseCollation } = call.session.settings;
      const unicode = call.args.some(a => isUnicode(a.type));
      const large = call.args.some(a => a.type.length < 0);
      const total = call.args.reduce((n, a) => n + (isCharacter(a.type) ? a.type.length : 12), 0);
      const type = unicode
        ? nvarcharType(large ? -1 : Math.min(4000, total), databaseCollation)
        : varcharType(large ? -1 : Math.min(8000, total), databaseCollation);
      const texts = call.args.map((_, i) => call.text(i));
      return derived(type, false, call.args, env => texts.map(t => t(env) ?? '').join(''));
    },
  },
  CONCAT_WS: {
    min: 3,
    max: 254,
    since: 140,
    bind(call) {
      const { databaseCollation } = call.session.settings;
      const unicode = call.args.some(a => isUnicode(a.type));
      const large = call.args.some(a => a.type.length < 0);
      const type = unicode
        ? nvarcharType(large ? -1 : 4000, databaseCollation)
        : varcharType(large ? -1 : 8000, databaseCollation);
      const texts = call.args.map((_, i) => call.text(i));
      return derived(type, false, call.args, env =>
        texts
          .slice(1)
          .map(t => t(env))
          .filter(t => t !== null)
          .join(texts[0]!(env) ?? ''),
      );
    },
  },
  TRANSLATE: {
    min: 3,
    max: 3,
    since: 140,
    bind(call) {
      const [s, from, to] = [call.text(0), call.text(1), call.text(2)];
      return derived(sameText(call.args[0]!, call, widthOf(call.args[0]!)), true, call.args, env => {
        const text = s(env);
        const x = from(env);
        const y = to(env);
        if (text === null || x === null || y === null) return null;
        if (x.length !== y.length)
          throw new ServerError(
            9828,
            'The second and third arguments of the TRANSLATE built-in function must contain an equal number of characters.',
          );
        return [...text]
          .map(c => {
            const i = x.indexOf(c);
            return i < 0 ? c : y[i]!;
          })
          .join('');
      });
    },
  },
  STR: {
    min: 1,
    max: 3,
    bind(call) {
      const value = call.as(0, types.float);
      const length = call.args.length > 1 ? call.int(1) : () => 10;
      const decimals = call.args.length > 2 ? call.int(2) : () => 0;
      const n = constantInt(call, 1) ?? 10;
      return derived(ansiType(call.session.settings, Math.max(1, n)), true, call.args, env => {
        const v = value(env) as number | null;
        const l = length(env);
        const d = decimals(env);
        if (v === null || l === null || d === null) return null;
        const text = v.toFixed(Math.min(16, d));
        const whole = text.split('.')[0]!;
        if (whole.length > l) return '*'.repeat(l);
        return text.slice(0, l).padStart(l, ' ');
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
  SOUNDEX: {
    min: 1,
    max: 1,
    bind() {
      throw unsupported('SOUNDEX');
    },
  },
  DIFFERENCE: {
    min: 2,
    max: 2,
    bind() {
      throw unsupported('DIFFERENCE');
    },
  },
  FORMAT: {
    min: 2,
    max: 3,
    since: 110,
    bind() {
      throw unsupported('FORMAT');
    },
  },
  ISJSON: {
    min: 1,
    max: 2,
    since: 130,
    bind(call) {
      const text = call.text(0);
      return derived(types.int, true, call.args, env => {
        const s = text(env);
        if (s === null) return null;
        try {
          const parsed: unknown = JSON.parse(s);
          return parsed !== null && typeof parsed === 'object' ? 1 : 0;
        } catch {
          return 0;
        }
      });
    },
  },
  BINARY_CHECKSUM: {
    min: 1,
    max: 1000,
    bind() {
      throw unsupported('BINARY_CHECKSUM');
    },
  },
  CHECKSUM: {
    min: 1,
    max: 1000,
    bind() {
      throw unsupported('CHECKSUM');
    },
  },
};

/** Bytes of storage of a value. */
export function dataLength(v: Exclude<Value, null>, t: SqlType): number {
  if (typeof v === 'string') {
    if (t.name === 'uniqueidentifier') return 16;
    return isUnicode(t) || t.name === 'xml' || t.name === 'json' ? v.length * 2 : textBytes(v, t.collation!);
  }
  if (v instanceof Uint8Array) return v.length;
  switch (t.name) {
    case 'bit':
    case 'tinyint':
      return 1;
    case 'smallint':
      return 2;
    case 'int':
    case 'real':
    case 'smallmoney':
    case 'smalldatetime':
      return 4;
    case 'date':
      return 3;
    case 'time':
      return t.scale <= 2 ? 3 : t.scale <= 4 ? 4 : 5;
    case 'datetime2':
      return t.scale <= 2 ? 6 : t.scale <= 4 ? 7 : 8;
    case 'datetimeoffset':
      return t.scale <= 2 ? 8 : t.scale <= 4 ? 9 : 10;
    case 'decimal':
    case 'numeric':
      return t.precision <= 9 ? 5 : t.precision <= 19 ? 9 : t.precision <= 28 ? 13 : 17;
    case 'sql_variant': {
      const inner = v as { type: SqlType; value: Exclude<Value, null> };
      return dataLength(inner.value, inner.type);
    }
    default:
      return 8;
  }
}
