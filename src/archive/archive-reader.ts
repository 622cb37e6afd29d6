/** Reads an archive's folder. It is untrusted: every name, size, hash and version is checked before its bytes count. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { XpdbError } from '../model/error.ts';
import { resolveArchivePath } from './archive-path.ts';
import { type CompressionKind, decompressedFile } from './compression.ts';
import {
  type Chunk,
  type Manifest,
  manifestFile,
  parseManifest,
  type ScriptFile,
  type StoredFile,
} from './manifest.ts';

export interface Archive {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Bytes of a script, after its hash was checked as a whole: nothing of a damaged script runs. */
  readScript(file: ScriptFile): AsyncIterable<Buffer>;
  /**
   * Bytes of a chunk, decompressed, in one pass: that its hash is wrong is known, and thrown, only behind its last byte. So what was
   * made of it must be undone then. Each part is valid until the next is asked for.
   */
  readChunk(chunk: Chunk): AsyncIterable<Buffer>;
}

/** Largest manifest that is read: some million chunks. */
const manifestLimit = 1 << 30;

/** @throws XpdbError: no folder, incomplete, newer version, damaged manifest */
export async function openArchive(folder: string): Promise<Archive> {
  const path = join(folder, manifestFile);
  const size = await stat(path).then(
    s => s.size,
    () => null,
  );
  if (size === null) {
    const exists = await stat(folder).then(
      s => s.isDirectory(),
      () => false,
    );
    if (!exists) throw new XpdbError(`there is no archive ${folder}`);
    throw new XpdbError(`${folder} has no ${manifestFile}, so it is no archive or an incomplete one`, {
      hint: 'finish the export with --resume, or merge its shards',
    });
  }
  if (size > manifestLimit) throw new XpdbError(`${path} is larger than any manifest`);
  const manifest = parseManifest(await readFile(path, 'utf8'), path);
  const read = (file: StoredFile, compression: CompressionKind) => readStored(folder, file, compression);
  return {
    folder,
    manifest,
    readScript: async function* (file) {
      for await (const _ of read(file, 'none'));
      yield* read(file, 'none');
    },
    readChunk: chunk => read(chunk, manifest.data.compression),
  };
}

/** Bytes of a stored file; throws where they are not what the manifest says. */
async function* readStored(folder: string, file: StoredFile, compression: CompressionKind): AsyncGenerator<Buffer> {
  const path = await resolveArchivePath(folder, file.path);
  const stats = await stat(path).catch(() => null);
  if (!stats?.isFile()) throw new XpdbError(`${path} is missing`, { hint: 'the archive is not whole' });
  if (stats.size !== file.storedBytes) throw damaged(path, `has ${stats.size} bytes, not ${file.storedBytes}`);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of decompressedFile(path, compression, file.bytes, stored => hash.update(stored))) {
    bytes += chunk.length;
    yield chunk;
  }
  if (hash.digest('hex') !== file.sha256) throw damaged(path, 'has another SHA-256 than the manifest says');
  if (bytes !== file.bytes) throw damaged(path, `holds ${bytes} bytes, not ${file.bytes}`);
}

function damaged(path: string, what: string): XpdbError {
  return new XpdbError(`${path} ${what}`, { hint: 'the archive is damaged; export again or take another copy' });
}
