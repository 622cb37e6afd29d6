import { createReadStream } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { type Edition, engineEditions, type TargetVersion, versionNumber } from '../compat/version.ts';
import { ExitCode } from '../model/error.ts';
import type { Faults, Sandbox } from '../sandbox/start-sandbox.ts';
import { encodingOption } from './common-options.ts';
import { integerOption, option, parseVersionArgument, repeatedOption } from './option.ts';
import { readPasswordFile } from './password-file.ts';
import { note, say } from './terminal.ts';

interface SandboxFlags {
  serverVersion: TargetVersion;
  edition?: Edition;
  platform?: 'windows' | 'linux';
  volume: string[];
  collation?: string;
  filestream?: boolean;
  host?: string;
  port: number;
  user?: string;
  passwordFile?: string;
  tls: boolean;
  load: string[];
  encoding?: string;
  database?: string;
  file?: string;
  fault: Fault[];
}

export function sandboxCommand(): Command {
  const command = new Command('sandbox')
    .description('start the embedded server, which poses as any version, for trials and tests')
    .addOption(
      option('--server-version <version>', 'version to pose as: 2008, 2008R2, 2012 … 2025, azure')
        .argParser(parseVersionArgument)
        .default('2022'),
    )
    .addOption(option('--edition <edition>', 'edition to pose as').choices([...engineEditions]))
    .addOption(option('--platform <platform>', 'windows (the default) or linux').choices(['windows', 'linux']))
    .addOption(repeatedOption('--volume <directory>', 'drive or directory that exists; files elsewhere are error 5133'))
    .addOption(option('--collation <name>', 'collation of the server'))
    .addOption(option('--no-filestream', 'FILESTREAM off'))
    .addOption(option('--host <address>', 'address to listen on (default: 127.0.0.1)'))
    .addOption(integerOption('--port <port>', 'port to listen on; 0 = any that is free', 0, 65535).default(0))
    .addOption(option('--user <name>', 'administrator’s log-in (default: sa)'))
    .addOption(option('--password-file <file>', 'file whose first line is its password (default: a random one)'))
    .addOption(option('--no-tls', 'refuse TLS'))
    .addOption(repeatedOption('--load <file>', 'script to run before the server is ready; may be given several times'))
    .addOption(encodingOption())
    .addOption(option('--database <name>', 'database to run the scripts in, made when it does not exist'))
    .addOption(option('--file <file>', 'keep the server in this SQLite file (default: in memory)'))
    .addOption(
      option(
        '--fault <kind:n>',
        'go wrong on purpose: cut-sent:BYTES, cut-received:BYTES, slow:MS, deadlock:N, full-log:N, hang:N (the Nth statement that changes something)',
      )
        .argParser((value: string, previous: Fault[] | undefined) => [...(previous ?? []), parseFault(value)])
        .default([] as Fault[], 'none'),
    );
  command.addHelpText(
    'after',
    `
Prints one line of JSON when it is ready: {"host","port","user","password","version"}. Ctrl-C ends it.

Examples:
  xpdb sandbox --server-version 2012 --edition express --volume 'D:\\Data'
  xpdb sandbox --server-version 2008R2 --port 14330 --load northwind.sql
  xpdb sandbox --file trial.sandbox --database Shop --load schema.sql --load rows.sql`,
  );
  return command.action(async (flags: SandboxFlags) => {
    process.exitCode = await runSandbox(flags);
  });
}

async function runSandbox(flags: SandboxFlags): Promise<number> {
  const { startSandbox } = await import('../sandbox/start-sandbox.ts');
  const { noFaults } = await import('../sandbox/tds/faults.ts');
  const password = flags.passwordFile === undefined ? undefined : await readPasswordFile(flags.passwordFile);
  const sandbox = await startSandbox({
    version: versionNumber(flags.serverVersion),
    azure: flags.serverVersion === 'azure',
    port: flags.port,
    tls: flags.tls,
    ...(flags.edition === undefined ? {} : { edition: flags.edition }),
    ...(flags.platform === undefined ? {} : { platform: flags.platform }),
    ...(flags.volume.length === 0 ? {} : { volumes: flags.volume }),
    ...(flags.collation === undefined ? {} : { collation: flags.collation }),
    ...(flags.filestream === false ? { filestream: false } : {}),
    ...(flags.host === undefined ? {} : { host: flags.host }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(password === undefined ? {} : { password }),
    ...(flags.file === undefined ? {} : { file: flags.file }),
    faults: noFaults(),
  });
  const ended = new Promise<void>(resolve => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  try {
    for (const file of flags.load) await load(sandbox, file, flags);
    // They are for clients, not for what was loaded.
    for (const fault of flags.fault) fault(sandbox.faults);
    const { host, port, user, version } = sandbox;
    process.stdout.write(`${JSON.stringify({ host, port, user, password: sandbox.password, version })}\n`);
    say(`poses as SQL Server ${flags.serverVersion} (${version}) on ${host},${port}; Ctrl-C ends it`);
    await ended;
    return ExitCode.done;
  } finally {
    await sandbox.close();
  }
}

async function load(sandbox: Sandbox, file: string, flags: SandboxFlags): Promise<void> {
  const { decodeScript } = await import('../tsql/script-decoder.ts');
  const text = decodeScript(openFile(file), {
    file,
    ...(flags.encoding === undefined ? {} : { encoding: flags.encoding }),
  });
  await sandbox.load(text, {
    file,
    onMessage: message => note(message.message),
    ...(flags.database === undefined ? {} : { database: flags.database }),
  });
}

async function* openFile(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    const { readError } = await import('../archive/script-ends.ts');
    throw readError(file, cause);
  }
}

/** Switches a fault on. */
type Fault = (faults: Faults) => void;

function parseFault(text: string): Fault {
  const match = /^([a-z-]+):(\d+)$/.exec(text);
  const n = Number(match?.[2]);
  const statement =
    (kind: 'deadlock' | 'fullLog' | 'hang'): Fault =>
    faults => {
      faults.statements.push({ kind, matching: null, skip: Math.max(0, n - 1), times: 1 });
    };
  switch (match?.[1]) {
    case 'cut-sent':
      return faults => {
        faults.cutAfterSent = n;
      };
    case 'cut-received':
      return faults => {
        faults.cutAfterReceived = n;
      };
    case 'slow':
      return faults => {
        faults.sendDelayMs = n;
      };
    case 'deadlock':
      return statement('deadlock');
    case 'full-log':
      return statement('fullLog');
    case 'hang':
      return statement('hang');
    default:
      throw new InvalidArgumentError(
        'kinds are cut-sent:BYTES, cut-received:BYTES, slow:MS, deadlock:N, full-log:N, hang:N.',
      );
  }
}
