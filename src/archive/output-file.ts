import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { ExitCode, XpdbError } from '../model/error.ts';

/** Where a dump's bytes go. Every method waits until the sink can take more. */
export interface Output {
  write(bytes: Uint8Array): Promise<void>;
  /** Makes the output final: flushes it to disk and gives the file its name. */
  finish(): Promise<void>;
  /** Closes without finishing; a file keeps the name NAME.partial, unless nothing was written into it. */
  abandon(): Promise<void>;
  readonly bytesWritten: number;
  /** Name for messages. */
  readonly name: string;
}

/**
 * A file that is `NAME.partial` until it is finished. Devices and pipes (/dev/null, a named pipe) are written as they are.
 * @throws XpdbError when it exists already and `overwrite` is not set, or can't be written
 */
export async function openOutputFile(path: string, options: { readonly overwrite: boolean }): Promise<Output> {
  const existing = await stat(path).catch(() => null);
  const device = existing !== null && !existing.isFile() && !existing.isDirectory();
  if (existing?.isDirectory()) throw writeError(path, Object.assign(new Error(), { code: 'EISDIR' }));
  if (existing && !device && !options.overwrite) {
    throw new XpdbError(`output file ${path} exists`, { hint: 'give another name, or --overwrite' });
  }
  const partial = device ? path : `${path}.partial`;
  let file: FileHandle;
  try {
    file = await open(partial, 'w');
  } catch (cause) {
    throw writeError(partial, cause);
  }
  let bytesWritten = 0;
  return {
    name: path,
    get bytesWritten() {
      return bytesWritten;
    },
    async write(bytes) {
      try {
        for (let offset = 0; offset < bytes.length; ) offset += (await file.write(bytes, offset)).bytesWritten;
      } catch (cause) {
        throw writeError(partial, cause);
      }
      bytesWritten += bytes.length;
    },
    async finish() {
      try {
        if (!device) await file.sync();
        await file.close();
        if (!device) await rename(partial, path);
      } catch (cause) {
        throw writeError(path, cause);
      }
    },
    async abandon() {
      await file.close().catch(() => undefined);
      if (bytesWritten === 0 && !device) await rm(partial, { force: true }).catch(() => undefined);
    },
  };
}

/** Standard output. A reader that went away (EPIPE) ends the run quietly: see the command line's handling. */
export function openStdout(stream: NodeJS.WriteStream): Output {
  let bytesWritten = 0;
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      stream.write(bytes, error => (error ? reject(writeError('standard output', error)) : resolve()));
    });
  return {
    name: 'standard output',
    get bytesWritten() {
      return bytesWritten;
    },
    async write(bytes) {
      // The stream keeps a reference until the write is done, and our buffers are used again.
      await write(bytes);
      bytesWritten += bytes.length;
    },
    async finish() {},
    async abandon() {},
  };
}

/** Passes bytes on and hashes them. */
export function withSha256(output: Output): { output: Output; digest: () => string } {
  const hash = createHash('sha256');
  return {
    output: {
      ...output,
      get bytesWritten() {
        return output.bytesWritten;
      },
      async write(bytes) {
        hash.update(bytes);
        await output.write(bytes);
      },
    },
    digest: () => hash.copy().digest('hex'),
  };
}

/** An error of the file system in words: a full disk is a stop in the middle (exit 4), everything else a failure. */
export function writeError(path: string, cause: unknown): XpdbError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ENOENT: 'the folder does not exist',
    EISDIR: 'it is a folder',
    EEXIST: 'a file has that name',
    ENOTDIR: 'a folder on the way there is a file',
    EROFS: 'the file system is read-only',
    EPIPE: 'the reader went away',
  };
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const reason = (code !== undefined && reasons[code]) || (cause instanceof Error ? cause.message : String(cause));
  return new XpdbError(`can't write ${path}: ${reason}`, {
    cause,
    exitCode: full ? ExitCode.interrupted : ExitCode.failed,
  });
}
