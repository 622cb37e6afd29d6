/** The forms in which sqlcmd's -S and the Data Source of a connection string name a server. */

import { ExitCode, XpdbError } from '../model/error.ts';

export interface ServerName {
  /** Host name or address; `localhost` for `.` and `(local)`. */
  readonly server: string;
  /** Absent for the default instance at 1433, and when the Browser is to be asked for `instance`. */
  readonly port?: number;
  /** Absent for the default instance. Kept beside a port for messages; the port wins. */
  readonly instance?: string;
}

const localNames: ReadonlySet<string> = new Set(['.', '(local)', 'localhost']);

/**
 * Reads `host`, `host,port`, `host\instance`, `host\instance,port`, `tcp:…`, `.`, `(local)`, `::1`, `[::1],port`.
 * @throws XpdbError (usage) for protocols that xpdb does not speak, naming what to use instead, and for names that are none
 */
export function parseServerName(text: string): ServerName {
  let rest = text.trim();
  const protocol = /^([a-z]+):(?!:)/i.exec(rest);
  if (protocol && !/^[0-9a-f]{1,4}:[0-9a-f:]+/i.test(rest)) {
    refuseProtocol(protocol[1]!.toLowerCase(), text);
    if (protocol[1]!.toLowerCase() === 'tcp') rest = rest.slice(protocol[0].length).trim();
  }
  if (/^\\\\/.test(rest)) refuseProtocol('np', text);
  if (/^\(localdb\)/i.test(rest)) {
    throw usage(`LocalDB (${text}) is reached through named pipes only, which xpdb does not speak`, tcpHint);
  }

  const comma = rest.lastIndexOf(',');
  let port: number | undefined;
  if (comma >= 0) {
    port = portOf(rest.slice(comma + 1).trim(), text);
    rest = rest.slice(0, comma).trim();
  }
  const backslash = rest.indexOf('\\');
  let instance: string | undefined;
  if (backslash >= 0) {
    instance = rest.slice(backslash + 1).trim();
    rest = rest.slice(0, backslash).trim();
    if (instance === '') throw usage(`the instance is missing in the server name ${text}`, 'write host\\instance');
  }
  const bracketed = /^\[(.+)\]$/.exec(rest);
  if (bracketed) rest = bracketed[1]!;
  const hostPort = /^([^:]+):(\d+)$/.exec(rest);
  if (hostPort) throw usage(`the port follows a comma: ${hostPort[1]},${hostPort[2]} instead of ${text}`);
  if (rest === '' || /[\s/?#]/.test(rest))
    throw usage(`${text === '' ? 'an empty text' : text} is no server name`, formsHint);

  const server = localNames.has(rest.toLowerCase()) ? 'localhost' : rest;
  // MSSQLSERVER is the service name of the default instance, which the Browser does not list under a name.
  const named = instance !== undefined && instance.toUpperCase() !== 'MSSQLSERVER' ? instance : undefined;
  return { server, ...(port === undefined ? {} : { port }), ...(named === undefined ? {} : { instance: named }) };
}

/** For messages: as one would type it. */
export function serverText({ server, port, instance }: ServerName): string {
  return `${server}${instance === undefined ? '' : `\\${instance}`}${port === undefined ? '' : `,${port}`}`;
}

const tcpHint =
  'enable TCP/IP for the instance in SQL Server Configuration Manager and name it as host,port or host\\instance';
const formsHint = 'write host, host,port or host\\instance';

function usage(message: string, hint?: string): XpdbError {
  return new XpdbError(message, { ...(hint === undefined ? {} : { hint }), exitCode: ExitCode.usage });
}

function refuseProtocol(protocol: string, text: string): void {
  switch (protocol) {
    case 'np':
      throw usage(`xpdb does not speak named pipes (${text})`, tcpHint);
    case 'lpc':
      throw usage(`xpdb does not speak shared memory (${text})`, tcpHint);
    case 'admin':
    case 'dac':
      throw usage(
        `the dedicated administrator connection (${text}) is reached by its TCP port`,
        'name it as host,port; the port is in the error log of the server, 1434 by default',
      );
    default:
      break;
  }
}

function portOf(digits: string, text: string): number {
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : 0;
  if (port < 1 || port > 65535)
    throw usage(`${digits === '' ? 'nothing' : digits} is no port in the server name ${text}`, formsHint);
  return port;
}
