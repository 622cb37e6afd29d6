import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rules } from '../../src/compat/rules.ts';

const names = (folder: string, end: string) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter(f => f.endsWith(end))
    .map(f => f.slice(0, -end.length))
    .sort();

it('every rule file has its test, and every rule runs', () => {
  const files = names('../../src/compat/rules/', '.ts');
  expect(names('./rules/', '.test.ts')).toEqual(files);
  expect(rules).toHaveLength(files.length);
});

it('rules have ids of their own, as --accept takes them', () => {
  expect(new Set(rules.map(r => r.id)).size).toBe(rules.length);
  for (const rule of rules) expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
