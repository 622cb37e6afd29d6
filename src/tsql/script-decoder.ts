import { XpdbError } from '../model/error.ts';

type Decoder = InstanceType<typeof TextDecoder>;

/** What a script's bytes may be; absent = by its byte order mark, else UTF-8. Other names are those of TextDecoder (windows-1252 …). */
export type ScriptEncodingName = string;

/**
 * Decodes a script as it is read.
 * @throws XpdbError for what is no text: a backup, binary data, bytes that are neither UTF-8 nor the encoding named
 */
export async function* decodeScript(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { readonly encoding?: ScriptEncodingName; readonly file?: string } = {},
): AsyncGenerator<string> {
  const name = options.file ?? 'the script';
  let decoder: Decoder | null = null;
  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (decoder) {
      yield decodeChunk(decoder, chunk, name);
      continue;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    // Enough for a byte order mark and a look at what it is.
    if (head.length < 4096) continue;
    decoder = chooseDecoder(head, options.encoding, name);
    yield decodeChunk(decoder, head, name);
  }
  if (!decoder) {
    decoder = chooseDecoder(head, options.encoding, name);
    yield decodeChunk(decoder, head, name);
  }
  try {
    yield decoder.decode();
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
  if (text.includes('\u0000')) throw new XpdbError(`${name} is not a script: it holds binary data`);
  return text;
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
  if (zeros[0]! + zeros[1]! > 0) throw new XpdbError(`${name} is not a script: it holds binary data`);
  return new TextDecoder('utf-8', { fatal: true });
}

function notUtf8(name: string): XpdbError {
  return new XpdbError(`${name} is not UTF-8 and has no byte order mark`, {
    hint: 'name its encoding, such as --encoding windows-1252',
  });
}
