import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectEnds } from '../../src/archive/script-ends.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xpdb-ends-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const header = '-- xpdb: {"kind":"header","format":1}\r\n';
const trailer = '-- xpdb: {"kind":"trailer","tables":0,"rows":0,"findings":0}\r\n';
const body = 'PRINT 1\r\nGO\r\n'.repeat(20_000);

describe('the ends of a script', () => {
  for (const encoding of ['utf8', 'utf16le'] as const) {
    for (const mark of encoding === 'utf8' ? ['', '\ufeff'] : ['\ufeff']) {
      it.each([
        ['complete', header + body + trailer],
        ['cut', header + body],
        ['cut', header + body + trailer.slice(0, 30)],
        ['cut', header.trimEnd()],
        ['unknown', body],
      ])(`are %s in ${encoding} ${mark === '' ? 'without' : 'with'} a byte order mark`, async (expected, text) => {
        const path = join(folder, 'script.sql');
        await writeFile(path, Buffer.from(mark + text, encoding));
        expect(await inspectEnds(path)).toBe(expected);
      });
    }
  }

  it('refuses a backup by name', async () => {
    for (const start of ['TAPE\0\0', 'MSSQLBAK']) {
      const path = join(folder, 'x.bak');
      await writeFile(path, start);
      await expect(inspectEnds(path)).rejects.toThrow(/is a backup/);
    }
  });
});
