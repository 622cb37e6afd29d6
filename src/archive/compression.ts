import { createReadStream } from 'node:fs';
import type { Transform } from 'node:stream';
import { constants, createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { ExitCode, XpdbError } from '../model/error.ts';
import { readFileParts } from './file-parts.ts';
import type { Output } from './output-file.ts';

export const compressionKinds = ['zstd', 'gzip', 'none'] as const;
export type CompressionKind = (typeof compressionKinds)[number];

export interface Compression {
  readonly kind: CompressionKind;
  /** null = the library's own. */
  readonly level: number | null;
}

/** What the names of compressed files end with. */
export const compressionSuffix: Readonly<Record<CompressionKind, string>> = { zstd: '.zst', gzip: '.gz', none: '' };

const levels: Readonly<Record<CompressionKind, readonly [number, number]>> = {
  zstd: [1, 19],
  gzip: [1, 9],
  none: [0, 0],
};

/** `zstd`, `gzip:6`, `none`. @throws XpdbError (usage) */
export function parseCompression(text: string): Compression {
  const [, name, number] = /^([a-z]+)(?::(\d+))?$/.exec(text) ?? [];
  const kind = compressionKinds.find(k => k === name);
  const level = number === undefined ? null : Number(number);
  const [low, high] = levels[kind ?? 'none'];
  if (!kind || (level !== null && (level < low || level > high))) {
    throw new XpdbError(`--compress ${text} is not known`, {
      hint: 'zstd[:1…19], gzip[:1…9] or none',
      exitCode: ExitCode.usage,
    });
  }
  return { kind, level };
}

/** Compresses what is written to it. Memory is bounded: a write is compressed and handed on before the next. */
export function compressed(output: Output, { kind, level }: Compression): Output {
  if (kind === 'none') return output;
  const stream: Transform =
    kind === 'zstd'
      ? createZstdCompress(level === null ? {} : { params: { [constants.ZSTD_c_compressionLevel]: level } })
      : createGzip(level === null ? {} : { level });
  let made: Buffer[] = [];
  let failure: { readonly error: unknown } | undefined;
  stream.on('data', (chunk: Buffer) => made.push(chunk));
  stream.on('error', error => (failure = { error }));
  const handOn = async () => {
    if (failure) throw failure.error;
    const chunks = made;
    made = [];
    for (const chunk of chunks) await output.write(chunk);
  };
  return {
    name: output.name,
    /** Of the compressed form. */
    get bytesWritten() {
      return output.bytesWritten;
    },
    async write(bytes) {
      await new Promise<void>((resolve, reject) => {
        stream.write(bytes, error => (error ? reject(error) : resolve()));
      });
      await handOn();
    },
    async finish() {
      await new Promise<void>((resolve, reject) => {
        stream.once('error', reject);
        stream.once('end', resolve);
        stream.end();
      });
      await handOn();
      await output.finish();
    },
    async abandon() {
      stream.destroy();
      await output.abandon();
    },
  };
}

/** The longest window that a frame may ask the decoder to keep: 128 MB, as zstd's own default. */
const windowLog = 27;

/**
 * Bytes of a file as they were before compression, each part valid until the next is asked for.
 * @param limit bytes at which reading stops with an error: what the manifest declares, for a small file may hold endless zeros
 * @param onStored gets the bytes as they are stored
 * @throws XpdbError naming the file: broken data, more than `limit`
 */
export async function* decompressedFile(
  path: string,
  kind: CompressionKind,
  limit: number,
  onStored?: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of kind === 'none' ? storedParts(path, onStored) : unpackedParts(path, kind, onStored)) {
      bytes += chunk.length;
      if (bytes > limit) {
        throw new XpdbError(`${path} holds more than the ${limit} bytes that its archive declares`, {
          hint: 'the archive is damaged or was tampered with',
        });
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof XpdbError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new XpdbError(`${path} is missing`, { hint: 'the archive is not whole' });
    throw new XpdbError(`can't read ${path}: ${message}`, { cause: error });
  }
}

async function* storedParts(path: string, onStored?: (bytes: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const part of readFileParts(path)) {
    onStored?.(part);
    yield part;
  }
}

async function* unpackedParts(
  path: string,
  kind: Exclude<CompressionKind, 'none'>,
  onStored?: (bytes: Buffer) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const stream = file.pipe(
    kind === 'zstd' ? createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: windowLog } }) : createGunzip(),
  );
  file.on('error', error => stream.destroy(error));
  if (onStored) file.on('data', chunk => onStored(chunk as Buffer));
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    file.destroy();
    stream.destroy();
  }
}
