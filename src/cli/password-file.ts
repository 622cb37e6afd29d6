import { readFile } from 'node:fs/promises';
import { ExitCode, XpdbError } from '../model/error.ts';

/** The first line of a file. @throws XpdbError (usage) when it can't be read */
export async function readPasswordFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/\r?\n[\s\S]*$/, '');
  } catch (cause) {
    throw new XpdbError(`can't read the password file ${file}`, { cause, exitCode: ExitCode.usage });
  }
}
