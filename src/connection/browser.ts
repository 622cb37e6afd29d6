/** Asks SQL Server Browser for the TCP port of a named instance (MS-SQLR: CLNT_UCAST_INST, UDP 1434). */

import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { XpdbError } from '../model/error.ts';

export interface BrowserQuery {
  readonly server: string;
  readonly instance: string;
  readonly timeoutMs: number;
  /** 1434 unless a test says otherwise. */
  readonly browserPort?: number;
}

/**
 * Every address of the name is asked, again each second until one answers.
 * @returns the TCP port
 * @throws XpdbError when nobody answers in time, the name is unknown, or the instance has no TCP
 */
export async function findInstancePort(query: BrowserQuery): Promise<number> {
  const { server, instance, timeoutMs, browserPort = 1434 } = query;
  const addresses = await lookup(server, { all: true }).catch(cause => {
    throw new XpdbError(`the host ${server} is unknown`, { hint: 'check the server name', cause });
  });
  const name = Buffer.from(instance, 'latin1');
  const request = Buffer.concat([Buffer.of(4), name, Buffer.of(0)]);
  const sockets = [...new Set(addresses.map(a => a.family))].map(family => ({
    family,
    socket: createSocket(family === 6 ? 'udp6' : 'udp4'),
  }));
  let again: NodeJS.Timeout | undefined;
  let deadline: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<Buffer>((resolve, reject) => {
      const ask = (): void => {
        for (const { address, family } of addresses) {
          // One address that cannot be reached (no IPv6 route) must not end the others' chance.
          sockets.find(s => s.family === family)!.socket.send(request, browserPort, address, () => {});
        }
      };
      for (const { socket } of sockets) {
        socket.on('message', message => {
          if (message[0] === 5 && message.length >= 3) resolve(message);
        });
        socket.on('error', () => {});
      }
      ask();
      again = setInterval(ask, 1000);
      deadline = setTimeout(() => reject(noAnswer(query)), timeoutMs);
    });
    return portFrom(parseBrowserAnswer(answer), query);
  } finally {
    clearInterval(again);
    clearTimeout(deadline);
    for (const { socket } of sockets) socket.close();
  }
}

/** SVR_RESP: 05, length, then `key;value;…;;` an instance. Keys in lower case. */
export function parseBrowserAnswer(message: Uint8Array): ReadonlyMap<string, string>[] {
  const length = Math.min(message[1]! | (message[2]! << 8), message.length - 3);
  const text = Buffer.from(message.subarray(3, 3 + length)).toString('latin1');
  return text
    .split(';;')
    .filter(part => part.includes(';'))
    .map(part => {
      const words = part.split(';');
      const pairs = new Map<string, string>();
      for (let i = 0; i + 1 < words.length; i += 2) pairs.set(words[i]!.toLowerCase(), words[i + 1]!);
      return pairs;
    });
}

function portFrom(instances: readonly ReadonlyMap<string, string>[], { server, instance }: BrowserQuery): number {
  const found = instances.find(i => i.get('instancename')?.toLowerCase() === instance.toLowerCase());
  if (!found) {
    throw new XpdbError(`${server} has no instance ${instance}`, {
      hint: 'check its name, or give the port as host,port',
    });
  }
  const port = Number(found.get('tcp'));
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new XpdbError(`the instance ${server}\\${instance} does not listen on TCP`, {
      hint: 'enable TCP/IP for it in SQL Server Configuration Manager and restart it',
    });
  }
  return port;
}

function noAnswer({ server, instance, timeoutMs }: BrowserQuery): XpdbError {
  return new XpdbError(
    `SQL Server Browser on ${server} did not answer within ${timeoutMs / 1000} seconds where ${instance} listens`,
    { hint: 'check the names, start the SQL Server Browser service and open UDP 1434, or give the port as host,port' },
  );
}
