/** A look at a script's first and last bytes, before anything of it runs. */

import { open } from 'node:fs/promises';
import { ExitCode, XpdbError } from '../model/error.ts';
import { parseMarker } from './marker.ts';

export type Packing = 'none' | 'gzip' | 'zstd';

/** Markers stand within these many bytes of the ends. */
const lookBytes = 1 << 16;

/**
 * - `complete`: written by xpdb, with its trailer
 * - `cut`: written by xpdb, the trailer is missing
 * - `unknown`: of another tool, or packed so that the end can't be seen yet
 */
export type ScriptEnds = 'complete' | 'cut' | 'unknown';

/** @throws XpdbError when the file can't be read or is a backup */
export async function inspectEnds(path: string): Promise<ScriptEnds> {
  const head = await readPart(path, 'head', lookBytes);
  refuseBackup(head, path);
  if (packingOf(head) !== 'none') return 'unknown';
  const wide = head[0] === 0xff && head[1] === 0xfe;
  if (!hasMarker(textOf(head, wide), 'header')) return 'unknown';
  let tail = await readPart(path, 'tail', lookBytes);
  // Code units of UTF-16 begin at even offsets; the file's length tells where the tail's first one lies.
  if (wide && tail.length % 2 !== 0) tail = tail.subarray(1);
  return hasMarker(textOf(tail, wide), 'trailer') ? 'complete' : 'cut';
}

/** Backups in Microsoft Tape Format begin with TAPE, compressed ones with MSSQLBAK. */
function refuseBackup(head: Uint8Array, name: string): void {
  const start = Buffer.from(head.subarray(0, 8)).toString('latin1');
  if (!start.startsWith('TAPE') && start !== 'MSSQLBAK') return;
  throw new XpdbError(`${name} is a backup, not a script`, {
    hint: 'a backup is restored on a server of its own version or newer; export a script from there',
  });
}

/** Without its byte order mark, before which no line begins. */
function textOf(bytes: Buffer, wide: boolean): string {
  return bytes.toString(wide ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
}

function hasMarker(text: string, kind: 'header' | 'trailer'): boolean {
  return text.split(/\r\n|\n|\r/).some(line => {
    if (!line.startsWith('-- xpdb: ')) return false;
    try {
      return parseMarker(line)?.kind === kind;
    } catch {
      // Cut inside the line.
      return false;
    }
  });
}

/** By the first bytes, not by the name: `cat x.gz | xpdb import` works too. */
export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd ? 'zstd' : 'none';
}

async function readPart(path: string, part: 'head' | 'tail', bytes: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(cause => {
    throw readError(path, cause);
  });
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(bytes, size));
    const from = part === 'head' ? 0 : size - buffer.length;
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export function readError(path: string, cause: unknown): XpdbError {
  const code = (cause as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOENT: 'it does not exist',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'it does not exist',
  };
  const reason = (code !== undefined && reasons[code]) || (cause instanceof Error ? cause.message : String(cause));
  return new XpdbError(`can't read ${path}: ${reason}`, {
    cause,
    exitCode: code === 'ENOENT' || code === 'ENOTDIR' ? ExitCode.usage : ExitCode.failed,
  });
}
