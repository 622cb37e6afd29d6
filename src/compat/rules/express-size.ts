import type { DatabaseFile } from '../../model/database.ts';
import type { Rule } from '../rule.ts';

/** Gigabytes of data files that Express takes (documentation: editions and supported features). */
function limitGb(version: number): number {
  if (version === 100) return 4;
  return version < 170 ? 10 : 50;
}

export const expressSize: Rule = {
  id: 'express-size',
  description: 'Data files larger than Express allows start at their default size',
  apply: (database, target, report) => {
    if (target.edition !== 'express') return database;
    const limit = limitGb(target.number) * 1024 * 1024;
    const { filegroups } = database.properties;
    const total = filegroups
      .filter(g => g.kind === 'rows')
      .flatMap(g => g.files)
      .reduce((sum, f) => sum + (f.sizeKb ?? 0), 0);
    if (total <= limit) return database;
    report(
      'rewritten',
      'DATABASE',
      `data files of ${Math.ceil(total / 1024 / 1024)} GB start at their default size; express takes ${limit / 1024 / 1024} GB, and data beyond that will not fit`,
    );
    const small = (file: DatabaseFile): DatabaseFile => ({ ...file, sizeKb: null });
    return {
      ...database,
      properties: {
        ...database.properties,
        filegroups: filegroups.map(g => (g.kind === 'rows' ? { ...g, files: g.files.map(small) } : g)),
      },
    };
  },
};
