import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PacketReader } from '../../../src/sandbox/tds/packet.ts';
import { Response } from '../../../src/sandbox/tds/response.ts';

it('a response is cut into full packets but for the last, whatever its pieces are', async () => {
  const piece = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 400 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 30 }),
      fc.integer({ min: 10, max: 60 }),
      async (lengths, packetSize) => {
        const sent: Buffer[] = [];
        const sink = {
          packetSize,
          transaction: 0n,
          send: (bytes: Buffer, done?: () => void) => {
            const kept = sent.push(Buffer.from(bytes)) > 0;
            bytes.fill(0xff);
            done?.();
            return kept;
          },
          drained: () => Promise.resolve(),
        };
        const response = new Response(sink, 'SRV', true);
        const pieces = lengths.map((length, i) => Buffer.alloc(length, i + 1));
        for (const bytes of pieces) {
          const given = Buffer.from(bytes);
          response.rows(given);
          // Whose it is again.
          given.fill(0xff);
        }
        await response.end();
        const packets = [...new PacketReader().feed(Buffer.concat(sent))];
        expect(Buffer.concat(packets.map(p => p.payload))).toEqual(Buffer.concat(pieces));
        expect(packets.slice(0, -1).every(p => p.payload.length === packetSize - 8 && p.status === 0)).toBe(true);
        expect(packets.at(-1)).toMatchObject({ type: 4, status: 1 });
        const all = Buffer.concat(sent);
        packets.forEach((_, i) => expect(all[i * packetSize + 6]).toBe((i + 1) & 0xff));
      },
    ),
    { numRuns: 300 },
  );
});
