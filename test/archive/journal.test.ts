import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal, readJournal } from '../../src/archive/journal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xpdb-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a journal', () => {
  it('gives its entries back in order, those of later runs behind', async () => {
    expect(await readJournal(folder, 'j')).toBeNull();
    const first = await openJournal(folder, 'j');
    await Promise.all([1, 2, 3].map(n => first.add({ n, text: 'a\nb' })));
    await first.close();
    const second = await openJournal(folder, 'j');
    await second.add({ n: 4 });
    await second.close();
    expect(await readJournal(folder, 'j')).toEqual([
      { n: 1, text: 'a\nb' },
      { n: 2, text: 'a\nb' },
      { n: 3, text: 'a\nb' },
      { n: 4 },
    ]);
  });

  it('has an entry on disk as soon as it is noted', async () => {
    const journal = await openJournal(folder, 'j');
    await journal.add({ done: true });
    expect(readFileSync(join(folder, 'j'), 'utf8')).toBe('{"done":true}\n');
    await journal.close();
  });

  it('forgets a line that was cut anywhere, and nothing after it', async () => {
    const lines = ['{"n":1}', '{"n":2,"text":"ä"}'];
    const whole = Buffer.from(`${lines.join('\n')}\n`);
    for (let length = lines[0]!.length + 2; length < whole.length - 1; length++) {
      const path = join(folder, `j${length}`);
      writeFileSync(path, whole);
      truncateSync(path, length);
      const journal = await openJournal(folder, `j${length}`);
      await journal.add({ n: 3 });
      await journal.close();
      expect(await readJournal(folder, `j${length}`)).toEqual([{ n: 1 }, { n: 3 }]);
    }
    appendFileSync(join(folder, 'zeros'), Buffer.alloc(100));
    expect(await readJournal(folder, 'zeros')).toEqual([]);
  });

  it('says why it cannot be written', async () => {
    await expect(openJournal(join(folder, 'no'), 'j')).rejects.toThrow(/can't write .*the folder does not exist/);
  });
});
