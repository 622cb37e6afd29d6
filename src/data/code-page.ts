/** From a collation on the wire to the code page of its char and varchar values, and their decoding. */

import { XpdbError } from '../model/error.ts';
import { upperHalves } from './code-page-tables.ts';
import { doubleByteTable, isLeadByte } from './double-byte.ts';
import type { WireCollation } from './wire-column.ts';

const codePageNumbers = [
  437, 850, 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 65001,
] as const;

/** 65001 for UTF-8. */
export type CodePageNumber = (typeof codePageNumbers)[number];

/** Whether a number that a server gives, as COLLATIONPROPERTY does, is one of these pages. */
export function isCodePageNumber(number: number): number is CodePageNumber {
  return (codePageNumbers as readonly number[]).includes(number);
}

export interface CodePage {
  readonly number: CodePageNumber;
  readonly kind: 'single' | 'double' | 'utf8';
  /** UTF-16 unit of each byte; 0xFFFF for lead bytes of a double-byte page and bytes that stand for nothing. */
  readonly units: Uint16Array;
  /** UTF-16 unit of lead · 256 + trail, 0 for none; empty for other kinds. */
  readonly pairs: Uint16Array;
}

/** Marks a byte that is no character by itself. */
export const noUnit = 0xffff;

const utf8Flag = 64;
const lcidPages: readonly (readonly [CodePageNumber, readonly number[]])[] = [
  [874, [0x041e]],
  [932, [0x0411, 0x10411, 0x40411]],
  [936, [0x0804, 0x20804, 0x1004, 0x21004, 0x50804, 0x51004]],
  [949, [0x0412, 0x10412]],
  [950, [0x0404, 0x30404, 0x0c04, 0x1404, 0x21404, 0x40404, 0x40c04, 0x41404]],
  [1250, [0x0405, 0x040e, 0x1040e, 0x0415, 0x0418, 0x041a, 0x041b, 0x041c, 0x0424, 0x081a, 0x101a, 0x141a, 0x0442]],
  [
    1251,
    [
      0x0402, 0x0419, 0x0422, 0x0423, 0x0428, 0x042f, 0x043f, 0x0440, 0x0444, 0x046d, 0x0450, 0x082c, 0x0843, 0x0485,
    ].concat([0x0c1a, 0x1c1a, 0x201a]),
  ],
  [1253, [0x0408]],
  [1254, [0x041f, 0x042c, 0x0443]],
  [1255, [0x040d]],
  [
    1256,
    [
      0x0401, 0x0801, 0x0c01, 0x1001, 0x1401, 0x1801, 0x1c01, 0x2001, 0x2401, 0x2801, 0x2c01, 0x3001, 0x3401, 0x3801,
    ].concat([0x3c01, 0x4001, 0x0420, 0x0429, 0x0480, 0x048c]),
  ],
  [1257, [0x0425, 0x0426, 0x0427, 0x0827]],
  [1258, [0x042a]],
  [
    1252,
    [0x0403, 0x0406, 0x0407, 0x0807, 0x0c07, 0x1007, 0x1407, 0x10407, 0x0409, 0x0809, 0x0c09, 0x1009, 0x1409, 0x1809]
      .concat([0x1c09, 0x2009, 0x2409, 0x2809, 0x2c09, 0x3009, 0x3409, 0x4009, 0x4409, 0x4809, 0x040a, 0x080a, 0x0c0a])
      .concat([0x100a, 0x140a, 0x180a, 0x1c0a, 0x200a, 0x240a, 0x280a, 0x2c0a, 0x300a, 0x340a, 0x380a, 0x3c0a, 0x400a])
      .concat([0x440a, 0x480a, 0x4c0a, 0x500a, 0x540a, 0x040b, 0x040c, 0x080c, 0x0c0c, 0x100c, 0x140c, 0x180c, 0x040f])
      .concat([0x0410, 0x0810, 0x0413, 0x0813, 0x0414, 0x0814, 0x0416, 0x0816, 0x0417, 0x041d, 0x081d, 0x042d, 0x042e])
      .concat([0x0432, 0x0434, 0x0435, 0x0436, 0x0438, 0x043b, 0x083b, 0x0c3b, 0x103b, 0x143b, 0x183b, 0x1c3b, 0x203b])
      .concat([0x243b, 0x043e, 0x0441, 0x0452, 0x0456, 0x0462, 0x0468, 0x046a, 0x046b, 0x046c, 0x046e, 0x046f, 0x0470])
      .concat([0x0478, 0x047a, 0x047c, 0x047e, 0x0482, 0x0483, 0x0484, 0x0486, 0x0487, 0x0488, 0x085d, 0x085f]),
  ],
];
/** Languages without an ANSI code page: their collations are for nchar and nvarchar only. */
const unicodeOnly: readonly number[] = [
  0x042b, 0x0437, 0x10437, 0x0439, 0x10439, 0x043a, 0x0445, 0x0446, 0x0447, 0x0448, 0x0449, 0x044a, 0x044b, 0x044c,
  0x044d, 0x044e, 0x044f, 0x0451, 0x0453, 0x0454, 0x0457, 0x045a, 0x045b, 0x045d, 0x045e, 0x0461, 0x0463, 0x0465,
  0x0481, 0x0845,
];
/** Ranges of sort ids of the SQL collations (syscharsets and the documentation of SQL Server collation names). */
const sortIdPages: readonly (readonly [number, number, CodePageNumber])[] = [
  [30, 34, 437],
  [40, 44, 850],
  [49, 49, 850],
  [50, 54, 1252],
  [55, 61, 850],
  [71, 75, 1252],
  [80, 98, 1250],
  [104, 108, 1251],
  [112, 114, 1253],
  [120, 124, 1253],
  [128, 130, 1254],
  [136, 138, 1255],
  [144, 146, 1256],
  [152, 160, 1257],
  [183, 186, 1252],
  [192, 193, 932],
  [194, 195, 949],
  [196, 197, 950],
  [198, 199, 936],
  [200, 200, 932],
  [201, 201, 949],
  [202, 202, 950],
  [203, 203, 936],
  [204, 206, 874],
  [210, 218, 1252],
];

const pageByLcid = new Map(lcidPages.flatMap(([page, lcids]) => lcids.map(lcid => [lcid, page] as const)));

/**
 * UTF-8 flag, else sort id, else language.
 * @throws XpdbError naming the column and the collation when none of them tells, also for Unicode-only languages
 */
export function codePageNumberOf(collation: WireCollation | null, column: string): CodePageNumber {
  if (collation === null) throw unknown('has no collation', column);
  const { flags, sortId, lcid } = collation;
  if ((flags & utf8Flag) !== 0) return 65001;
  if (sortId !== 0) {
    const range = sortIdPages.find(([first, last]) => sortId >= first && sortId <= last);
    if (range) return range[2];
    throw unknown(`has the sort id ${sortId}, whose code page xpdb does not know`, column);
  }
  const page = pageByLcid.get(lcid);
  if (page) return page;
  const hex = `0x${lcid.toString(16).padStart(4, '0')}`;
  throw unicodeOnly.includes(lcid)
    ? unknown(`has a collation of the language ${hex}, which has no code page`, column)
    : unknown(`has a collation of the language ${hex}, whose code page xpdb does not know`, column);
}

function unknown(what: string, column: string): XpdbError {
  return new XpdbError(`column ${column} ${what}`, { hint: 'convert it to nvarchar in the query' });
}

/** @throws XpdbError as codePageNumberOf */
export function codePageOf(collation: WireCollation | null, column: string): CodePage {
  return codePage(codePageNumberOf(collation, column));
}

const pages = new Map<CodePageNumber, CodePage>();

export function codePage(number: CodePageNumber): CodePage {
  let page = pages.get(number);
  if (!page) pages.set(number, (page = build(number)));
  return page;
}

function build(number: CodePageNumber): CodePage {
  const units = new Uint16Array(256);
  for (let i = 0; i < 256; i++) units[i] = i < 128 ? i : noUnit;
  const none = new Uint16Array(0);
  if (number === 65001) return { number, kind: 'utf8', units, pairs: none };
  const upper = upperHalves[number];
  if (upper !== undefined) {
    for (let i = 0; i < 128; i++) units[128 + i] = upper.charCodeAt(i);
    return { number, kind: 'single', units, pairs: none };
  }
  const { single, pairs } = doubleByteTable(number as 932 | 936 | 949 | 950);
  for (let i = 128; i < 256; i++) units[i] = isLeadByte(number, i) ? noUnit : single[i]!;
  return { number, kind: 'double', units, pairs };
}

/** The characters of `bytes[at, end)`, or null when they are not all characters of the page. */
export function decodeText(page: CodePage, view: DataView, at: number, end: number): string | null {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  if (page.kind === 'utf8') {
    const text = bytes.toString('utf8', at, end);
    // Decoding replaces what is malformed; only what comes back byte for byte was not.
    return !text.includes('\uFFFD') || Buffer.from(text).equals(bytes.subarray(at, end)) ? text : null;
  }
  const units = new Uint16Array(end - at);
  let count = 0;
  for (let i = at; i < end; i++) {
    let unit = page.units[bytes[i]!]!;
    if (unit === noUnit) {
      unit = i + 1 < end && page.kind === 'double' ? page.pairs[bytes[i]! * 256 + bytes[++i]!]! : 0;
      if (unit === 0) return null;
    }
    units[count++] = unit;
  }
  return Buffer.from(units.buffer, 0, count * 2).toString('utf16le');
}
