/** What the catalog wants to know of expressions and queries that it stores. */
import { coerce } from '../bind/comparison.ts';
import type { ScalarEvaluator } from '../catalog-access.ts';
import { Cursor } from '../parser/cursor.ts';
import { parseQuery } from '../parser/queries.ts';
import type { SessionView } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { ServerError } from '../server-error.ts';
import { externalValue } from '../session/external-value.ts';
import { emptyFrame, newRun } from '../session/run.ts';
import { dataType, sqlType } from '../types/sql-type.ts';
import { keyOf } from './key-bytes.ts';
import { bindTableExpression, envOf } from './table-expression.ts';

export function createEvaluator(sessionIn: (database: string) => SessionView): ScalarEvaluator {
  return {
    expressionType(expression, table, context) {
      try {
        const bound = bindTableExpression(expression, table, sessionIn(table?.database ?? context.database));
        return {
          type: dataType(bound.type),
          nullable: bound.nullable,
          collation: bound.type.collation?.name ?? null,
        };
      } catch (error) {
        if (error instanceof ServerError) return null;
        throw error;
      }
    },
    constant(expression, declared, collation, context) {
      const session = sessionIn(context.database);
      const type = sqlType(declared, collation ?? session.settings.databaseCollation, 1);
      const evaluate = coerce(bindTableExpression(expression, null, session), type);
      const value = evaluate(envOf([], newRun(session, emptyFrame(), null)));
      return {
        value: externalValue(value, type, session.settings),
        order: keyOf([value], [{ column: 0, type, descending: false }]),
      };
    },
    describeQuery(selectText, context) {
      try {
        const c = new Cursor(selectText, context.quotedIdentifier);
        const plan = planQuery(
          parseQuery(c),
          {
            session: sessionIn(context.database),
            frame: emptyFrame(),
            commonTables: [],
            database: context.database,
            viewDepth: 1,
          },
          null,
        );
        return plan.columns.map(column => ({
          name: column.name,
          type: dataType(column.type),
          nullable: column.nullable,
          collation: column.type.collation?.name ?? null,
        }));
      } catch (error) {
        if (error instanceof ServerError) return null;
        throw error;
      }
    },
  };
}
