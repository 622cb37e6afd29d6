import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatabaseStatements } from '../../src/importer/database-statements.ts';
import { Replay } from '../../src/importer/replay.ts';
import type { RowLoader } from '../../src/importer/row-loader.ts';
import { ScriptSelection } from '../../src/importer/script-selection.ts';
import { SessionState } from '../../src/importer/session-state.ts';
import { StatementPolicy } from '../../src/importer/statement-policy.ts';
import { positionOfLine, type ScriptPlace, type Step } from '../../src/importer/step.ts';
import type { ScriptPosition } from '../../src/model/error.ts';
import { textInput } from './import-on.ts';

/** Takes rows without an X, and keeps them as they stood. */
class TextLoader implements RowLoader {
  #rows: string[] = [];
  #mark = 0;
  #twin: TextLoader | null = null;
  opened: TextLoader = this;
  twin(): TextLoader {
    this.#twin ??= new TextLoader();
    this.#twin.opened = this.opened;
    this.#twin.#twin = this;
    return this.#twin;
  }
  get rows(): number {
    return this.#rows.length;
  }
  get bytes(): number {
    return 0;
  }
  startStatement(): void {
    this.#mark = this.#rows.length;
  }
  dropStatement(): void {
    this.#rows.length = this.#mark;
  }
  discard(): void {
    this.#rows = [];
    this.#mark = 0;
  }
  add(row: string): boolean {
    if (row.includes('X')) return false;
    this.#rows.push(row);
    return true;
  }
  lastRow = 0;
  addRows(script: DataView, start: number, end: number, most: number): number {
    const text = Buffer.from(script.buffer, script.byteOffset, end).toString('latin1');
    let behind = -1;
    for (let at = start, rows = 0; rows < most; rows++) {
      const match = /^\((?:'(?:[^']|'')*'|[^'()])*\)/.exec(text.slice(at));
      if (!match || match[0].includes('X')) break;
      this.#rows.push(Buffer.from(match[0], 'latin1').toString());
      this.lastRow = at;
      behind = at + match[0].length;
      const between = /^\s*,\s*(?=\()/.exec(text.slice(behind));
      if (!between) break;
      at = behind + between[0].length;
    }
    return behind;
  }
  async send(): Promise<number> {
    const rows = this.#rows.length;
    this.discard();
    return rows;
  }
  get held(): readonly string[] {
    return this.#rows;
  }
}

interface Seen {
  /** Rows and other statements in order, with their places. */
  readonly items: string[];
  readonly loads: number;
  readonly last: ScriptPlace | null;
}

async function replay(
  script: string,
  pieceLength: number,
  load: boolean,
  resumeAt: ScriptPlace | null = null,
  failing: ((step: Step) => boolean) | null = null,
): Promise<Seen> {
  const items: string[] = [];
  let loads = 0;
  let last: ScriptPlace | null = null;
  const at = ({ line, column }: ScriptPosition) => `${line}:${column}`;
  let busy = false;
  const run = async (step: Step) => {
    // One step at a time, however long the target takes.
    expect(busy).toBe(false);
    busy = true;
    await new Promise(setImmediate);
    const filled = step.kind === 'rows' ? step.filled() : null;
    take(step, filled);
    await filled?.send();
    busy = false;
    if (failing?.(step)) throw new Error(`the target refused line ${step.first.line}`);
  };
  const take = (step: Step, filled: RowLoader | null) => {
    last = step.last;
    if (step.kind === 'batch') {
      const lines = step.text
        .split('\n')
        .map((line, i) => `${at(positionOfLine(step, i + 1))} ${line.replace(/[,;]$/, '')}`);
      for (let i = 0; i < step.count; i++) items.push(...lines);
      return;
    }
    const taken: string[] = [];
    if (filled) {
      loads++;
      const loader = filled as TextLoader;
      expect(loader.rows).toBe(step.rows);
      taken.push(...loader.held);
    }
    const texts = step.statements().flatMap(s => s.rows);
    // What a load took is what its text says.
    if (filled) expect(texts).toEqual(taken);
    for (const s of step.statements()) {
      items.push(`${at(s.head.position)} ${s.head.text}`);
      for (const [i, row] of s.rows.entries()) {
        for (const [j, line] of row.split('\n').entries()) {
          items.push(`${j === 0 ? at(s.positions[i]!) : `${s.positions[i]!.line + j}:1`} ${line}`);
        }
      }
    }
  };
  const database = new DatabaseStatements({
    create: false,
    database: 'x',
    paths: { data: null, log: null, filestream: null, files: new Map(), separator: '\\' },
    explicitPaths: false,
    onFinding: () => undefined,
  });
  const selection = new ScriptSelection({ sections: [], tables: [], entries: null }, 'dbo');
  const policy = new StatementPolicy(database, selection, {
    onExisting: 'fail',
    existing: null,
    defaultSchema: 'dbo',
    onSkip: () => undefined,
    logins: null,
  });
  const loader = new TextLoader();
  const sink = { run, end: async () => undefined, openLoader: async () => (load ? loader : null) };
  const reader = new Replay(sink, new SessionState('x'), policy, {
    variables: null,
    resumeAt,
    isDeferred: () => false,
    onDeferred: () => undefined,
    onMarker: () => undefined,
    onPrint: () => undefined,
    isCreated: async () => false,
    onCreated: async () => undefined,
    onLast: () => undefined,
    onProgress: () => undefined,
  });
  await reader.file(0, textInput(script, 'script.sql', pieceLength));
  reader.end();
  expect(loader.rows).toBe(0);
  return { items, loads, last };
}

/** Heads repeat where a statement is longer than the server takes, or is cut for a load: rows and other statements count. */
const withoutHeads = (items: readonly string[]) => items.filter(i => !/ INSERT [tu] \(a\) VALUES$/.test(i));

const row = fc.oneof(
  { weight: 20, arbitrary: fc.nat(9999).map(n => `(${n})`) },
  { weight: 3, arbitrary: fc.constantFrom("('it''s')", "('two\nlines')", "(')')", '( 1 )', '(/* c */ 2)') },
  { weight: 1, arbitrary: fc.constantFrom('(X(1))', '(3)', '(4)', '(5)', '(6)', '(7)') },
);
const statement = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(
        fc.constantFrom('t', 't', 't', 'u'),
        fc.array(row, { minLength: 1, maxLength: 70, size: 'max' }),
        fc.constantFrom('', ';', ' ;'),
      )
      .map(([table, rows, end]) => `INSERT ${table} (a) VALUES\n${rows.join(',\n')}${end}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('UPDATE t SET a = 1', 'SET DATEFORMAT dmy', 'SELECT @@ROWCOUNT') },
);
/** Enough rows for loads. */
const longStatement = fc
  .array(row, { minLength: 150, maxLength: 400, size: 'max' })
  .map(rows => `INSERT t (a) VALUES\n${rows.join(',\n')}`);
const scripts = fc
  .array(
    fc.tuple(
      fc.oneof({ weight: 3, arbitrary: statement }, { weight: 1, arbitrary: longStatement }),
      fc.constantFrom('\n', '\nGO\n', '\nGO\n\n', '\n-- note\n'),
    ),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map(parts => parts.map(([text, end]) => text + end).join(''));

describe('rows that go through loaders', () => {
  it('are those of the script, in order and at their places, however it is cut into pieces', async () => {
    let loads = 0;
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 5000 }), async (script, pieceLength) => {
        const plain = await replay(script, 1 << 20, false);
        const loaded = await replay(script, pieceLength, true);
        loads += loaded.loads;
        expect(withoutHeads(loaded.items)).toEqual(withoutHeads(plain.items));
        expect(loaded.last).toEqual(plain.last);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(loads).toBeGreaterThan(5);
  }, 240_000);
});

describe('loads one after another', () => {
  /** Each row is a kilobyte, so that the rows are several loads. */
  const wide = (from: number, rows: number) =>
    `INSERT t (a) VALUES\n${Array.from({ length: rows }, (_, i) => `('${String(from + i).padEnd(1000, '.')}')`).join(',\n')}\n`;
  const script = Array.from({ length: 30 }, (_, i) => wide(500 * i, 500)).join('');

  it('are filled while another one is on its way, and reach the target in order', async () => {
    const loaded = await replay(`${script}UPDATE t SET a = 1\n`, 50_000, true);
    const plain = await replay(`${script}UPDATE t SET a = 1\n`, 1 << 20, false);
    expect(loaded.loads).toBeGreaterThan(2);
    expect(withoutHeads(loaded.items)).toEqual(withoutHeads(plain.items));
  });

  it('tell the first error, even where the script itself is broken behind it', async () => {
    const second = (step: Step) => step.kind === 'rows' && step.first.line > 4000;
    await expect(replay(script, 50_000, true, null, second)).rejects.toThrow(/the target refused line [4-9]\d\d\d/);
    const broken = script.slice(0, 12_000_000);
    await expect(replay(broken, 50_000, true, null, second)).rejects.toThrow(/the target refused line [4-9]\d\d\d/);
    await expect(replay(broken, 50_000, true)).rejects.toThrow('string is not closed');
  });
});

describe('a script that goes on behind a place', () => {
  it('runs what stands behind it, once', async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.double({ min: 0, max: 1, noNaN: true }), async (script, share) => {
        const whole = await replay(script, 1 << 20, false);
        const places = whole.items
          .map(item => /^(\d+):(\d+) [(US]/.exec(item))
          .filter(match => match !== null)
          .map(match => ({ file: 0, line: Number(match[1]), column: Number(match[2]) }))
          // A line inside of a text is no place.
          .filter(place => !script.split('\n')[place.line - 1]!.startsWith("lines')"));
        // A comment belongs to the statement behind it, and so the place is the comment's.
        fc.pre(places.length > 0 && !script.includes('-- note'));
        const at = places[Math.min(places.length - 1, Math.floor(share * places.length))]!;
        const rest = await replay(script, 1000, true, at);
        const behind = withoutHeads(whole.items).filter(item => {
          const [line, column] = item.split(' ')[0]!.split(':').map(Number);
          return line! > at.line || (line === at.line && column! > at.column);
        });
        // The rest of a row of several lines is behind its place and done with it.
        const expected = behind.filter(item => !(item === `${at.line + 1}:1 lines')`));
        expect(withoutHeads(rest.items)).toEqual(expected);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 240_000);
});

describe('a row that looks at what the statement before it did', () => {
  const rows = (count: number, table = 't') =>
    Array.from({ length: count }, (_, i) => `INSERT ${table} (a) VALUES\n(${i})\n`).join('');

  it.each([
    ['of another table', 'INSERT u (a) VALUES\n', '(X + @@ROWCOUNT)', 300],
    ['of the same table', 'INSERT t (a) VALUES\n', '(X + SCOPE_IDENTITY())', 300],
    ['behind few rows', 'INSERT t (a) VALUES\n', '(X + @@IDENTITY)', 5],
    ['with a comment before it', 'INSERT t (a) VALUES /* c */\n', '(X + @@ROWCOUNT)', 300],
  ])('goes in one batch with it: %s', async (_, head, row, count) => {
    const script = `${rows(count)}${head}${row}\n${rows(300)}`;
    for (const load of [false, true]) {
      const batches: string[] = [];
      const seen = await replay(script, 1 << 20, load, null, step => {
        if (step.kind === 'batch') batches.push(step.text);
        return false;
      });
      const lines = batches.find(b => b.includes(row))!.split('\n');
      expect(lines[lines.findIndex(line => line.startsWith(row)) - 2]).toBe(`(${count - 1})`);
      expect(withoutHeads(seen.items)).toHaveLength(count + 301);
    }
  });
});

describe('GO with a count', () => {
  const insert = (...numbers: number[]) => `INSERT t (a) VALUES\n${numbers.map(n => `(${n})`).join(',\n')}\n`;
  const run = async (script: string, load = false) =>
    withoutHeads((await replay(script, 1 << 20, load)).items).map(item => item.replace(/^\S+ /, ''));

  it('repeats its own batch, and none before it', async () => {
    expect(await run(`${insert(1)}GO\n${insert(2)}GO 3\n${insert(3)}GO`)).toEqual(['(1)', '(2)', '(2)', '(2)', '(3)']);
    expect(await run(`${insert(1)}GO\n${insert(2)}UPDATE t SET a = 1\nGO 2`)).toEqual([
      '(1)',
      ...['(2)', 'UPDATE t SET a = 1', '(2)', 'UPDATE t SET a = 1'],
    ]);
    expect(await run(`${insert(1)}GO\n${insert(2)}SELECT @@ROWCOUNT\nGO 2`)).toEqual([
      '(1)',
      ...['(2)', 'SELECT @@ROWCOUNT', '(2)', 'SELECT @@ROWCOUNT'],
    ]);
    expect(await run(`${insert(1)}GO\nGO 5\n${insert(2)}`)).toEqual(['(1)', '(2)']);
  });

  it('of zero leaves out its own batch, and none before it', async () => {
    expect(await run(`${insert(1)}GO\n${insert(2)}GO 0\n${insert(3)}GO`)).toEqual(['(1)', '(3)']);
    expect(await run(`${insert(1)}GO\nGO 0\n${insert(3)}GO`)).toEqual(['(1)', '(3)']);
    expect(await run(`${insert(1)}GO\n${insert(2)}UPDATE t SET a = 1\nGO 0\n${insert(3)}`)).toEqual(['(1)', '(3)']);
  });

  it('is refused where rows of its batch were sent already', async () => {
    const wide = (count: number) =>
      `INSERT t (a) VALUES\n${Array.from({ length: count }, () => `('${'x'.repeat(4000)}')`).join(',\n')}\n`;
    const script = (count: number) => `${wide(900).repeat(5)}GO ${count}\n`;
    for (const load of [false, true]) {
      await expect(run(script(2), load).then(items => items.length)).rejects.toThrow(
        'GO 2 repeats a batch that is too long to be kept',
      );
      await expect(run(script(0), load).then(items => items.length)).rejects.toThrow(
        'GO 0 leaves out a batch of which a part ran already',
      );
    }
  });

  it('counts its own batch alone, however many rows of others are on their way', async () => {
    const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
    const many = (from: number, count: number) =>
      numbers(from, count)
        .map(n => `${insert(n)}GO\n`)
        .join('');
    const expected = (...counted: string[]) => [...numbers(0, 400).map(n => `(${n})`), ...counted];
    for (const load of [false, true]) {
      for (const last of ['(7)', '(X(1))']) {
        const batch = `INSERT t (a) VALUES\n${last}\n`;
        expect(await run(`${many(0, 400)}${batch}GO 3\n${insert(8)}`, load)).toEqual(expected(last, last, last, '(8)'));
        expect(await run(`${many(0, 400)}${batch}GO 0\n${insert(8)}`, load)).toEqual(expected('(8)'));
        expect(await run(`${many(0, 200)}\n${many(200, 200)}-- note\n${batch}GO 2\n`, load)).toEqual(
          expected(last, last),
        );
      }
      const long = insert(...numbers(0, 300));
      const twice = numbers(0, 300).map(n => `(${n})`);
      expect(await run(`${long}${long}GO\nGO 0\nGO 2\n`, load)).toEqual([...twice, ...twice]);
      if (load) expect(await run(`${long}GO 2\n`, load)).toEqual([...twice, ...twice]);
    }
  });

  it('is refused behind rows of its batch that went with those of others', async () => {
    const many = Array.from({ length: 400 }, (_, i) => `${insert(i)}GO\n`).join('');
    await expect(run(`${many}${insert(7)}UPDATE t SET a = 1\nGO 2\n`, true)).rejects.toThrow('too long to be kept');
  });
});
