/**
 * Extended properties of what an import neither makes nor drops: the database, schemas, principals, types, partition functions and
 * schemes. The server looks whether the target has such a property, since adding one twice is its error 15233.
 */

import type { SystemProcedure } from '../tsql/ddl/statement.ts';
import { quoteName, quoteQualified, quoteString } from '../tsql/quote.ts';
import type { OnExisting } from './import-options.ts';
import type { StatementFacts } from './statement-facts.ts';
import { wordOf } from './token-edit.ts';

/** The statement as it runs where the target may have the property; unchanged where it is none, or one of an object in a schema. */
export function guardProperty(text: string, facts: StatementFacts, onExisting: OnExisting): string {
  const [call, ...more] = facts.statements;
  if (onExisting === 'fail' || call?.kind !== 'systemProcedure' || more.length > 0) return text;
  if (call.procedure !== 'sp_addextendedproperty' || !/^EXEC/.test(wordOf(facts.tokens[0]))) return text;
  const name = argument(call, '@name', 0);
  const place = placeOf(call);
  if (name === null || place === null) return text;
  const found = `IF EXISTS (SELECT 1 FROM [sys].[extended_properties] WHERE ${place} AND [name] = ${quoteString(name)})`;
  const named = `extended property ${quoteName(name)}`;
  if (onExisting === 'skip') {
    return `${found} PRINT ${quoteString(`left out ${named}, which the target has`)} ELSE ${text}`;
  }
  const levels = levelArguments.flatMap(([parameter, at]) => {
    const value = argument(call, parameter, at);
    return value === null ? [] : [`${parameter} = ${quoteString(value)}`];
  });
  const drop = `EXEC [sys].[sp_dropextendedproperty] ${[`@name = ${quoteString(name)}`, ...levels].join(', ')};`;
  return `${found} BEGIN ${drop} PRINT ${quoteString(`replaces ${named}`)} END; ${text}`;
}

const levelArguments = [
  ['@level0type', 2],
  ['@level0name', 3],
  ['@level1type', 4],
  ['@level1name', 5],
] as const;

function argument({ args }: SystemProcedure, name: string, at: number): string | null {
  const named = args.find(a => a.name?.toLowerCase() === name);
  if (named) return named.value;
  return args[at]?.name === null ? args[at].value : null;
}

/** Condition on sys.extended_properties (its classes, Transact-SQL reference); null for what goes and comes with its object. */
function placeOf(call: SystemProcedure): string | null {
  const [type, name, type1, name1] = levelArguments.map(([parameter, at]) => argument(call, parameter, at));
  if (!type || !name) return '[class] = 0';
  if (argument(call, '@level2type', 6) !== null) return null;
  const of = (number: number, id: string) => `[class] = ${number} AND [major_id] = ${id}`;
  if (type1 && name1) {
    const isType = type1.toUpperCase() === 'TYPE';
    return isType ? of(6, `TYPE_ID(${quoteString(quoteQualified(name, name1))})`) : null;
  }
  const named = `WHERE [name] = ${quoteString(name)})`;
  switch (type.toUpperCase()) {
    case 'SCHEMA':
      return of(3, `SCHEMA_ID(${quoteString(name)})`);
    case 'USER':
      return of(4, `(SELECT [principal_id] FROM [sys].[database_principals] ${named}`);
    case 'PARTITION FUNCTION':
      return of(21, `(SELECT [function_id] FROM [sys].[partition_functions] ${named}`);
    case 'PARTITION SCHEME':
      return of(20, `(SELECT [data_space_id] FROM [sys].[partition_schemes] ${named}`);
    default:
      return null;
  }
}
