/** Runs a script on the pretended server itself, without a connection. */
import { XpdbError } from '../model/error.ts';
import { quoteName, quoteString } from '../tsql/quote.ts';
import { scriptBatches } from '../tsql/script-batches.ts';
import type { Engine, EngineSession, ResponseWriter, ServerMessage } from './tds/engine.ts';

export interface LoadOptions {
  /** Database that the script is run in; made when it does not exist. Left out: master. */
  readonly database?: string;
  /** Name of the script, for errors. */
  readonly file?: string;
  /** INFO messages, PRINT among them. */
  readonly onMessage?: (message: ServerMessage) => void;
}

/** The number that no connection has. */
const loaderSession = 50;

/**
 * Runs the batches of a script.
 * @throws XpdbError with file, line and error number of the first error
 */
export async function loadScript(
  engine: Engine,
  user: string,
  password: string,
  chunks: AsyncIterable<string> | Iterable<string>,
  options: LoadOptions = {},
): Promise<void> {
  const session = await engine.login(
    {
      user,
      password,
      database: '',
      applicationName: 'xpdb sandbox',
      hostName: 'localhost',
      language: '',
      library: 'xpdb',
      tdsVersion: engine.tdsVersion,
      vectorVersion: 0,
    },
    loaderSession,
  );
  try {
    const { database } = options;
    if (database !== undefined)
      await run(
        session,
        `IF DB_ID(${quoteString(database)}) IS NULL EXEC(${quoteString(`CREATE DATABASE ${quoteName(database)}`)})\nUSE ${quoteName(database)}`,
        1,
        options,
      );
    for await (const batch of scriptBatches(chunks, options.file === undefined ? {} : { file: options.file }))
      for (let i = 0; i < batch.count; i++) await run(session, batch.text, batch.line, options);
  } finally {
    await session.close();
  }
}

async function run(session: EngineSession, text: string, line: number, options: LoadOptions): Promise<void> {
  const errors: ServerMessage[] = [];
  const ignore = (): void => undefined;
  const out: ResponseWriter = {
    columns: ignore,
    rows: ignore,
    order: ignore,
    info: message => options.onMessage?.(message),
    error: message => errors.push(message),
    done: ignore,
    returnStatus: ignore,
    returnValue: ignore,
    databaseChanged: ignore,
    languageChanged: ignore,
    transactionChanged: ignore,
    allowsNbcRow: true,
    drain: () => Promise.resolve(),
  };
  await session.executeBatch(text, out, new AbortController().signal);
  const [first] = errors;
  if (!first) return;
  throw new XpdbError(first.message, {
    number: first.number,
    position: {
      ...(options.file === undefined ? {} : { file: options.file }),
      line: line + Math.max(0, first.line - 1),
      column: 1,
    },
    hint: 'the sandbox keeps what ran before',
  });
}
