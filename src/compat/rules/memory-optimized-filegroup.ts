import { quoteName } from '../../tsql/quote.ts';
import type { Rule } from '../rule.ts';
import { lacksEnterpriseFeatures } from './compression.ts';

export const memoryOptimizedFilegroup: Rule = {
  id: 'memory-optimized-filegroup',
  description: 'A filegroup for memory-optimized tables needs 2014, and before 2016 Enterprise',
  apply: (database, target, report) => {
    if (target.number >= 120 && !lacksEnterpriseFeatures(target)) return database;
    const { properties } = database;
    const filegroups = properties.filegroups.filter(group => {
      if (group.kind !== 'memoryOptimized') return true;
      report('dropped', quoteName(group.name), 'filegroup for memory-optimized tables');
      return false;
    });
    return { ...database, properties: { ...properties, filegroups } };
  },
};
