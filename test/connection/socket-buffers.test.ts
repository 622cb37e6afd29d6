import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SocketBuffers } from '../../src/connection/socket-buffers.ts';

let server: Server;
/** What the next connection does with its socket. */
let serve: (socket: Socket) => void;

beforeAll(async () => {
  server = createServer(socket => serve(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

async function open(): Promise<{ buffers: SocketBuffers; socket: Socket }> {
  const { port } = server.address() as { port: number };
  const buffers = new SocketBuffers();
  const socket = connect({ port, host: '127.0.0.1', onread: buffers.onread });
  await once(socket, 'connect');
  return { buffers: buffers.use(socket), socket };
}

/** Bytes whose place in the stream can be told. */
const stream = (length: number) =>
  Buffer.from(Uint32Array.from({ length: length >> 2 }, (_, i) => i * 2654435761).buffer);

describe('SocketBuffers', () => {
  it('gives the socket its bytes until they are taken, and the taker the rest', async () => {
    const sent = stream(3 << 20);
    serve = socket => {
      socket.write(sent.subarray(0, 10));
      socket.once('data', () => socket.end(sent.subarray(10)));
    };
    const { buffers, socket } = await open();
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first).toEqual(sent.subarray(0, 10));
    socket.pause();
    const got: Buffer[] = [];
    const ended = new Promise<void>(resolve => {
      buffers.start(chunk => {
        got.push(Buffer.from(chunk));
        // Given back later, so that several are out at once.
        setImmediate(() => buffers.giveBack(chunk));
      }, resolve);
    });
    socket.write('go on');
    await ended;
    expect(Buffer.concat(got).equals(sent.subarray(10))).toBe(true);
  });

  it('reads no more than its buffers hold while nobody gives one back, and never into one that is out', async () => {
    const sent = stream(8 << 20);
    serve = socket => void socket.write(sent);
    const { buffers, socket } = await open();
    socket.pause();
    const out: Buffer[] = [];
    let checked = 0;
    let taken: () => void = () => {};
    buffers.start(
      chunk => {
        out.push(chunk);
        taken();
      },
      () => {},
    );
    while (checked < sent.length) {
      // Long enough for a source that did not wait to overwrite what is out.
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      if (out.length === 0) await new Promise<void>(resolve => (taken = resolve));
      expect(out.length).toBeLessThanOrEqual(4);
      for (const chunk of out.splice(0)) {
        expect(chunk.equals(sent.subarray(checked, checked + chunk.length))).toBe(true);
        checked += chunk.length;
        chunk.fill(0);
        buffers.giveBack(chunk);
      }
    }
    socket.destroy();
  });

  it('tells once that nothing more comes', async () => {
    serve = socket => void socket.end('last words');
    const { buffers, socket } = await open();
    let ends = 0;
    const got: string[] = [];
    buffers.start(
      chunk => {
        got.push(chunk.toString());
        buffers.giveBack(chunk);
      },
      () => ends++,
    );
    await once(socket, 'close');
    expect(got.join('')).toBe('last words');
    expect(ends).toBe(1);
  });

  it('breaks the connection', async () => {
    serve = () => {};
    const { buffers, socket } = await open();
    buffers.start(
      () => {},
      () => {},
    );
    const failed = once(socket, 'error');
    buffers.destroy(new Error('no packet'));
    expect(await failed).toEqual([new Error('no packet')]);
  });
});
