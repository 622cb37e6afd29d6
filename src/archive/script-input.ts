/** Where a script comes from: a file, standard input or text at hand; gzip and zstd are unpacked on the way. */

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { ExitCode, XpdbError } from '../model/error.ts';
import { decodeScript, scriptBytes } from '../tsql/script-decoder.ts';
import { readFileParts } from './file-parts.ts';
import { inspectEnds, packingOf, readError, type ScriptEnds } from './script-ends.ts';

export interface ScriptInput {
  /** For messages and positions. */
  readonly name: string;
  /** Bytes as they lie there, packed or not; null when nobody knows. */
  readonly bytesTotal: number | null;
  readonly bytesRead: number;
  /** Whether its end is there, as far as a look at the file tells. */
  readonly ends: ScriptEnds;
  /** Whether `text` can be called again and begins anew. */
  readonly repeatable: boolean;
  /** The script's text in pieces. @throws XpdbError for what can't be read, is packed wrongly or is no text */
  text(): AsyncGenerator<string>;
  /** The same in UTF-8, each part valid until the next is asked for; absent where the script is made as text. */
  bytes?(): AsyncGenerator<Uint8Array>;
}

const chunkBytes = 1 << 18;

/** @throws XpdbError when the file does not exist or can't be read */
export async function openScriptFile(path: string, encoding: string | undefined): Promise<ScriptInput> {
  const info = await stat(path).catch(cause => {
    throw readError(path, cause);
  });
  if (info.isDirectory()) {
    throw new XpdbError(`${path} is a folder without a manifest.json, so no archive of xpdb`, {
      exitCode: ExitCode.usage,
    });
  }
  const source = () => (info.isFile() ? readFileParts(path) : createReadStream(path, { highWaterMark: chunkBytes }));
  const ends = info.isFile() ? await inspectEnds(path) : 'unknown';
  return input(
    { name: path, bytesTotal: info.isFile() ? info.size : null, repeatable: info.isFile(), ends },
    encoding,
    source,
  );
}

/** A stream that can be read once, such as standard input. */
export function openScriptStream(stream: Readable, name: string, encoding: string | undefined): ScriptInput {
  return input({ name, bytesTotal: null, repeatable: false, ends: 'unknown' }, encoding, () => stream);
}

/** A script of a few lines that lies in no file. */
export function textInput(name: string, text: string): ScriptInput {
  return {
    name,
    bytesTotal: text.length,
    bytesRead: text.length,
    ends: 'unknown',
    repeatable: true,
    async *text() {
      yield text;
    },
  };
}

function input(
  about: Pick<ScriptInput, 'name' | 'bytesTotal' | 'repeatable' | 'ends'>,
  encoding: string | undefined,
  source: () => AsyncIterable<Buffer>,
): ScriptInput {
  const { name } = about;
  const options = encoding === undefined ? { file: name } : { file: name, encoding };
  let bytesRead = 0;
  const unpacked = () => {
    bytesRead = 0;
    return unpack(
      count(source(), name, bytes => (bytesRead += bytes)),
      name,
    );
  };
  return {
    ...about,
    get bytesRead() {
      return bytesRead;
    },
    text: () => decodeScript(unpacked(), options),
    bytes: () => scriptBytes(unpacked(), options),
  };
}

async function* count(
  source: AsyncIterable<Buffer>,
  name: string,
  add: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of source) {
      add(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof XpdbError ? cause : readError(name, cause);
  }
}

async function* unpack(chunks: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* unpackParts(chunks, name);
  } finally {
    // Who reads only the beginning leaves while the first part is handed over, before anything else would close the file.
    await chunks.return(undefined);
  }
}

async function* unpackParts(chunks: AsyncGenerator<Buffer>, name: string): AsyncGenerator<Uint8Array> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 4) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const packing = packingOf(head);
  if (packing === 'none') {
    yield head;
    yield* chunks;
    return;
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield head;
    // The unpacker looks at them later.
    for await (const chunk of chunks) yield Buffer.from(chunk);
  }
  const unpacker = packing === 'gzip' ? createGunzip({ chunkSize: chunkBytes }) : createZstdDecompress();
  // An error of the source reaches the reader as the unpacker's own.
  const unpacked = pipeline(Readable.from(whole(), { objectMode: false }), unpacker, () => undefined);
  try {
    for await (const chunk of unpacked) yield chunk as Buffer;
  } catch (cause) {
    if (cause instanceof XpdbError) throw cause;
    throw new XpdbError(`${name} is damaged or cut: its ${packing} data can't be unpacked`, { cause });
  } finally {
    unpacker.destroy();
  }
}
