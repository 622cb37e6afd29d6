/** Which INSERTs of a script are passed over as rows of the first one: those with the very same head, and no others. */

import { describe, expect, it } from 'vitest';
import type { ByteRowTaker } from '../../src/importer/byte-row-skimmer.ts';
import { ScriptPieces } from '../../src/importer/script-pieces.ts';

/** Takes every row up to its first parenthesis that closes. */
function skimmed(script: string): { readonly rows: string[]; readonly state: string } {
  const pieces = new ScriptPieces({});
  pieces.write(Buffer.from(script));
  pieces.end();
  const piece = pieces.read();
  expect(piece?.kind).toBe('insertHead');
  const rows: string[] = [];
  const taker: ByteRowTaker = {
    stops: false,
    begin: () => undefined,
    statement: () => true,
    rows: (view, start, end) => {
      const bytes = Buffer.from(view.buffer, view.byteOffset + start, end - start);
      const length = bytes.indexOf(')') + 1;
      rows.push(bytes.toString('utf8', 0, length));
      return start + length;
    },
    refuse: () => undefined,
    keep: () => undefined,
  };
  return { rows, state: pieces.skimRows(taker) };
}

describe('INSERTs of one row', () => {
  for (const name of ['T', 'Ta', 'Tab', 'Tabl', 'Größe']) {
    const head = `INSERT [dbo].[${name}] ([a], [b]) VALUES `;

    it(`are passed over with GO lines and semicolons between, into ${name}`, () => {
      const { rows } = skimmed(`${head}(1, 2)\r\n${head}(3, 4)\r\nGO\r\n${head}(5, 6);\n${head}  (7, 8)\r\ngo\r\n`);
      expect(rows).toEqual(['(1, 2)', '(3, 4)', '(5, 6)', '(7, 8)']);
    });

    it(`are not passed over when one character of the head is another, into ${name}`, () => {
      const first = `${head}(1, 2)\r\n`;
      for (let i = 0; i < head.trimEnd().length; i++) {
        const other = `${head.slice(0, i)}${head[i] === 'x' ? 'y' : 'x'}${head.slice(i + 1)}`;
        expect(skimmed(`${first}${other}(3, 4)\r\n`), other).toEqual({ rows: ['(1, 2)'], state: 'other' });
      }
      expect(skimmed(`${first}${head.slice(0, -3)}`).rows).toEqual(['(1, 2)']);
    });
  }
});
