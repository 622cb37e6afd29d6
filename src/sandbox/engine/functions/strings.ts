/** String functions. */
import { ansiType, derived, textType } from '../bind/bound.ts';
import { likeMatcher } from '../bind/like.ts';
import type { Env } from '../query/runtime.ts';
import { ServerError } from '../server-error.ts';
import { isBytes, isCharacter, isUnicode, nvarcharType, types, varbinaryType, varcharType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import type { FunctionCall, FunctionSpec } from './registry.ts';
import { mapText, sameText, widthOf } from './text-result.ts';
import { trimSpaces } from './trim.ts';

const constantInt = (call: FunctionCall, index: number): number | null => {
  const a = call.args[index];
  if (!a?.constant || a.isNull) return null;
  const v = a.eval(undefined as unknown as Env);
  return typeof v === 'number' || typeof v === 'bigint' ? Number(v) : null;
};

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
};
