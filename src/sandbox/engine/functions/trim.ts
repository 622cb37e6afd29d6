import { derived } from '../bind/bound.ts';
import { ServerError } from '../server-error.ts';
import type { FunctionSpec } from './registry.ts';
import { mapText, sameText, widthOf } from './text-result.ts';

export const trimSpaces = (s: string, start: boolean, end: boolean): string => {
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

export const trimFunctions: Record<string, FunctionSpec> = {
  LTRIM: trimSpec(true, false),
  RTRIM: trimSpec(false, true),
  TRIM: trimSpec(true, true, 140),
};
