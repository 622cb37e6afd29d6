/** Errors and outcomes of DDL. */
import type { DdlOutcome, ServerMessage } from '../../engine/catalog-access.ts';
import { ServerError } from '../../engine/server-error.ts';

export const message = (number: number, text: string, class_ = 16, state = 1): ServerMessage => ({
  number,
  state,
  class: class_,
  message: text,
  line: null,
});

/** Follow-up of a failed constraint or index. */
export const couldNotCreate = (state = 1): ServerMessage =>
  message(1750, 'Could not create constraint or index. See previous errors.', 16, state);

/** Follow-up of whatever ALTER DATABASE was refused for. */
export const alterFailed = message(5069, 'ALTER DATABASE statement failed.');

export const fail = (
  number: number,
  text: string,
  details: { state?: number; class?: number; more?: readonly ServerMessage[] } = {},
): ServerError => new ServerError(number, text, details);

/** An error that ends with 1750. */
export const constraintError = (number: number, text: string, state = 1): ServerError =>
  fail(number, text, { state, more: [couldNotCreate(state === 0 ? 1 : state)] });

export const syntaxError = (near: string): ServerError => fail(102, `Incorrect syntax near '${near}'.`, { class: 15 });
export const keywordError = (keyword: string): ServerError =>
  fail(156, `Incorrect syntax near the keyword '${keyword}'.`, { class: 15 });

export const done = (command: number, messages: readonly ServerMessage[] = []): DdlOutcome => ({ messages, command });

/** CurCmd of DONE tokens (captured; 253 = none). */
export const command = {
  createTable: 198,
  dropTable: 199,
  createIndex: 200,
  dropIndex: 201,
  createDatabase: 203,
  dropDatabase: 204,
  createView: 207,
  dropView: 208,
  alterDatabase: 215,
  alterTable: 216,
  createTrigger: 221,
  createProcedure: 222,
  dropProcedure: 223,
  execute: 224,
  use: 226,
  none: 253,
} as const;
