import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamSource } from '../../src/connection/byte-source.ts';
import { PacketReader } from '../../src/connection/packet-reader.ts';

/** Packets of a message, each with at most `size` bytes of payload. */
function packets(payload: Uint8Array, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < payload.length; at += size) {
    const part = payload.subarray(at, at + size);
    const header = Buffer.from([4, at + size >= payload.length ? 1 : 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt16BE(part.length + 8, 2);
    parts.push(header, Buffer.from(part));
  }
  return Buffer.concat(parts);
}

async function whole(message: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

describe('PacketReader', () => {
  it('joins the packets of each message, however the socket cuts them', async () => {
    const message = fc.record({ payload: fc.uint8Array({ maxLength: 300 }), size: fc.integer({ min: 1, max: 60 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
        async (messages, cuts) => {
          const stream = new PassThrough();
          const reader = new PacketReader(streamSource(stream));
          const bytes = Buffer.concat(messages.map(m => packets(m.payload, m.size)));
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const cut = cuts[i % cuts.length]!;
            // Copies, for the reader squeezes its chunks.
            stream.write(Buffer.from(bytes.subarray(at, at + cut)));
            at += cut;
          }
          for (const { payload } of messages) {
            expect(await whole(await reader.readMessage())).toEqual(Buffer.from(payload));
          }
          stream.destroy();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('gives packets of one chunk as one piece', async () => {
    const stream = new PassThrough();
    const reader = new PacketReader(streamSource(stream));
    stream.write(packets(new Uint8Array(10_000).fill(7), 100));
    const pieces: number[] = [];
    for await (const piece of await reader.readMessage()) pieces.push(piece.length);
    expect(pieces).toEqual([10_000]);
  });

  it('pauses the socket while nobody reads, and goes on', async () => {
    const stream = new PassThrough({ highWaterMark: 1 << 16 });
    const reader = new PacketReader(streamSource(stream));
    const payload = new Uint8Array(4 << 20).map((_, i) => i % 251);
    const bytes = packets(payload, 30_000);
    const written = (async () => {
      for (let at = 0; at < bytes.length; at += 50_000) {
        if (!stream.write(bytes.subarray(at, at + 50_000))) await new Promise(drain => stream.once('drain', drain));
      }
    })();
    const message = await reader.readMessage();
    while (!stream.isPaused()) await new Promise(setImmediate);
    expect(stream.writableLength + stream.readableLength).toBeGreaterThan(0);
    expect(await whole(message)).toEqual(Buffer.from(payload));
    await written;
  });

  it('refuses to wait for a message on a connection that ended', async () => {
    const stream = new PassThrough();
    const reader = new PacketReader(streamSource(stream));
    const waiting = reader.readMessage();
    stream.end();
    await expect(waiting).rejects.toThrow('the connection ended');
    await expect(reader.readMessage()).rejects.toThrow('the connection ended');
  });

  it('breaks the connection at a packet shorter than its header', async () => {
    const stream = new PassThrough();
    const reader = new PacketReader(streamSource(stream));
    const failed = new Promise<Error>(resolve => stream.once('error', resolve));
    stream.write(Buffer.from([4, 1, 0, 7, 0, 0, 0, 0]));
    expect((await failed).message).toContain('shorter than its header');
    await expect(reader.readMessage().then(whole)).rejects.toThrow('the connection ended');
  });
});
