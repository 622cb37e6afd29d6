import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketWriter, SendBuffers } from '../../src/connection/packet-writer.ts';

/** A socket that takes its time, and keeps what it was given until then without a copy. */
function slowSocket(): { readonly stream: Writable; readonly sent: () => Buffer } {
  const sent: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      setImmediate(() => {
        sent.push(Buffer.from(chunk));
        done();
      });
    },
  });
  return { stream, sent: () => Buffer.concat(sent) };
}

/** Payload of full packets of `size` bytes. */
function payloadOf(bytes: Buffer, type: number, size: number): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    expect([bytes[at], bytes[at + 1], bytes.readUInt16BE(at + 2)]).toEqual([type, 0, size]);
    expect(bytes[at + 6]).toBe((parts.length + 1) & 0xff);
    parts.push(bytes.subarray(at + 8, at + size));
  }
  return Buffer.concat(parts);
}

async function send(pieces: readonly Uint8Array[], size: number): Promise<{ sent: Buffer; rest: Buffer }> {
  const { stream, sent } = slowSocket();
  const writer = new PacketWriter(new SendBuffers(stream, size), 7);
  const shared = new Uint8Array(Math.max(1, ...pieces.map(p => p.length)));
  for (const piece of pieces) {
    shared.set(piece);
    await writer.write(shared.subarray(0, piece.length));
    // Who made the piece fills it anew at once.
    shared.fill(0xee);
  }
  const rest = writer.finish();
  await new Promise<void>(done => stream.end(done));
  return { sent: sent(), rest };
}

describe('PacketWriter', () => {
  it('sends all bytes in full packets but for the last one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }),
        fc.integer({ min: 9, max: 80 }),
        async (pieces, size) => {
          const { sent, rest } = await send(pieces, size);
          expect(rest.length).toBeLessThanOrEqual(size - 8);
          expect(Buffer.concat([payloadOf(sent, 7, size), rest])).toEqual(Buffer.concat(pieces));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('has the bytes of a piece when it returns, however slow the socket is', async () => {
    const pieces = Array.from({ length: 40 }, (_, i) => new Uint8Array(200_000).fill(i));
    const { sent, rest } = await send(pieces, 16_384);
    const all = Buffer.concat([payloadOf(sent, 7, 16_384), rest]);
    expect(all.equals(Buffer.concat(pieces))).toBe(true);
  });

  it('sends nothing behind its stop', async () => {
    const { stream, sent } = slowSocket();
    const writer = new PacketWriter(new SendBuffers(stream, 4096), 7);
    await writer.write(new Uint8Array(300_000));
    await new Promise<void>(done => stream.write('', () => done()));
    const before = sent().length;
    expect(before).toBeGreaterThan(0);
    writer.stop();
    await writer.write(new Uint8Array(2_000_000));
    writer.finish();
    await new Promise<void>(done => stream.end(done));
    expect(sent().length).toBe(before);
  });

  it('uses the same few buffers for message after message, stopped ones among them', async () => {
    const { stream, sent } = slowSocket();
    const buffers = new SendBuffers(stream, 4096);
    const seen = new Set<ArrayBufferLike>();
    const take = buffers.take.bind(buffers);
    buffers.take = () => {
      const taken = take();
      void Promise.resolve(taken).then(buffer => seen.add(buffer.buffer));
      return taken;
    };
    let whole = 0;
    for (let message = 0; message < 20; message++) {
      const writer = new PacketWriter(buffers, 7);
      await writer.write(new Uint8Array(600_000).fill(message));
      if (message % 3 === 0) writer.stop();
      else if (writer.finish().length > 0) whole++;
    }
    await new Promise<void>(done => stream.end(done));
    expect(whole).toBe(13);
    expect(seen.size).toBeLessThanOrEqual(4);
    expect(sent().length).toBeGreaterThan(13 * 590_000);
  });

  it('lets go of who waits when the connection breaks', async () => {
    const stream = new Writable({ write: () => {} });
    stream.on('error', () => {});
    const writer = new PacketWriter(new SendBuffers(stream, 4096), 7);
    const waiting = writer.write(new Uint8Array(4 << 20));
    expect(waiting).toBeInstanceOf(Promise);
    stream.destroy(new Error('cut'));
    await waiting;
  });
});
