import { ExitCode, XpdbError } from '../model/error.ts';

/** Asks on the terminal without echo. @throws XpdbError (usage) when there is no terminal to ask on */
export async function askPassword(user: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new XpdbError(`no password for login ${user}`, {
      hint: 'set SQLCMDPASSWORD or use --password-file',
      exitCode: ExitCode.usage,
    });
  }
  stderr.write(`Password for ${user}: `);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (result: () => void) => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      result();
    };
    const onData = (chunk: string) => {
      for (const c of chunk) {
        if (c === '\r' || c === '\n') return finish(() => resolve(typed));
        if (c === '\u0003')
          return finish(() => reject(new XpdbError('stopped at the password prompt', { exitCode: ExitCode.failed })));
        typed = c === '\u007f' || c === '\b' ? typed.slice(0, -1) : typed + c;
      }
    };
    stdin.on('data', onData);
  });
}

/** Asks a yes-or-no question; `fallback` when there is no terminal. */
export async function confirm(question: string, fallback: boolean): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return fallback;
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
