import type { Rule } from '../rule.ts';

/** First version of each option that is newer than 2008 (documentation of ALTER DATABASE SET). */
const since: Record<string, number> = {
  TARGET_RECOVERY_TIME: 110,
  NESTED_TRIGGERS: 110,
  TRANSFORM_NOISE_WORDS: 110,
  TWO_DIGIT_YEAR_CUTOFF: 110,
  DEFAULT_LANGUAGE: 110,
  DEFAULT_FULLTEXT_LANGUAGE: 110,
  FILESTREAM: 110,
  DELAYED_DURABILITY: 120,
  MEMORY_OPTIMIZED_ELEVATE_TO_SNAPSHOT: 120,
  QUERY_STORE: 130,
  MIXED_PAGE_ALLOCATION: 130,
  AUTOMATIC_TUNING: 140,
  TEMPORAL_HISTORY_RETENTION: 140,
  ACCELERATED_DATABASE_RECOVERY: 150,
  LEDGER: 160,
  OPTIMIZED_LOCKING: 170,
};

export const databaseOption: Rule = {
  id: 'database-option',
  description: 'Database options newer than the target are left out',
  apply: (database, target, report) => {
    const options: Record<string, string> = {};
    for (const [name, value] of Object.entries(database.properties.options)) {
      const first = since[name];
      if (first !== undefined && target.number < first) report('dropped', 'DATABASE', `option ${name} ${value}`);
      else options[name] = value;
    }
    return { ...database, properties: { ...database.properties, options } };
  },
};
