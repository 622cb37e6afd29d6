import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellValue } from '../../src/connection/cell-value.ts';
import type { Session } from '../../src/connection/session.ts';
import { SqlServerError } from '../../src/connection/sql-error.ts';
import { scriptString } from '../../src/tsql/literal.ts';
import { capturedCases } from '../support/captured.ts';
import { openSandbox, type Sandbox, sessionOn } from '../support/sandbox.ts';

type Cell = string | number | null | readonly (string | number)[];
interface ValueCase {
  readonly id: string;
  readonly rows?: readonly (readonly Cell[])[];
  readonly value?: string;
  readonly error?: readonly (string | number)[];
}

const cases = capturedCases('captured-values.json') as unknown as readonly ValueCase[] | null;
const caseOf = (id: string): ValueCase => {
  const found = cases?.find(c => c.id === id);
  if (!found) throw new Error(`no captured case ${id}`);
  return found;
};
const rowsOf = (id: string): readonly (readonly Cell[])[] => caseOf(id).rows ?? [];

/** An expression, what it gives (an array is [error number, state, class]), and what is SET before. */
interface Question {
  readonly sql: string;
  readonly expected: Cell;
  readonly before?: string;
}
const ask = (sql: string, expected: Cell, before?: string): Question => ({
  sql,
  expected,
  ...(before === undefined ? {} : { before }),
});

const text = (cell: Cell | undefined): string => String(cell ?? 'NULL');
const float = (x: Cell | undefined): string => `CAST(${text(x)} AS float)`;

/** Text forms that show a whole value, and what the capture writes, in that form. */
const shown: Readonly<Record<string, (expression: string) => string>> = {
  date: e => `CONVERT(varchar(40), ${e}, 23)`,
  datetime: e => `CONVERT(varchar(40), ${e}, 126)`,
  smalldatetime: e => `CONVERT(varchar(40), ${e}, 126)`,
  datetime2: e => `CONVERT(varchar(40), ${e}, 121)`,
  time: e => `CONVERT(varchar(40), ${e}, 121)`,
  datetimeoffset: e => `CONVERT(varchar(40), SWITCHOFFSET(${e}, '+00:00'), 121)`,
};
function expectedText(type: string, value: Cell): Cell {
  if (typeof value !== 'string') return value;
  switch (type) {
    case 'datetime':
    case 'smalldatetime':
      return value.includes('T') ? value : `${value}T00:00:00`;
    case 'time':
      return withFraction(value);
    case 'datetime2':
      return withFraction(value.includes(' ') ? value : `${value} 00:00:00`);
    case 'datetimeoffset': {
      const [day = '', time = '00:00:00'] = value.replace(' UTC', '').split(' ');
      return `${day} ${withFraction(time.length === 5 ? `${time}:00` : time)} +00:00`;
    }
    default:
      return value;
  }
}
const withFraction = (value: string): string =>
  value.includes('.') ? value.padEnd(value.indexOf('.') + 8, '0') : `${value}.0000000`;
const showing = (type: string, expression: string, value: Cell, before?: string): Question => {
  const show = shown[type.replace(/\(.*/, '')];
  if (!show) throw new Error(`no text form of ${type}`);
  return ask(show(expression), expectedText(type.replace(/\(.*/, ''), value), before);
};

const dayStyles = [23, ...[101, 102, 103, 104, 105, 106, 107], 110, 111, 112];

/** The questions behind each case. */
const questions: Readonly<Record<string, () => readonly Question[]>> = {
  'float.real-default': () =>
    rowsOf('float.real-default').flatMap(([x, shownAs = null]) =>
      ['varchar(23)', 'nvarchar(23)'].map(t => ask(`CAST(CAST(${text(x)} AS real) AS ${t})`, shownAs)),
    ),
  'float.float-default': () =>
    rowsOf('float.float-default').flatMap(([x, shownAs = null]) => [
      ask(`CAST(${float(x)} AS varchar(23))`, shownAs),
      ask(`CONVERT(nvarchar(23), ${float(x)})`, shownAs),
    ]),
  'float.styles': () =>
    rowsOf('float.styles').map(([style, shownAs]) =>
      ask(`CONVERT(char(32), CAST(1.23456789 AS float), ${text(style)})`, text(shownAs).padEnd(32)),
    ),
  'float.styles-other-values': () =>
    rowsOf('float.styles-other-values').flatMap(([x, ...all]) =>
      all.map((shownAs, i) => ask(`CONVERT(varchar(32), ${float(x)}, ${i + 1})`, shownAs)),
    ),
  'float.too-narrow-varchar': () => [
    ask('CAST(CAST(1.23456789 AS float) AS varchar(1))', caseOf('float.too-narrow-varchar').error ?? null),
    ask('TRY_CAST(CAST(1.23456789 AS float) AS varchar(1))', null),
  ],
  'float.too-narrow-nvarchar': () =>
    ['nvarchar(4)', 'nchar(1)', 'nchar(4)'].flatMap(t => [
      ask(`CONVERT(${t}, CAST(1.23456789 AS float))`, caseOf('float.too-narrow-nvarchar').error ?? null),
      ask(`TRY_CONVERT(${t}, CAST(1.23456789 AS float))`, null),
    ]),
  'float.default-width': () => [
    ask('CAST(CAST(1.23456789 AS float) AS varchar)', '1.23457'),
    ask('CAST(CAST(1.23456789 AS float) AS nchar)', '1.23457'.padEnd(30)),
  ],
  'decimal.to-nvarchar': () =>
    rowsOf('decimal.to-nvarchar').map(([x, shownAs = null]) =>
      ask(
        `CONVERT(nvarchar(41), CAST(${x === 'NULL' ? 'NULL' : `'${text(x)}'`} AS decimal(38,38)))`,
        typeof shownAs === 'string' ? (shownAs.split(' ')[0] ?? '') : shownAs,
      ),
    ),
  'decimal.too-narrow': () =>
    ['nvarchar(39)', 'nchar(39)'].map(t =>
      ask(
        `CONVERT(${t}, CAST('0.00000000000000000000000000000000000001' AS decimal(38,38)))`,
        caseOf('decimal.too-narrow').error ?? null,
      ),
    ),
  'decimal.literal-text': () => [
    ask('CONVERT(nvarchar(40), CAST(0.5 AS float))', rowsOf('decimal.literal-text')[0]?.[0] ?? null),
    ask("CONVERT(nvarchar(40), N'.25')", rowsOf('decimal.literal-text')[0]?.[1] ?? null),
  ],
  'datetime.rounding-string': () => [
    showing(
      'datetime',
      "CAST('2000-01-01T12:00:29.998' AS datetime)",
      caseOf('datetime.rounding-string').value ?? null,
    ),
  ],
  'datetime.seven-digit-string': () => {
    const written = "'2000-01-01T12:00:29.9981234'";
    const [long, small] = rowsOf('datetime.seven-digit-string').map(r => r[1] ?? null);
    return [
      ask(`CAST(${written} AS datetime)`, long ?? null),
      ask(`CAST(${written} AS smalldatetime)`, small ?? null),
      ask(`TRY_CAST(${written} AS datetime)`, null),
    ];
  },
  'datetime.rounding-datetime2': () => [
    showing(
      'datetime',
      "CAST(CAST('2000-01-01T12:00:29.9983333' AS datetime2(7)) AS datetime)",
      '2000-01-01T12:00:29.997',
    ),
    showing('datetime', "CAST(CAST('2000-01-01T12:00:29.9983334' AS datetime2(7)) AS datetime)", '2000-01-01T12:00:30'),
  ],
  'datetime.smalldatetime-source': () => [
    showing('smalldatetime', "CAST('2000-01-01T12:00:29.999' AS smalldatetime)", '2000-01-01T12:01:00'),
    showing(
      'smalldatetime',
      "CAST(CAST('2000-01-01T12:00:29.999' AS datetime2(7)) AS smalldatetime)",
      '2000-01-01T12:00:00',
    ),
    showing('smalldatetime', "CAST('2000-01-01T12:00:30.000' AS smalldatetime)", '2000-01-01T12:01:00'),
    showing(
      'smalldatetime',
      "CAST(CAST('2000-01-01T12:00:30' AS datetime2(7)) AS smalldatetime)",
      '2000-01-01T12:01:00',
    ),
  ],
  'datetime.range': () => {
    const [low, clipped, high, small, smallHigh] = rowsOf('datetime.range').map(r => r[1] ?? null);
    return [
      ask("CAST('1752-12-31T23:59:59.999' AS datetime)", low ?? null),
      showing('datetime', "CAST(CAST('1752-12-31T23:59:59.9999999' AS datetime2(7)) AS datetime)", clipped ?? null),
      showing('datetime', "CAST(CAST('9999-12-31T23:59:59.9999999' AS datetime2(7)) AS datetime)", high ?? null),
      showing('smalldatetime', "CAST('1899-12-31T23:59:59.999' AS smalldatetime)", small ?? null),
      ask("CAST('2079-06-06T23:59:29.999' AS smalldatetime)", smallHigh ?? null),
    ];
  },
  'dateformat.slashes': () =>
    rowsOf('dateformat.slashes').flatMap(([format, ...all]) =>
      ['date', 'datetime', 'datetime2(7)', 'datetimeoffset(7)'].map((type, i) =>
        showing(type, `TRY_CAST(N'03/04/2024' AS ${type})`, all[i] ?? null, `SET DATEFORMAT ${text(format)}`),
      ),
    ),
  'dateformat.iso': () =>
    ['mdy', 'dmy', 'ymd', 'ydm'].flatMap(format => {
      const [, two = null, offset = null] = rowsOf('dateformat.iso')[0] ?? [];
      const set = `SET DATEFORMAT ${format}`;
      return [
        ask("CONVERT(varchar(40), CAST(N'2024-03-04T05:06:07.1234567' AS datetime2(7)), 121)", two, set),
        ask("CONVERT(varchar(40), CAST(N'2024-03-04T05:06:07.1234567+02:00' AS datetimeoffset(7)), 121)", offset, set),
      ];
    }),
  'dateformat.ydm-yyyy': () =>
    rowsOf('dateformat.ydm-yyyy').map(([type, value = null]) =>
      showing(text(type), `TRY_CAST(N'2024/05/04' AS ${text(type)})`, value, 'SET DATEFORMAT ydm'),
    ),
  'dateformat.two-digit': () =>
    ['mdy', 'ymd'].map((format, i) =>
      showing(
        'date',
        "TRY_CAST(N'24/04/05' AS date)",
        rowsOf('dateformat.two-digit')[i]?.[1] ?? null,
        `SET DATEFORMAT ${format}`,
      ),
    ),
  'convert.datetime-styles': () =>
    rowsOf('convert.datetime-styles').flatMap(([style, morning = null, evening = null]) => [
      ask(`CONVERT(varchar(60), CAST('2024-01-02 03:04:05.123' AS datetime), ${text(style)})`, morning),
      ask(`CONVERT(nvarchar(60), CAST('2024-12-31 23:59:59.997' AS datetime), ${text(style)})`, evening),
    ]),
  'convert.datetimeoffset-styles': () =>
    rowsOf('convert.datetimeoffset-styles').flatMap(([style, morning = null, evening = null]) => [
      ask(
        `CONVERT(varchar(60), CAST('2024-01-02 03:04:05.1234567 +05:30' AS datetimeoffset(7)), ${text(style)})`,
        morning,
      ),
      ask(
        `CONVERT(nvarchar(60), CAST('2024-12-31 23:59:59.9999999 -08:00' AS datetimeoffset(7)), ${text(style)})`,
        evening,
      ),
    ]),
  'convert.style-126-zero-fraction': () => {
    const sources = [
      "CAST('2024-01-02 03:04:05' AS datetime2)",
      "CAST('03:04:05' AS time)",
      "CAST('2024-01-02 03:04:05 +01:00' AS datetimeoffset)",
      "CAST('2024-01-02 03:04:05.5' AS datetime2)",
    ];
    return sources.map((source, i) =>
      ask(`CONVERT(varchar(40), ${source}, 126)`, rowsOf('convert.style-126-zero-fraction')[i]?.[1] ?? null),
    );
  },
  'convert.text-to-datetime': () =>
    rowsOf('convert.text-to-datetime').flatMap(([written, style, value = null]) => {
      const arguments_ = `(datetime, ${scriptString(text(written))}, ${text(style)})`;
      const given = showing('datetime', `CONVERT${arguments_}`, value);
      return Array.isArray(value) ? [given, ask(`TRY_CONVERT${arguments_}`, null)] : [given];
    }),
  'convert.text-to-date-types': () =>
    rowsOf('convert.text-to-date-types').map(([type, written, style, value = null]) =>
      showing(text(type), `CONVERT(${text(type)}, ${scriptString(text(written))}, ${text(style)})`, value),
    ),
  'convert.round-trip-datetime2': () => {
    const value = "CAST('2024-01-02T03:04:05' AS datetime2(0))";
    const through = (style: number): string =>
      `CONVERT(varchar(40), CONVERT(datetime2(0), CONVERT(varchar(60), ${value}, ${style}), ${style}), 120)`;
    return [
      ...dayStyles.map(s => ask(through(s), '2024-01-02 00:00:00')),
      ...[24, 108, 114].map(s => ask(through(s), '1900-01-01 03:04:05')),
      ask(through(100), '2024-01-02 03:04:00'),
      ...[25, 109, 113, 120, 121, 126, 127].map(s => ask(through(s), '2024-01-02 03:04:05')),
    ];
  },
  'convert.binary-styles': () => rowsOf('convert.binary-styles').map(([sql, value = null]) => ask(text(sql), value)),
  'convert.other-styles': () => {
    const [one, two, three, four, five] = rowsOf('convert.other-styles');
    const plain = [one, two, three, five].map(row => ask(text(row?.[0]), row?.[1] ?? null));
    const styles = text(four?.[1]).split(' | ');
    return [...plain, ...styles.map((s, i) => ask(`CONVERT(varchar(30), CAST(1.5 AS float), ${i})`, s))];
  },
  'collation.compare': () =>
    rowsOf('collation.compare').flatMap(([name, same, accent, blank, less, distinct, order]) => {
      const test = (condition: string, value: Cell | undefined) =>
        ask(`CASE WHEN ${condition} THEN 1 ELSE 0 END`, value ?? null);
      const letters = (list: string) => `(VALUES ${[...list].map(l => `(N'${l}')`).join(', ')}) v(c)`;
      return [
        test(`N'A' = N'a' COLLATE ${text(name)}`, same),
        test(`N'e' = N'é' COLLATE ${text(name)}`, accent),
        test(`'a ' = 'a' COLLATE ${text(name)}`, blank),
        test(`N'abc' < N'ABD' COLLATE ${text(name)}`, less),
        ask(`(SELECT COUNT(DISTINCT c COLLATE ${text(name)}) FROM ${letters('baBAéeÉ')})`, distinct ?? null),
        ask(
          `(SELECT STRING_AGG(c, ' ') WITHIN GROUP (ORDER BY c COLLATE ${text(name)}, c COLLATE Latin1_General_BIN2) FROM ${letters('baBAéefÉZz')})`,
          order ?? null,
        ),
      ];
    }),
  'text.char-nchar': () => [
    ask('NCHAR(65)', 'A'),
    ask('NCHAR(8364)', '€'),
    ask('NCHAR(65535)', '\uffff'),
    ask('NCHAR(65536)', null),
    ask('NCHAR(NULL)', null),
    ask("ISNULL(NCHAR(NULL), '')", ' '),
  ],
  'text.isnull-width': () => [
    ask(
      "ISNULL(DATENAME(month, CAST(NULL AS datetime2)), N'abcdefghijklmnopqrstuvwxyz0123456789')",
      caseOf('text.isnull-width').value ?? null,
    ),
  ],
};

/** Cases that other tests ask: of bulk load, of the wire, of result types. */
const elsewhere =
  /^(bulk\.|datetime\.param-types|decimal\.result-types|dateformat\.scope|convert\.styles-general|compress\.)/;

describe.skipIf(cases === null)('captured answers of conversions', () => {
  let sandbox: Sandbox;
  let session: Session;
  beforeAll(async () => {
    sandbox = await openSandbox({ version: 170 });
    session = await sessionOn(sandbox);
  });
  afterAll(async () => {
    await session.close();
    await sandbox.close();
  });

  async function answer({ sql, before }: Question): Promise<CellValue | readonly number[]> {
    try {
      const { rows } = await session.query(`SET DATEFORMAT mdy; ${before ?? ''}; SELECT ${sql}`);
      const value = rows[0]?.[0] ?? null;
      return value instanceof Uint8Array ? `0x${Buffer.from(value).toString('hex').toUpperCase()}` : value;
    } catch (error) {
      if (!(error instanceof SqlServerError)) throw error;
      const [first] = error.errors;
      return [first?.number ?? 0, first?.state ?? 0, first?.class ?? 0];
    }
  }

  it.each((cases ?? []).filter(c => !elsewhere.test(c.id)).map(c => c.id))('%s', async id => {
    const asked = questions[id]?.();
    expect(asked, `no questions for ${id}`).toBeDefined();
    for (const question of asked ?? []) {
      const { expected } = question;
      const wanted = Array.isArray(expected) ? expected.slice(0, 3) : expected;
      expect([question.sql, await answer(question)]).toEqual([question.sql, wanted]);
    }
  });
});
