import type { Database } from '../model/database.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';

/** A piece of T-SQL that a database holds: a module's text or an expression. */
export interface DatabaseText {
  readonly object: string;
  readonly text: string;
}

/** Modules, defaults, checks, computed columns and filters. */
export function* textsOf(database: Database): Generator<DatabaseText> {
  for (const table of database.tables) {
    const object = quoteQualified(table.schema, table.name);
    for (const column of table.columns) {
      const name = `${object}.${quoteName(column.name)}`;
      if (column.default) yield { object: name, text: column.default.expression };
      if (column.computed) yield { object: name, text: column.computed.expression };
    }
    for (const check of table.checks) yield { object: `${object}.${quoteName(check.name)}`, text: check.expression };
    for (const index of table.indexes)
      if (index.filter !== null) yield { object: `${object}.${quoteName(index.name)}`, text: index.filter };
  }
  for (const type of database.tableTypes) {
    const object = quoteQualified(type.schema, type.name);
    for (const column of type.columns) {
      if (column.default) yield { object, text: column.default.expression };
      if (column.computed) yield { object, text: column.computed.expression };
    }
    for (const check of type.checks) yield { object, text: check.expression };
  }
  const modules = [
    ...database.views,
    ...database.functions,
    ...database.procedures,
    ...database.triggers,
    ...database.rules,
    ...database.defaults,
  ];
  for (const module of modules) {
    if (module.definition !== null)
      yield { object: quoteQualified(module.schema, module.name), text: module.definition };
  }
  for (const procedure of database.procedures) {
    for (const { number, definition } of procedure.numbered) {
      if (definition !== null)
        yield { object: `${quoteQualified(procedure.schema, procedure.name)};${number}`, text: definition };
    }
  }
}
