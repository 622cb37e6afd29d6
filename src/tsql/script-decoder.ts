import { XpdbError } from '../model/error.ts';

type Decoder = InstanceType<typeof TextDecoder>;

/** What a script's bytes may be; absent = by its byte order mark, else UTF-8. Other names are those of TextDecoder (windows-1252 …). */
export type ScriptEncodingName = string;

export interface DecodeOptions {
  readonly encoding?: ScriptEncodingName;
  /** For messages. */
  readonly file?: string;
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Decodes a script as it is read.
 * @throws XpdbError for what is no text: a backup, binary data, bytes that are neither UTF-8 nor the encoding named
 */
export async function* decodeScript(chunks: Chunks, options: DecodeOptions = {}): AsyncGenerator<string> {
  const name = options.file ?? 'the script';
  let decoder: Decoder | null = null;
  for await (const chunk of withWholeHead(chunks)) {
    decoder ??= chooseDecoder(chunk, options.encoding, name);
    yield decodeChunk(decoder, chunk, name);
  }
  yield decodeEnd(decoder!, name);
}

/**
 * The script as UTF-8 without a byte order mark, for whoever takes most of it byte by byte. What is UTF-8 already is passed on as it is:
 * whether its bytes are characters is looked at by who reads them.
 * @throws XpdbError as decodeScript
 */
export async function* scriptBytes(chunks: Chunks, options: DecodeOptions = {}): AsyncGenerator<Uint8Array> {
  const name = options.file ?? 'the script';
  let decoder: Decoder | null = null;
  for await (const chunk of withWholeHead(chunks)) {
    const first = decoder === null;
    decoder ??= chooseDecoder(chunk, options.encoding, name);
    if (decoder.encoding !== 'utf-8') yield Buffer.from(decodeChunk(decoder, chunk, name));
    else {
      if (Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).includes(0)) throw binaryData(name);
      yield first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
    }
  }
  if (decoder!.encoding !== 'utf-8') yield Buffer.from(decodeEnd(decoder!, name));
}

/** Text of whole characters. @throws XpdbError for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array, file: string | undefined): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw notUtf8(file ?? 'the script');
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The first chunk is long enough for a byte order mark and a look at what it is, or all there is. */
async function* withWholeHead(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    if (head.length < 4096) {
      // The chunk's memory may be used again.
      head = Uint8Array.from(head);
      continue;
    }
    yield head;
    head = null;
  }
  if (head !== null) yield head;
}

function decodeEnd(decoder: Decoder, name: string): string {
  try {
    return decoder.decode();
  } catch {
    throw notUtf8(name);
  }
}

function decodeChunk(decoder: Decoder, bytes: Uint8Array, name: string): string {
  let text: string;
  try {
    text = decoder.decode(bytes, { stream: true });
  } catch {
    throw notUtf8(name);
  }
  if (text.includes('\u0000')) throw binaryData(name);
  return text;
}

function binaryData(name: string): XpdbError {
  return new XpdbError(`${name} is not a script: it holds binary data`);
}

function chooseDecoder(head: Uint8Array, encoding: string | undefined, name: string): Decoder {
  const starts = (...bytes: number[]) => bytes.every((b, i) => head[i] === b);
  // Backups in Microsoft Tape Format begin with TAPE, compressed ones with MSSQLBAK.
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  if (start.startsWith('TAPE') || start === 'MSSQLBAK') {
    throw new XpdbError(`${name} is a backup, not a script`, {
      hint: 'a backup is restored on a server of its own version or newer; export a script from there',
    });
  }
  if (starts(0x50, 0x4b, 3, 4)) throw new XpdbError(`${name} is a zip file (a bacpac or dacpac?), not a script`);
  if (starts(0xef, 0xbb, 0xbf)) return new TextDecoder('utf-8', { fatal: true });
  if (starts(0xff, 0xfe)) return new TextDecoder('utf-16le', { fatal: false });
  if (starts(0xfe, 0xff)) return new TextDecoder('utf-16be', { fatal: false });
  if (encoding !== undefined) {
    try {
      return new TextDecoder(encoding);
    } catch {
      throw new XpdbError(`no encoding ${encoding}`, {
        hint: 'names are those of the WHATWG encoding standard: utf-8, utf-16le, windows-1252 …',
      });
    }
  }
  // SSMS may leave the mark out: text in UTF-16 has a zero in every second byte.
  const zeros = [0, 0];
  head.subarray(0, 4096).forEach((b, i) => {
    if (b === 0) zeros[i & 1]!++;
  });
  const half = Math.min(head.length, 4096) / 2;
  if (half > 8 && zeros[1]! > half * 0.7 && zeros[0] === 0) return new TextDecoder('utf-16le');
  if (half > 8 && zeros[0]! > half * 0.7 && zeros[1] === 0) return new TextDecoder('utf-16be');
  if (zeros[0]! + zeros[1]! > 0) throw binaryData(name);
  return new TextDecoder('utf-8', { fatal: true });
}

function notUtf8(name: string): XpdbError {
  return new XpdbError(`${name} is not UTF-8 and has no byte order mark`, {
    hint: 'name its encoding, such as --encoding windows-1252',
  });
}
