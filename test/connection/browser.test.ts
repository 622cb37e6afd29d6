import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { findInstancePort, parseBrowserAnswer } from '../../src/connection/browser.ts';
import { u16 } from './tds-bytes.ts';

const open: Socket[] = [];
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

const answer = (text: string): Buffer => Buffer.concat([Buffer.of(5), u16(text.length), Buffer.from(text, 'latin1')]);
const sqlExpress =
  'ServerName;DB1;InstanceName;SQLEXPRESS;IsClustered;No;Version;10.50.6000.34;tcp;49172;np;\\\\DB1\\pipe\\x\\sql\\query;;';

/** @returns the port, and what was asked */
async function browser(reply: (request: Buffer) => Buffer | undefined): Promise<{ port: number; asked: Buffer[] }> {
  const asked: Buffer[] = [];
  const socket = createSocket('udp4');
  open.push(socket);
  socket.on('message', (message, from) => {
    asked.push(message);
    const bytes = reply(message);
    if (bytes) socket.send(bytes, from.port, from.address);
  });
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, asked };
}

describe('findInstancePort', () => {
  it('asks for one instance by name and takes its TCP port', async () => {
    const { port, asked } = await browser(() => answer(sqlExpress));
    const query = { server: '127.0.0.1', instance: 'SqlExpress', timeoutMs: 2000, browserPort: port };
    expect(await findInstancePort(query)).toBe(49172);
    expect(asked).toEqual([Buffer.from('\x04SqlExpress\0', 'latin1')]);
  });

  it('says when the instance has no TCP, or is another', async () => {
    const { port } = await browser(() => answer(sqlExpress.replace('tcp;49172;', '')));
    const query = { server: '127.0.0.1', instance: 'SQLEXPRESS', timeoutMs: 2000, browserPort: port };
    await expect(findInstancePort(query)).rejects.toThrow('does not listen on TCP');
    await expect(findInstancePort({ ...query, instance: 'OTHER' })).rejects.toThrow('127.0.0.1 has no instance OTHER');
  });

  it('asks again, and gives up in time', async () => {
    const { port, asked } = await browser(() => undefined);
    const query = { server: '127.0.0.1', instance: 'X', timeoutMs: 1200, browserPort: port };
    await expect(findInstancePort(query)).rejects.toThrow(
      'SQL Server Browser on 127.0.0.1 did not answer within 1.2 seconds',
    );
    expect(asked).toHaveLength(2);
  });
});

it('reads an answer with several instances and a wrong length', () => {
  const both = parseBrowserAnswer(answer(`${sqlExpress}ServerName;DB1;InstanceName;B;tcp;5000;;`));
  expect(both.map(i => [i.get('instancename'), i.get('tcp')])).toEqual([
    ['SQLEXPRESS', '49172'],
    ['B', '5000'],
  ]);
  expect(parseBrowserAnswer(Buffer.of(5, 255, 255))).toEqual([]);
});
