/** ALTER DATABASE SCOPED CONFIGURATION, which the wizard writes for every database of 2016 and later. */
import type { UnsupportedStatement } from '../../../tsql/ddl/statement.ts';
import type { DdlOutcome } from '../../engine/catalog-access.ts';
import type { Scope } from '../state.ts';
import { num } from '../store.ts';
import { command, done, fail, syntaxError } from './failure.ts';

/** What an option is before anybody sets it; those that are not named begin as 0. */
const defaults: Readonly<Record<string, number>> = { PARAMETER_SNIFFING: 1, IDENTITY_CACHE: 1 };

const form =
  /^ALTER\s+DATABASE\s+SCOPED\s+CONFIGURATION\s+(?:FOR\s+(SECONDARY)\s+)?SET\s+(\w+)\s*=\s*(ON|OFF|PRIMARY|\d+)\s*$/i;
const clearing = /^ALTER\s+DATABASE\s+SCOPED\s+CONFIGURATION\s+CLEAR\s+PROCEDURE_CACHE\b/i;

const values: Readonly<Record<string, number>> = { ON: 1, OFF: 0 };

/** Sets an option that the posed version has. @throws ServerError 102 before 2016, 40000 for an option that is not kept */
export function alterScopedConfiguration(scope: Scope, statement: UnsupportedStatement): DdlOutcome {
  if (scope.version < 130) throw syntaxError('SCOPED');
  if (clearing.test(statement.text)) return done(command.alterDatabase);
  const match = form.exec(statement.text.trim());
  if (!match) throw fail(40000, `not supported by the sandbox: ${statement.text}`);
  const [, secondary, written, setting] = match;
  const name = written!.toUpperCase();
  const row = scope.store.get(
    'SELECT configuration_id FROM "b.sys.database_scoped_configurations" WHERE db = ? AND name = ?',
    scope.db,
    name,
  );
  if (!row) throw fail(40000, `not supported by the sandbox: database scoped configuration ${name}`);
  const value = values[setting!.toUpperCase()] ?? Number(setting);
  if (secondary === undefined && Number.isNaN(value)) throw syntaxError('PRIMARY');
  scope.store.update(
    'sys.database_scoped_configurations',
    { db: scope.db, configuration_id: num(row['configuration_id']) },
    secondary === undefined
      ? { value, is_value_default: value === (defaults[name] ?? 0) }
      : { value_for_secondary: Number.isNaN(value) ? null : value },
  );
  return done(command.alterDatabase);
}
