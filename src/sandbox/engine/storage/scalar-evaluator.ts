/** What the catalog wants to know of expressions and queries that it stores. */
import type { ScalarEvaluator } from '../catalog-access.ts';
import { Cursor } from '../parser/cursor.ts';
import { parseQuery } from '../parser/queries.ts';
import type { SessionView } from '../query/runtime.ts';
import { planQuery } from '../query/select.ts';
import { ServerError } from '../server-error.ts';
import { emptyFrame } from '../session/run.ts';
import { dataType } from '../types/sql-type.ts';
import { bindTableExpression } from './table-expression.ts';

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
