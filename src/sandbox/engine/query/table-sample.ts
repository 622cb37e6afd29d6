/** TABLESAMPLE: some pages of a table, the same ones for the same seed as long as the table does not change. */
import type { TableSample } from '../parser/ast.ts';
import type { TableSource } from './table-source.ts';

/** Rows of a page; of a table that has no more, all or none come, as on the server. */
const pageRows = 64;

export function sampled(source: TableSource, sample: TableSample | undefined): TableSource {
  if (!sample) return source;
  return {
    ...source,
    *scan(run, needed, equals) {
      const rows = (): number => {
        let n = 0;
        for (const _ of source.scan(run, [], null)) n++;
        return n;
      };
      const share = sample.unit === 'percent' ? sample.amount / 100 : Math.min(1, sample.amount / Math.max(1, rows()));
      const seed = sample.seed ?? Math.floor(Math.random() * 0x7fffffff);
      let n = 0;
      for (const row of source.scan(run, needed, equals)) {
        if (fraction(Math.floor(n++ / pageRows), seed) < share) yield row;
      }
    },
  };
}

/** A number from 0 to 1 for a page and a seed. */
function fraction(page: number, seed: number): number {
  let h = Math.imul(page ^ 0x9e3779b9, 0x85ebca6b) ^ seed;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  h ^= h >>> 16;
  return (h >>> 0) / 2 ** 32;
}
