/**
 * What an export into a folder has finished, so that it can go on after it was killed at any moment: one JSON line for each thing that
 * is on disk for good. The last line may be cut; then what it told of was not finished.
 */

import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { XpdbError } from '../model/error.ts';
import { writeError } from './output-file.ts';

export interface Journal {
  /** Notes that something is done; it is on disk when the promise settles. */
  add(entry: object): Promise<void>;
  close(): Promise<void>;
}

/** @throws XpdbError when it can't be written */
export async function openJournal(folder: string, name: string): Promise<Journal> {
  const path = join(folder, name);
  let file: FileHandle;
  try {
    file = await open(path, 'a');
    // A line that was cut must not run into the next one.
    const { size } = await file.stat();
    if (size > 0) await file.write('\n');
  } catch (cause) {
    throw writeError(path, cause);
  }
  let last: Promise<void> = Promise.resolve();
  return {
    add(entry) {
      const line = `${JSON.stringify(entry)}\n`;
      const written = last.then(async () => {
        try {
          await file.write(line);
          await file.datasync();
        } catch (cause) {
          throw writeError(path, cause);
        }
      });
      last = written.catch(() => undefined);
      return written;
    },
    async close() {
      await last;
      await file.close();
    },
  };
}

/**
 * Entries in order; null when there is no journal. A line that was cut is left out.
 * @throws XpdbError when it can't be read
 */
export async function readJournal(folder: string, name: string): Promise<unknown[] | null> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new XpdbError(`can't read ${path}: ${(cause as Error).message}`, { cause });
  }
  return text.split('\n').flatMap(line => {
    try {
      return line === '' ? [] : [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}
