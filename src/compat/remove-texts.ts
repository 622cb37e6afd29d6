import type { Database } from '../model/database.ts';
import type { XpdbError } from '../model/error.ts';
import type { Module } from '../model/module.ts';
import { quoteQualified } from '../tsql/quote.ts';
import { removeExpressions } from './remove-expressions.ts';
import { removeModules } from './remove-modules.ts';
import type { Report } from './rule.ts';
import { modulesOf } from './texts.ts';

/** What a text holds that the target can't take. */
export interface Obstacle {
  readonly message: string;
  /** Line in the text, from 1. */
  readonly line: number;
}

/**
 * Takes out every module and expression in which `find` sees an obstacle: the target's server would refuse its statement.
 * Each obstacle is a blocker; so is each object that can't be without what is left out.
 */
export function removeUnreadable(
  database: Database,
  find: (text: string) => readonly Obstacle[],
  report: Report,
): Database {
  const refuses = (object: string, text: string, what: string): boolean => {
    let obstacles: readonly Obstacle[];
    try {
      obstacles = find(text);
    } catch (error) {
      obstacles = [{ message: `its text can't be read: ${(error as XpdbError).message}`, line: 1 }];
    }
    for (const { message, line } of obstacles) report('blocker', object, `${message}; ${what} is left out`, line);
    return obstacles.length > 0;
  };
  const refusesModule = (module: Module) =>
    module.definition !== null && refuses(quoteQualified(module.schema, module.name), module.definition, 'the object');
  const doomed = modulesOf(database).filter(refusesModule);
  const withNumbered = {
    ...database,
    procedures: database.procedures.map(procedure => {
      const object = quoteQualified(procedure.schema, procedure.name);
      const numbered = procedure.numbered.filter(
        n => n.definition === null || !refuses(`${object};${n.number}`, n.definition, 'this number of the procedure'),
      );
      return numbered.length === procedure.numbered.length ? procedure : { ...procedure, numbered };
    }),
  };
  const fitted = removeExpressions(withNumbered, (object, text) => refuses(object, text, 'the expression'), report);
  return removeModules(fitted, doomed, report);
}
