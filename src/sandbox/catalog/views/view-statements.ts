/** How each catalog view is computed from the stored tables, as SQLite views of the same name (`"sys.tables"`), each with a column `db`. */
import { baseTable, codesOf, computedViews, describes, extensionOf, ident, isServerView, literal } from '../store.ts';
import { type ViewFacts, viewFacts } from '../view-facts.ts';
import { catalogViews } from './catalog-views.ts';
import { compatibilityViews } from './compatibility-views.ts';
import { informationSchema } from './information-schema.ts';
import { managementViews } from './management-views.ts';
import type { ViewDefinitions, ViewPart } from './view-part.ts';

/** Of the views that are neither a stored table nor its simple extension. */
const definitions: ViewDefinitions = {
  ...catalogViews,
  ...managementViews,
  ...compatibilityViews,
  ...informationSchema,
};

function partsOf(view: ViewFacts): readonly ViewPart[] {
  const name = `${view.schema}.${view.name}`;
  const definition = definitions[name];
  if (definition) return 'from' in definition ? [definition] : definition;
  const extension = extensionOf(name);
  if (extension) {
    const keys = ['db', ...extension.key].map(k => `x.${k} = o.${k}`).join(' AND ');
    return [
      {
        from: `${ident(`b.${extension.of}`)} o JOIN ${ident(`b.${name}`)} x ON ${keys}`,
        sources: { x: name, o: extension.of },
        db: 'o.db',
      },
    ];
  }
  if (computedViews.has(name)) throw new Error(`no definition of ${name}`);
  return [{ from: `${ident(`b.${name}`)} b`, sources: { b: name }, db: isServerView(name) ? null : 'b.db' }];
}

function columnExpression(view: ViewFacts, part: ViewPart, column: string): string {
  const own = part.columns?.[column];
  if (own !== undefined) return own;
  for (const [alias, base] of Object.entries(part.sources ?? {})) {
    if (baseTable(base)?.columns.has(column)) return `${alias}.${ident(column)}`;
  }
  const code = describes(view, column);
  if (code) {
    const expression = columnExpression(view, part, code);
    const facts = view.columns.find(c => c.name === code);
    const character = facts?.type.name === 'char';
    const cases = [...(codesOf(view, code) ?? [])].map(
      ([value, description]) => `WHEN ${character ? literal(value) : value} THEN ${literal(description)}`,
    );
    return `CASE ${character ? `rtrim(${expression})` : expression} ${cases.join(' ')} END`;
  }
  const facts = view.columns.find(c => c.name === column);
  if (!facts || facts.type.name === 'bit') return '0';
  if (facts.nullable) return 'NULL';
  return facts.type.name.includes('int') ? '0' : "''";
}

/** CREATE VIEW statements of every catalog view. */
export function viewStatements(): readonly string[] {
  return viewFacts.map(view => {
    const name = `${view.schema}.${view.name}`;
    const selects = partsOf(view).map(part => {
      const columns = view.columns.map(c => `${columnExpression(view, part, c.name)} AS ${ident(c.name)}`);
      const where = part.where;
      return `SELECT ${part.db ?? '0'} AS db, ${columns.join(', ')} FROM ${part.from}${where ? ` WHERE ${where}` : ''}`;
    });
    return `CREATE TEMP VIEW ${ident(name)} AS ${selects.join(' UNION ALL ')}`;
  });
}

/** Whether rows of the view are limited to a database by its column `db`. */
export function isPerDatabase(view: ViewFacts): boolean {
  return partsOf(view).some(p => p.db !== null);
}
