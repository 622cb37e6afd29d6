/** Switches off the triggers that are on, so that they don't fire for imported rows, and only those on again. */

import type { Session } from '../connection/session.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';

export interface TriggerSwitch {
  readonly off: string;
  readonly on: string;
}

/** Enabled triggers of tables and of the database itself. */
export async function readEnabledTriggers(session: Session): Promise<TriggerSwitch[]> {
  const { rows } = await session.query(
    'SELECT s.[name], o.[name], t.[name] FROM [sys].[triggers] AS t LEFT JOIN [sys].[objects] AS o ON o.[object_id] = t.[parent_id] ' +
      'LEFT JOIN [sys].[schemas] AS s ON s.[schema_id] = o.[schema_id] WHERE t.[is_disabled] = 0 AND t.[is_ms_shipped] = 0',
  );
  return rows.map(([schema, table, trigger]) => {
    const on =
      table === null
        ? `TRIGGER ${quoteName(String(trigger))} ON DATABASE`
        : `TRIGGER ${quoteQualified(String(schema), String(trigger))} ON ${quoteQualified(String(schema), String(table))}`;
    return { off: `DISABLE ${on}`, on: `ENABLE ${on}` };
  });
}
