import { rules } from './rules.ts';

/** Ids in findings that no rule of the gate makes, but the reading, writing and replaying of a database. */
const besidesTheGate = [
  'characters-replaced',
  'consistency',
  'constraint-stays-on',
  'csv-empty-lines',
  'database-not-created',
  'database-renamed',
  'denormal-float',
  'dynamic-create-database',
  'file-path',
  'filestream-outside-snapshot',
  'foreign-key-left-out',
  'missing-login',
  'one-chunk',
  'row-level-security',
  'rows-counted',
  'rows-encrypted',
  'rows-filtered',
  'rows-masked',
  'rows-unreadable',
  'unbreakable-cycle',
  'unsupported-object',
  'vector-text',
];

/** Every id that a finding can have. */
export const findingRules: readonly string[] = [...rules.map(r => r.id), ...besidesTheGate].sort();
