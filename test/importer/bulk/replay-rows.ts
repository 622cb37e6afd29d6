/** Runs a script twice, its INSERTs as bulk loads where they may be and as they stand, and looks at what came of it. */

import type { Session } from '../../../src/connection/session.ts';
import { createRowLoaders } from '../../../src/importer/bulk/row-loaders.ts';
import type { ScriptSettings } from '../../../src/importer/row-loader.ts';
import { splitScript } from '../../../src/tsql/batch-splitter.ts';
import type { ObjectName } from '../../../src/tsql/ddl/statement.ts';
import { quoteName } from '../../../src/tsql/quote.ts';
import type { InsertHeadPiece } from '../../../src/tsql/script-piece.ts';

export interface Replayed {
  /** Of each INSERT statement: `bulk`, or why not. */
  readonly how: readonly string[];
  /** Message of the first error; null when all went well. */
  readonly error: string | null;
}

/** Statements one by one, without transactions of the script. */
export async function replayRows(session: Session, script: string, bulk: boolean): Promise<Replayed> {
  const loaders = createRowLoaders(session);
  const how: string[] = [];
  let identityInsert: ObjectName | null = null;
  const options = new Map<string, string>();
  let head: InsertHeadPiece | null = null;
  let rows: string[] = [];
  const settings = (): ScriptSettings => ({ database: session.database, identityInsert, options });
  const insert = async (insertHead: InsertHeadPiece): Promise<void> => {
    const opened = bulk ? await loaders.open(insertHead, settings()) : { loader: null, why: 'asked for' };
    if (opened.loader) {
      const { loader } = opened;
      loader.startStatement();
      if (rows.every(row => loader.add(row))) {
        how.push('bulk');
        await loader.send();
        return;
      }
      loader.dropStatement();
      how.push('a row');
    } else how.push(opened.why);
    await session.execute(`${insertHead.text} ${rows.join(', ')}`);
  };
  try {
    for await (const piece of splitScript([script])) {
      if (piece.kind === 'insertHead') {
        head = piece;
        rows = [];
      } else if (piece.kind === 'insertRow') rows.push(piece.text);
      else if (piece.kind === 'insertEnd') await insert(head!);
      else if (piece.kind === 'text') {
        await session.execute(piece.text);
        loaders.invalidate();
        const identity = /^SET IDENTITY_INSERT (?:(\w+)\.)?(\w+) (ON|OFF)/i.exec(piece.text);
        if (identity) {
          const [, schema = null, name] = identity;
          identityInsert = identity[3] === 'ON' ? { server: null, database: null, schema, name: name! } : null;
        }
        const option = /^SET (\w+) (\w+)/i.exec(piece.text);
        if (option && !identity) options.set(option[1]!.toUpperCase(), option[2]!);
      }
    }
    return { how, error: null };
  } catch (error) {
    return { how, error: (error as Error).message };
  }
}

/** All rows of the tables as text, what the catalog says of trust, and the identity values. */
export async function contentOf(session: Session, ...tables: string[]): Promise<unknown> {
  const content: unknown[] = [];
  for (const table of tables) {
    const { rows } = await session.query(`SELECT * FROM ${table}`);
    const identity = await session.query(`SELECT IDENT_CURRENT(N'${table}')`);
    content.push(table, [...rows].map(row => JSON.stringify(row, readable)).sort(), identity.rows);
  }
  const trust = await session.query(
    'SELECT [name], [is_not_trusted] FROM sys.check_constraints UNION ALL SELECT [name], [is_not_trusted] FROM sys.foreign_keys ORDER BY 1',
  );
  return [...content, trust.rows];
}

function readable(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

/** A new database, with the session in it. */
export async function inNewDatabase(session: Session, name: string, script: string): Promise<void> {
  await session.execute(`CREATE DATABASE ${quoteName(name)}`);
  await session.useDatabase(name);
  await replayRows(session, script, false);
}
