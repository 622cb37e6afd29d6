/**
 * The statements of a script as a model of the database that they make: what the catalog would show after the script ran, as far
 * as a script can tell. What the model cannot hold is listed in `unsupported`, never left out silently.
 */

import type { Database } from '../model/database.ts';
import { XpdbError } from '../model/error.ts';
import type { CreateDatabase, DdlStatement, ObjectName, SetOption } from './ddl/statement.ts';
import { quoteName, quoteQualified } from './quote.ts';
import { alterDatabase, createDatabase } from './to-model/database.ts';
import { Draft, isTemporary } from './to-model/draft.ts';
import { dropObjects } from './to-model/drop.ts';
import { finishDraft } from './to-model/finish.ts';
import { changeTriggerState, createModule } from './to-model/module.ts';
import {
  alterAuthorization,
  alterRole,
  changePermission,
  createRole,
  createSchema,
  createUser,
} from './to-model/security.ts';
import { callSystemProcedure } from './to-model/system-procedure.ts';
import { alterTable, createTable } from './to-model/table.ts';
import { alterIndex, createIndex } from './to-model/table-index.ts';
import {
  createPartitionFunction,
  createPartitionScheme,
  createSequence,
  createSynonym,
  createType,
  createXmlSchemaCollection,
} from './to-model/type.ts';

const systemDatabases = new Set(['master', 'model', 'msdb', 'tempdb']);

export interface ScriptModelOptions {
  /** Collation of the database where the script does not name one: tells how names compare. */
  readonly collation?: string | null;
}

export class ScriptModel {
  readonly #draft: Draft;
  /** Tables that got rows, which decides what RESEED means. */
  readonly #filled = new Set<string>();
  /** In a system database, or another one, statements do not concern the database that the script makes. */
  #elsewhere = false;
  #created = false;

  constructor(options: ScriptModelOptions = {}) {
    this.#draft = new Draft(options.collation ?? null);
  }

  /** Applies a statement, in the order of the script. */
  add(statement: DdlStatement): void {
    const draft = this.#draft;
    switch (statement.kind) {
      case 'use':
        this.#use(statement.database);
        return;
      case 'createDatabase':
        if (statement.options['AS SNAPSHOT OF'] === undefined) this.#createDatabase(statement);
        return;
      case 'alterDatabase':
        if (statement.name === null || this.#isOurs(statement.name)) alterDatabase(draft, statement);
        return;
      case 'setOption':
        this.#setOption(statement);
        return;
      // They concern the server, or the running of the script alone.
      case 'dropDatabase':
      case 'createLogin':
      case 'setIdentityInsert':
        return;
      default:
        if (this.#elsewhere) draft.unsupported('object in another database', described(statement));
        else this.#addObject(statement);
    }
  }

  #addObject(statement: ObjectStatement): void {
    const draft = this.#draft;
    switch (statement.kind) {
      case 'createSchema':
        createSchema(draft, statement);
        for (const element of statement.elements) this.add(inSchema(element, statement.name));
        return;
      case 'createTable':
        return createTable(draft, statement);
      case 'alterTable':
        return alterTable(draft, statement);
      case 'createIndex':
        return createIndex(draft, statement);
      case 'alterIndex':
        return alterIndex(draft, statement);
      case 'drop':
        return dropObjects(draft, statement);
      case 'createModule':
        return createModule(draft, statement);
      case 'triggerState':
        return changeTriggerState(draft, statement);
      case 'createType':
        return createType(draft, statement);
      case 'createXmlSchemaCollection':
        return createXmlSchemaCollection(draft, statement);
      case 'createPartitionFunction':
        return createPartitionFunction(draft, statement);
      case 'createPartitionScheme':
        return createPartitionScheme(draft, statement);
      case 'createSynonym':
        return createSynonym(draft, statement);
      case 'createSequence':
        return createSequence(draft, statement);
      case 'createUser':
        return createUser(draft, statement);
      case 'createRole':
        return createRole(draft, statement);
      case 'alterRole':
        return alterRole(draft, statement);
      case 'permission':
        return changePermission(draft, statement);
      case 'alterAuthorization':
        return alterAuthorization(draft, statement);
      case 'systemProcedure':
        return callSystemProcedure(draft, statement);
      case 'createStatistics': {
        if (isTemporary(statement.on)) return;
        const on = draft.resolve(statement.on);
        const object = `${quoteQualified(on.schema, on.name)}.${quoteName(statement.name)}`;
        return draft.unsupported('statistics', object, 'dropped');
      }
      case 'unsupported':
        return draft.unsupported(statement.what, quoteName(statement.name));
    }
  }

  #createDatabase(statement: CreateDatabase): void {
    const { fold, properties } = this.#draft;
    if (this.#created && fold(properties.name) !== fold(statement.name)) {
      throw new XpdbError(
        `the script makes more than one database: ${quoteName(properties.name)}, ${quoteName(statement.name)}`,
        { position: statement.position, hint: 'split it into one script for each database' },
      );
    }
    this.#created = true;
    createDatabase(this.#draft, statement);
  }

  #use(database: string): void {
    const { fold, properties } = this.#draft;
    const system = systemDatabases.has(database.toLowerCase());
    if (!system && properties.name === '') properties.name = database;
    this.#elsewhere = system || fold(properties.name) !== fold(database);
  }

  #isOurs(name: string): boolean {
    const { properties } = this.#draft;
    if (systemDatabases.has(name.toLowerCase())) return false;
    if (properties.name === '') properties.name = name;
    return true;
  }

  #setOption({ option, value }: SetOption): void {
    const { settings } = this.#draft;
    const on = value === 'ON';
    switch (option) {
      case 'ANSI_NULLS':
        settings.ansiNulls = on;
        return;
      case 'QUOTED_IDENTIFIER':
        settings.quotedIdentifier = on;
        return;
      case 'ANSI_PADDING':
        settings.ansiPadding = on;
        return;
      case 'ANSI_NULL_DFLT_ON':
        settings.nullByDefault = on;
        return;
      case 'ANSI_NULL_DFLT_OFF':
        if (on) settings.nullByDefault = false;
        return;
      case 'ANSI_DEFAULTS':
        settings.ansiNulls = on;
        settings.quotedIdentifier = on;
        settings.ansiPadding = on;
        settings.nullByDefault = on;
        return;
      default:
    }
  }

  /** Rows were inserted into a table. */
  rowsInserted(table: Pick<ObjectName, 'schema' | 'name'>): void {
    const { schema, name } = this.#draft.resolve(table);
    this.#filled.add(this.#draft.fold(`${schema}.${name}`));
  }

  /**
   * DBCC CHECKIDENT (table, RESEED, value): the last value that the identity gave out. In a table that never had rows the value is
   * the next one itself.
   */
  reseed(table: Pick<ObjectName, 'schema' | 'name'>, value: bigint): void {
    const draft = this.#draft;
    const name = draft.resolve(table);
    const filled = this.#filled.has(draft.fold(`${name.schema}.${name.name}`));
    const known = draft.tables.change(name, t => ({
      ...t,
      columns: t.columns.map(c => {
        if (!c.identity) return c;
        const last = filled ? value : value - BigInt(c.identity.increment);
        return { ...c, identity: { ...c.identity, lastValue: String(last) } };
      }),
    }));
    if (!known) draft.missing('table', name);
  }

  /** Notes what could not be read. */
  unsupported(kind: string, object: string): void {
    this.#draft.unsupported(kind, object);
  }

  database(): Database {
    return finishDraft(this.#draft);
  }
}

type ObjectStatement = Exclude<
  DdlStatement,
  {
    kind:
      | 'use'
      | 'createDatabase'
      | 'alterDatabase'
      | 'setOption'
      | 'dropDatabase'
      | 'createLogin'
      | 'setIdentityInsert';
  }
>;

function described(statement: ObjectStatement): string {
  if (!('name' in statement)) return statement.kind;
  const { name } = statement;
  return typeof name === 'string' ? quoteName(name) : quoteQualified(name.schema, name.name);
}

/** A table or view of CREATE SCHEMA without a schema of its own lies in the new one. */
function inSchema(statement: DdlStatement, schema: string): DdlStatement {
  if (statement.kind !== 'createTable' && statement.kind !== 'createModule') return statement;
  return statement.name.schema === null ? { ...statement, name: { ...statement.name, schema } } : statement;
}
