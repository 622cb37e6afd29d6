import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { ExitCode, XpdbError } from '../model/error.ts';
import type { SideSource } from '../verify/side.ts';
import {
  addEncryptionFlags,
  type ConnectionFlags,
  type EncryptionFlags,
  resolveConnection,
} from './connection-flags.ts';
import { option } from './option.ts';

/** How to reach two databases at once: what differs is said for each, what is the same for both. */
export interface SideFlags extends EncryptionFlags, Pick<ConnectionFlags, 'user' | 'passwordFile' | 'domain'> {
  from: string;
  to: string;
  fromUser?: string;
  toUser?: string;
  fromPasswordFile?: string;
  toPasswordFile?: string;
}

export function addSideFlags(command: Command, what: string): Command {
  command
    .addOption(option('--from <source>', what).makeOptionMandatory())
    .addOption(option('--to <target>', 'the other one').makeOptionMandatory())
    .addOption(option('-U, --user <login>', 'login on both servers').env('SQLCMDUSER'))
    .addOption(option('--password-file <file>', 'file whose first line is the password, for both servers'))
    .addOption(option('--from-user <login>', 'login on the first server'))
    .addOption(option('--from-password-file <file>', 'its password'))
    .addOption(option('--to-user <login>', 'login on the second server'))
    .addOption(option('--to-password-file <file>', 'its password'))
    .addOption(option('--domain <domain>', 'Windows domain of the logins'));
  return addEncryptionFlags(command);
}

/** Both sides' flags, by where they were said. */
export interface SplitSideFlags {
  readonly line: Partial<SideFlags>;
  readonly environment: Partial<SideFlags>;
}

/**
 * A side as it was named: an ADO.NET connection string, `server/database`, a script (.sql, .gz, .zst) or an archive's folder.
 * What lies on the disk comes first.
 * @throws XpdbError (usage) for what is none of them
 */
export async function resolveSide(flags: SplitSideFlags, which: 'from' | 'to', encoding?: string): Promise<SideSource> {
  const text = nameOf(flags, which);
  const info = await stat(text).catch(() => null);
  if (info?.isDirectory()) return { kind: 'archive', path: text };
  if (info) return { kind: 'script', path: text, ...(encoding === undefined ? {} : { encoding }) };
  if (/\.(sql|gz|zst|txt)$/i.test(text)) {
    throw new XpdbError(`--${which} ${text}: there is no such file`, { exitCode: ExitCode.usage });
  }
  return { kind: 'server', connection: await resolveServer(flags, which) };
}

/**
 * As resolveSide, of what must be a database on a server.
 * @param serverAlone whether a server without a database is meant, too
 */
export async function resolveServer(
  flags: SplitSideFlags,
  which: 'from' | 'to',
  serverAlone = false,
): Promise<ConnectionOptions> {
  const text = nameOf(flags, which);
  const line = flagsOf(flags.line, which);
  const environment = flagsOf(flags.environment, which);
  if (/^\s*[A-Za-z][\w ]*=/.test(text)) return resolveConnection({ ...line, connectionString: text }, environment);
  const slash = text.lastIndexOf('/');
  if (slash < 0 && serverAlone) return resolveConnection({ ...line, server: text }, environment);
  if (slash < 1 || slash === text.length - 1) {
    throw new XpdbError(`--${which} ${text} is no file, no server/database and no connection string`, {
      exitCode: ExitCode.usage,
    });
  }
  return resolveConnection({ ...line, server: text.slice(0, slash), database: text.slice(slash + 1) }, environment);
}

const nameOf = ({ line, environment }: SplitSideFlags, which: 'from' | 'to'): string =>
  line[which] ?? environment[which] ?? '';

function flagsOf(flags: Partial<SideFlags>, which: 'from' | 'to'): ConnectionFlags {
  const user = (which === 'from' ? flags.fromUser : flags.toUser) ?? flags.user;
  const passwordFile = (which === 'from' ? flags.fromPasswordFile : flags.toPasswordFile) ?? flags.passwordFile;
  return {
    ...(user === undefined ? {} : { user }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
    ...(flags.trustServerCertificate ? { trustServerCertificate: true } : {}),
    ...(flags.encrypt === undefined ? {} : { encrypt: flags.encrypt }),
    ...(flags.legacyTls ? { legacyTls: true } : {}),
    ...(flags.domain === undefined ? {} : { domain: flags.domain }),
  };
}
