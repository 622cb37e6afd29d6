import type { Rule } from '../rule.ts';

/** Levels that each version takes (documentation of ALTER DATABASE compatibility level). */
const lowest: Record<number, number> = {
  100: 80,
  105: 80,
  110: 90,
  120: 100,
  130: 100,
  140: 100,
  150: 100,
  160: 100,
  170: 100,
};

export const compatibilityLevel: Rule = {
  id: 'compatibility-level',
  description: 'The compatibility level is brought into the range that the target takes',
  apply: (database, target, report) => {
    const level = database.properties.compatibilityLevel;
    if (level === null) return database;
    const highest = target.number === 105 ? 100 : target.number;
    const fitted = Math.min(Math.max(level, lowest[target.number] ?? 100), highest);
    if (fitted === level) return database;
    const up = fitted > level ? '; syntax that only the old level allowed stops working' : '';
    report('rewritten', 'DATABASE', `compatibility level ${level} becomes ${fitted}${up}`);
    return { ...database, properties: { ...database.properties, compatibilityLevel: fitted } };
  },
};
