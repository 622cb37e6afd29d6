import { readFile } from 'node:fs/promises';
import { ExitCode, XpdbError } from '../model/error.ts';

/** The first line of a file. @throws XpdbError (usage) when it can't be read or has none */
export async function readPasswordFile(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(cause => {
    throw new XpdbError(`can't read the password file ${file}`, { cause, exitCode: ExitCode.usage });
  });
  const password = text.replace(/\r?\n[\s\S]*$/, '');
  if (password !== '') return password;
  throw new XpdbError(`the password file ${file} has no password in its first line`, { exitCode: ExitCode.usage });
}
