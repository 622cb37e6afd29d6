import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XpdbError } from '../../src/model/error.ts';
import { type ScriptPiece, ScriptSplitter, type SplitOptions, splitScript } from '../../src/tsql/batch-splitter.ts';

async function pieces(text: string | readonly string[], options?: SplitOptions): Promise<ScriptPiece[]> {
  const all: ScriptPiece[] = [];
  for await (const piece of splitScript(typeof text === 'string' ? [text] : text, options)) all.push(piece);
  return all;
}

/** The batches' texts as a runner would send them, with their counts. */
async function batches(text: string, options?: SplitOptions): Promise<string[]> {
  const result: string[] = [];
  let current: string[] = [];
  let rows: string[] = [];
  for (const piece of await pieces(text, options)) {
    switch (piece.kind) {
      case 'text':
      case 'insertHead':
        current.push(piece.text);
        break;
      case 'insertRow':
        rows.push(piece.text);
        break;
      case 'insertEnd':
        current[current.length - 1] += ` ${rows.join(',')}${piece.text}`;
        rows = [];
        break;
      case 'batchEnd':
        result.push(`${current.join(' | ')} × ${piece.count}`);
        current = [];
        break;
      case 'marker':
        result.push(`marker ${piece.text}`);
    }
  }
  return result;
}

describe('splitScript', () => {
  it.each<[string, string, string[]]>([
    ['GO', 'SELECT 1\nGO\nSELECT 2', ['SELECT 1 × 1', 'SELECT 2 × 1']],
    ['GO in any case and with blanks', 'SELECT 1\n  go \t\nSELECT 2\nGo', ['SELECT 1 × 1', 'SELECT 2 × 1']],
    ['a count', 'PRINT 1\nGO 5\nPRINT 2\nGO', ['PRINT 1 × 5', 'PRINT 2 × 1']],
    ['a comment behind GO', 'PRINT 1\nGO -- the first\nPRINT 2\nGO', ['PRINT 1 × 1', 'PRINT 2 × 1']],
    ['no GO inside a string', "PRINT 'a\nGO\nb'\nGO", ["PRINT 'a\nGO\nb' × 1"]],
    ['no GO inside a comment', 'PRINT 1 /* \nGO\n*/\nGO', ['PRINT 1 × 1']],
    ['no GO inside a name', 'SELECT 1 AS [a\nGO\nb]\nGO', ['SELECT 1 AS [a\nGO\nb] × 1']],
    ['no GO behind other text', 'SELECT 1 GO\nGO', ['SELECT 1 GO × 1']],
    ['no GO before other text', 'SELECT 1 AS\nGOLD\nGO', ['SELECT 1 AS\nGOLD × 1']],
    ['no empty batches', 'GO\n\nGO\nPRINT 1\nGO\nGO', [' × 1', ' × 1', 'PRINT 1 × 1', ' × 1']],
    ['statements of a batch', 'PRINT 1;PRINT 2\nPRINT 3\nGO', ['PRINT 1; | PRINT 2 | PRINT 3 × 1']],
    [
      'an INSERT behind an option that is switched on',
      'SET IDENTITY_INSERT t ON\nINSERT t (a) VALUES (1)\nSET NOCOUNT ON DELETE t',
      ['SET IDENTITY_INSERT t ON | INSERT t (a) VALUES (1) | SET NOCOUNT ON | DELETE t × 1'],
    ],
    [
      'statements behind an option of the database',
      'ALTER DATABASE d SET READ_COMMITTED_SNAPSHOT ON DELETE t',
      ['ALTER DATABASE d SET READ_COMMITTED_SNAPSHOT ON | DELETE t × 1'],
    ],
    [
      'a foreign key with its actions',
      'ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a) ON DELETE CASCADE ON UPDATE SET NULL\nPRINT 1',
      ['ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a) ON DELETE CASCADE ON UPDATE SET NULL | PRINT 1 × 1'],
    ],
    ['CRLF', 'PRINT 1\r\nGO\r\nPRINT 2\r\nGO\r\n', ['PRINT 1 × 1', 'PRINT 2 × 1']],
    ['CR alone', 'PRINT 1\rGO\rPRINT 2\rGO\r', ['PRINT 1 × 1', 'PRINT 2 × 1']],
    [
      'a module to the last blank',
      '-- head\n\nCREATE VIEW v AS\n SELECT 1; -- x\n\nGO\nPRINT 1',
      ['-- head\n\nCREATE VIEW v AS\n SELECT 1; -- x\n × 1', 'PRINT 1 × 1'],
    ],
    ['rows of an INSERT', "INSERT t (a) VALUES (1), (N'x)'),\n(3);\nGO", ["INSERT t (a) VALUES (1),(N'x)'),(3); × 1"]],
    ['a marker', '-- xpdb: {"a":1}\nPRINT 1\nGO', ['marker -- xpdb: {"a":1}', 'PRINT 1 × 1']],
  ])('%s', async (_, script, expected) => {
    expect(await batches(script)).toEqual(expected);
  });

  it('leaves GO alone where another word ends batches', async () => {
    expect(await batches('SELECT 1\nGO\nrun\nSELECT 2\nRUN 2', { separator: 'RUN' })).toEqual([
      'SELECT 1\nGO × 1',
      'SELECT 2 × 2',
    ]);
  });

  it('puts variables in their places only when asked to', async () => {
    const script = ':setvar b dbo\n-- of $(a)\nSELECT * FROM $(b).[$(a)]\nGO';
    expect(await batches(script, { variables: new Map([['a', 'Calls']]) })).toEqual([
      '-- of Calls\nSELECT * FROM dbo.[Calls] × 1',
    ]);
    expect(await batches("PRINT '$(a)'\nGO")).toEqual(["PRINT '$(a)' × 1"]);
    await expect(batches('SELECT $(nothing)\nGO', { variables: new Map() })).rejects.toThrow(/nothing/);
  });

  it.each([':on error exit', ':ON ERROR ignore'])('takes the line %s', async line => {
    expect(await batches(`${line}\nPRINT 1\nGO`)).toEqual(['PRINT 1 × 1']);
  });

  it.each([':r other.sql', ':connect x', '!! dir', ':xml on'])('refuses the line %s', async line => {
    await expect(batches(`PRINT 1\nGO\n${line}\nGO`)).rejects.toMatchObject({ details: { position: { line: 3 } } });
  });

  it.each<[string, number, number]>([
    ["PRINT 1\nGO\nPRINT 'a\nGO\nPRINT 2", 3, 7],
    ['PRINT 1\nGO\nSELECT [a\nGO', 3, 8],
    ['/* a\nGO\nPRINT 1', 1, 1],
    ["INSERT t VALUES (1),\n (N'x", 2, 4],
  ])('says where %j began', async (script, line, column) => {
    const error = await pieces(script).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).details.position).toMatchObject({ line, column });
  });

  it('tells positions of statements and rows', async () => {
    const found = await pieces('PRINT 1\r\nGO\r\n\r\n  PRINT 2; INSERT t VALUES\r\n(1),\r\n (2)', { file: 'x.sql' });
    const at = found.flatMap(p => ('position' in p ? [[p.kind, p.position.line, p.position.column]] : []));
    expect(at).toEqual([
      ['text', 1, 1],
      ['batchEnd', 2, 1],
      ['text', 4, 3],
      ['insertHead', 4, 12],
      ['insertRow', 5, 1],
      ['insertRow', 6, 2],
      ['batchEnd', 6, 5],
    ]);
  });

  const part = fc.constantFrom(
    'SELECT 1',
    "PRINT 'a''b\nGO\n'",
    "INSERT [a]]b].t (a, b) VALUES (1, N'x''),(y'), (2, NULL)",
    'INSERT INTO t VALUES (1)',
    'CREATE VIEW v AS SELECT 1\n',
    'IF 1 = 1 BEGIN PRINT 1 END',
    '/* c /* d */\nGO */',
    '-- GO\n',
    '-- xpdb: {"k":1}',
    'ÜBER é 日本 𝄞',
    ';',
    '\r\n',
    '\rGO 3\r\n',
    '\nGO\n',
    '\ngo -- x\n',
    ' ',
  );

  it('gives the same pieces wherever the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 12 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        async (parts, cuts) => {
          const text = parts.join('\n');
          const ends = [...new Set([...cuts.filter(c => c < text.length), text.length])].sort((a, b) => a - b);
          const chunks = ends.map((end, i) => text.slice(i === 0 ? 0 : ends[i - 1]!, end));
          expect(await pieces(chunks)).toEqual(await pieces(text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('loses no statement', async () => {
    const statement = fc.constantFrom(
      'SELECT 1;',
      "PRINT N'ä;';",
      'INSERT t VALUES (1), (2);',
      'UPDATE t SET a = 1;',
      '/* c */ DELETE t;',
    );
    const between = fc.constantFrom('', ' ', '\n', '\nGO\n', '\r\nGO 2\r\n', '/* d */', '-- e\n');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(statement, between), { maxLength: 20 }), async list => {
        const plain = (text: string) => text.replace(/\/\*.*?\*\/|--.*\n|[\s,]/g, '');
        const all = (await pieces(list.flat().join(''))).map(p => ('text' in p ? p.text : '')).join('');
        expect(plain(all)).toBe(plain(list.map(([text]) => text).join('')));
      }),
      { numRuns: 300 },
    );
  });

  it('passes a batch of 300 MB with no more than a row in memory', () => {
    const rows = `(1, N'${'x'.repeat(990)}'),\n`.repeat(256);
    const splitter = new ScriptSplitter();
    splitter.write('INSERT t (a, b) VALUES ');
    let taken = 0;
    let highest = 0;
    const drain = () => {
      for (let piece = splitter.read(); piece !== null; piece = splitter.read())
        if (piece.kind === 'insertRow') taken++;
    };
    const chunks = 1200;
    for (let i = 0; i < chunks; i++) {
      splitter.write(rows);
      drain();
      if (i % 100 === 99) {
        globalThis.gc?.();
        highest = Math.max(highest, process.memoryUsage().heapUsed);
      }
      if (i === 99) highest = process.memoryUsage().heapUsed;
    }
    splitter.write('(2, NULL)\nGO\n');
    splitter.end();
    drain();
    expect(taken).toBe(256 * chunks + 1);
    // Of the 300 MB that went by, nothing may stay: the allowance is for garbage that was not collected yet.
    expect(highest).toBeLessThan(200e6);
  }, 180_000);
});
