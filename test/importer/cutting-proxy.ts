/** A TCP proxy that cuts the connection at one byte of all that passes, whichever way it goes. */

import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Bytes that passed so far. */
  readonly passed: number;
  /** Cuts once when so many bytes passed in all; null never. */
  cutAt: number | null;
  close(): Promise<void>;
}

export async function cuttingProxy(port: number): Promise<CuttingProxy> {
  let passed = 0;
  const sockets = new Set<Socket>();
  const proxy = {
    cutAt: null as number | null,
    port: 0,
    get passed() {
      return passed;
    },
    close: () =>
      new Promise<void>(resolve => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  const server = createServer(client => {
    const upstream = connect(port, '127.0.0.1');
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    const pass = (from: Socket, to: Socket) => {
      sockets.add(from);
      from.on('close', () => {
        sockets.delete(from);
        end();
      });
      from.on('error', end);
      from.on('data', (bytes: Buffer) => {
        const left = proxy.cutAt === null ? Number.POSITIVE_INFINITY : proxy.cutAt - passed;
        passed += bytes.length;
        if (bytes.length < left) {
          to.write(bytes);
          return;
        }
        proxy.cutAt = null;
        // What comes before the cut still arrives.
        to.write(bytes.subarray(0, Math.max(0, left)), end);
      });
    };
    pass(client, upstream);
    pass(upstream, client);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  proxy.port = (server.address() as AddressInfo).port;
  return proxy;
}
