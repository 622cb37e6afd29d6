/** Writes the files of an archive's folder, each under its final name only when it is whole and on disk. */

import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { resolveArchivePath } from './archive-path.ts';
import { type Compression, compressed } from './compression.ts';
import { formatManifest, type Manifest, manifestFile, type StoredFile } from './manifest.ts';
import { type Output, openOutputFile, withSha256, writeError } from './output-file.ts';

export interface ArchiveFile {
  /** Where its bytes go, before compression. */
  readonly output: Output;
  /** Ends it. Then it has its name. */
  finish(): Promise<StoredFile>;
  /** Gives it up: nothing of it stays. */
  abandon(): Promise<void>;
}

/** @param path inside the folder; a file of that name is written over, as by a run that is resumed */
export async function createArchiveFile(folder: string, path: string, compression: Compression): Promise<ArchiveFile> {
  const place = await resolveArchivePath(folder, path);
  await makeFolder(dirname(place));
  const file = await openOutputFile(place, { overwrite: true });
  const hashed = withSha256(file);
  const target = compressed(hashed.output, compression);
  let bytes = 0;
  const output: Output = {
    ...target,
    get bytesWritten() {
      return bytes;
    },
    async write(part) {
      bytes += part.length;
      await target.write(part);
    },
  };
  return {
    output,
    async finish() {
      await target.finish();
      return { path, bytes, storedBytes: file.bytesWritten, sha256: hashed.digest() };
    },
    async abandon() {
      await target.abandon();
      await rm(`${place}.partial`, { force: true });
    },
  };
}

/** The last file: with it the archive is whole. */
export async function writeManifest(folder: string, manifest: Manifest, name: string = manifestFile): Promise<void> {
  const place = join(folder, name);
  const output = await openOutputFile(place, { overwrite: true });
  try {
    await output.write(Buffer.from(formatManifest(manifest)));
    await output.finish();
  } catch (error) {
    await output.abandon();
    throw error;
  }
  await syncFolder(folder);
}

/** @throws XpdbError when it can't be made */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch(cause => {
    throw writeError(path, cause);
  });
}

/** Makes the names in a folder outlast a crash of the machine, where the system can. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
