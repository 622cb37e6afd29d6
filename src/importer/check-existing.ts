/** Before anything runs: compares what the script makes with what the target has. */

import { parseMarker } from '../archive/marker.ts';
import type { ScriptInput } from '../archive/script-input.ts';
import type { Session } from '../connection/session.ts';
import { SqlServerError } from '../connection/sql-error.ts';
import { rowEnd } from '../data/bulk/row-end.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import { quoteName, quoteQualified } from '../tsql/quote.ts';
import type { ByteRowTaker } from './byte-row-skimmer.ts';
import { dropStatement, type ExistingNames, type ExistingThing, keyOf, quoteThing } from './existing-names.ts';
import { ScriptPieces } from './script-pieces.ts';
import { ScriptSelection, type SelectionOptions } from './script-selection.ts';
import { factsOf } from './statement-facts.ts';
import { type NamedThing, namesAfter } from './statement-names.ts';
import type { KeptBytes } from './unread-bytes.ts';

/** Rows are of no interest. */
class PassingRows implements ByteRowTaker {
  readonly stops = false;
  #script: DataView | null = null;
  #bytes: Uint8Array = new Uint8Array(0);

  begin(): void {}

  statement(): boolean {
    return true;
  }

  rows(script: DataView, start: number, end: number): number {
    if (script !== this.#script) {
      this.#script = script;
      this.#bytes = new Uint8Array(script.buffer, script.byteOffset, script.byteLength);
    }
    return Math.max(-1, rowEnd(this.#bytes, start, end));
  }

  refuse(): void {}

  keep(kept: KeptBytes): void {
    kept.release();
  }
}

/** Scripts, and the part of them that was asked for. */
export interface ChosenScripts {
  readonly inputs: readonly ScriptInput[];
  readonly variables: ReadonlyMap<string, string> | null;
  readonly selection: SelectionOptions;
  readonly defaultSchema: string;
}

/**
 * What the scripts create. Reads them as a whole, rows only passed over.
 * @throws XpdbError as the replay would for a script that can't be read
 */
async function* createdNames({
  inputs,
  variables,
  selection: asked,
  defaultSchema,
}: ChosenScripts): AsyncGenerator<NamedThing> {
  const selection = new ScriptSelection(asked, defaultSchema);
  for (const input of inputs) {
    const pieces = new ScriptPieces({ file: input.name, ...(variables === null ? {} : { variables }) });
    const passing = new PassingRows();
    let inRows = false;
    function* drain() {
      for (;;) {
        if (inRows && pieces.skimRows(passing) === 'more') return;
        inRows = false;
        const piece = pieces.read();
        if (piece === null) return;
        // Rows are passed over without a piece for each; expanded variables would change their text.
        inRows = (piece.kind === 'insertHead' || piece.kind === 'insertRow') && variables === null;
        if (piece.kind === 'marker') {
          const marker = parseMarker(piece.text);
          if (marker) selection.marker(marker);
        }
        if (piece.kind !== 'text' || !/\bCREATE\b/i.test(piece.text)) continue;
        const facts = factsOf(piece);
        if (selection.choose(piece, facts) === 'in') yield* namesAfter('CREATE', facts);
      }
    }
    for await (const part of input.bytes?.() ?? input.text()) {
      pieces.write(part);
      yield* drain();
    }
    pieces.end();
    yield* drain();
  }
}

/** What the scripts create among the names that exist. */
export async function findConflicts(scripts: ChosenScripts, existing: ExistingNames): Promise<ExistingThing[]> {
  const found = new Map<string, ExistingThing>();
  for await (const name of createdNames(scripts)) {
    const key = keyOf(name, scripts.defaultSchema);
    const thing = existing.get(key);
    if (thing) found.set(key, thing);
  }
  return [...found.values()];
}

/** Whether everything is there that the scripts create, and they create anything. */
export async function hasEverything(scripts: ChosenScripts, existing: ExistingNames): Promise<boolean> {
  let any = false;
  for await (const name of createdNames(scripts)) {
    if (!existing.has(keyOf(name, scripts.defaultSchema))) return false;
    any = true;
  }
  return any;
}

/** The error that names them. */
export function refuseExisting(conflicts: readonly ExistingThing[], database: string): XpdbError {
  const named = conflicts.slice(0, 5).map(quoteThing).join(', ');
  const more = conflicts.length > 5 ? ` and ${conflicts.length - 5} more` : '';
  return new XpdbError(`database ${quoteName(database)} already has ${named}${more}; nothing was changed`, {
    hint: 'import into an empty database, or say what shall happen: --on-existing skip keeps them, --on-existing drop replaces them',
  });
}

/**
 * Drops what the script makes anew, in one transaction: all or nothing. What depends on each other passes in some order, which
 * is found by trying.
 * @throws XpdbError naming what something outside of the script depends on
 */
export async function dropExisting(
  session: Session,
  conflicts: readonly ExistingThing[],
  defaultSchema: string,
): Promise<void> {
  const keys = new Set(conflicts.map(c => keyOf(c, defaultSchema)));
  await session.execute('BEGIN TRANSACTION');
  try {
    await dropForeignKeys(session, keys, defaultSchema);
    let left = conflicts.filter(c => dropStatement(c) !== null);
    while (left.length > 0) {
      const failed: { thing: ExistingThing; error: SqlServerError }[] = [];
      for (const thing of left) {
        await session.execute('SAVE TRANSACTION [xpdb]');
        try {
          await session.execute(dropStatement(thing)!);
        } catch (error) {
          // 3701: gone with its table.
          if (!(error instanceof SqlServerError)) throw error;
          if (error.number === 3701) continue;
          await session.execute('ROLLBACK TRANSACTION [xpdb]');
          failed.push({ thing, error });
        }
      }
      if (failed.length === left.length) {
        const { thing, error } = failed[0]!;
        throw new XpdbError(`${quoteThing(thing)} can't be dropped: ${error.message}`, {
          number: error.number,
          hint: 'drop what depends on it first; nothing was changed',
        });
      }
      left = failed.map(f => f.thing);
    }
    await session.execute('COMMIT TRANSACTION');
  } catch (error) {
    if (!session.closed) await session.execute('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION');
    throw error;
  }
}

/** Foreign keys among the dropped tables; one from a table that stays would be lost, so it is refused. */
async function dropForeignKeys(session: Session, keys: ReadonlySet<string>, defaultSchema: string): Promise<void> {
  const { rows } = await session.query(
    'SELECT s.[name], t.[name], k.[name], rs.[name], r.[name] FROM [sys].[foreign_keys] AS k ' +
      'JOIN [sys].[objects] AS t ON t.[object_id] = k.[parent_object_id] JOIN [sys].[schemas] AS s ON s.[schema_id] = t.[schema_id] ' +
      'JOIN [sys].[objects] AS r ON r.[object_id] = k.[referenced_object_id] JOIN [sys].[schemas] AS rs ON rs.[schema_id] = r.[schema_id]',
  );
  const goes = (schema: unknown, name: unknown) =>
    keys.has(keyOf({ kind: 'object', schema: String(schema), name: String(name) }, defaultSchema));
  for (const [schema, table, key, referencedSchema, referenced] of rows) {
    if (!goes(referencedSchema, referenced)) continue;
    const name = quoteQualified(String(schema), String(table));
    if (!goes(schema, table)) {
      throw new XpdbError(
        `${quoteQualified(String(referencedSchema), String(referenced))} can't be dropped: foreign key ${quoteName(String(key))} of ${name} refers to it, which the script does not make`,
        { object: name, hint: 'drop that foreign key first; nothing was changed', exitCode: ExitCode.failed },
      );
    }
    await session.execute(`ALTER TABLE ${name} DROP CONSTRAINT ${quoteName(String(key))}`);
  }
}
