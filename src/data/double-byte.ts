/** Code pages 932, 936, 949 and 950 as Windows has them, built from the tables that Node carries. */

import { XpdbError } from '../model/error.ts';

export type DoubleBytePage = 932 | 936 | 949 | 950;

export interface DoubleByteTable {
  /** UTF-16 unit of each single byte from 80 on; 0xFFFF for none. */
  readonly single: Uint16Array;
  /** UTF-16 unit of lead · 256 + trail; 0 for none. */
  readonly pairs: Uint16Array;
}

const labels: Readonly<Record<DoubleBytePage, string>> = { 932: 'shift_jis', 936: 'gbk', 949: 'euc-kr', 950: 'big5' };

/** Bytes that stand alone, per page; Windows maps the last ones to private use characters. */
const singles: Readonly<Record<DoubleBytePage, readonly (readonly [number, number])[]>> = {
  932: [
    [0x80, 0x80],
    [0xa0, 0xa0],
    [0xfd, 0xf8f1],
    [0xfe, 0xf8f2],
    [0xff, 0xf8f3],
  ],
  936: [
    [0x80, 0x20ac],
    [0xff, 0xf8f5],
  ],
  949: [
    [0x80, 0x80],
    [0xff, 0xf8f7],
  ],
  950: [
    [0x80, 0x80],
    [0xff, 0xf8f8],
  ],
};

/** Pairs that the page must have, so that a Node whose tables differ is noticed. */
const expectedPairs: Readonly<Record<DoubleBytePage, number>> = { 932: 9604, 936: 23940, 949: 17236, 950: 19720 };

export function isLeadByte(page: number, byte: number): boolean {
  if (page !== 932) return byte > 0x80 && byte < 0xff;
  return (byte > 0x80 && byte < 0xa0) || (byte >= 0xe0 && byte < 0xfd);
}

/** @throws XpdbError when this Node.js does not carry the page as expected */
export function doubleByteTable(page: DoubleBytePage): DoubleByteTable {
  const single = new Uint16Array(256).fill(0xffff);
  const pairs = new Uint16Array(65536);
  if (page === 932) for (let i = 0xa1; i <= 0xdf; i++) single[i] = 0xff61 + i - 0xa1;
  for (const [byte, unit] of singles[page]) single[byte] = unit;
  const decoder = new TextDecoder(labels[page]);
  const pair = new Uint8Array(2);
  for (let lead = 0x81; lead < 0xff; lead++) {
    if (!isLeadByte(page, lead)) continue;
    for (let trail = 0x40; trail < 0xff; trail++) {
      if (trail === 0x7f) continue;
      pair[0] = lead;
      pair[1] = trail;
      const text = decoder.decode(pair);
      const unit = text.charCodeAt(0);
      if (text.length === 1 && unit >= 0x80 && unit !== 0xfffd) pairs[lead * 256 + trail] = unit;
    }
  }
  if (page === 949) {
    // The signs that KS X 1001 got in 1998, which ICU's table does not have everywhere.
    pairs[0xa2e6] = 0x20ac;
    pairs[0xa2e7] = 0xae;
    addUnifiedHangul(pairs);
  }
  addUserDefined(page, pairs);
  const count = pairs.reduce((sum, unit) => sum + (unit === 0 ? 0 : 1), 0);
  if (count !== expectedPairs[page]) {
    throw new XpdbError(
      `this Node.js has ${count} characters in code page ${page} where Windows has ${expectedPairs[page]}`,
      {
        hint: 'use a Node.js with full ICU, or convert the column to nvarchar in the query',
      },
    );
  }
  return { single, pairs };
}

/**
 * EUC-KR is code page 949 without its extension: the 8,822 Hangul syllables that KS X 1001 lacks, in Unicode order, from
 * lead byte 81 on (trail bytes 41–5A, 61–7A, 81–FE; from lead A1 on only to A0).
 */
function addUnifiedHangul(pairs: Uint16Array): void {
  const present = new Set<number>();
  for (let lead = 0xb0; lead <= 0xc8; lead++) {
    for (let trail = 0xa1; trail < 0xff; trail++) present.add(pairs[lead * 256 + trail]!);
  }
  let lead = 0x81;
  let trail = 0x41;
  for (let syllable = 0xac00; syllable <= 0xd7a3; syllable++) {
    if (present.has(syllable)) continue;
    pairs[lead * 256 + trail] = syllable;
    trail++;
    if (trail === 0x5b) trail = 0x61;
    else if (trail === 0x7b) trail = 0x81;
    else if (trail === (lead < 0xa1 ? 0xff : 0xa1)) {
      lead++;
      trail = 0x41;
    }
  }
}

/** Windows' end-user-defined characters: whole rows of pairs that stand for U+E000 and on. */
function addUserDefined(page: DoubleBytePage, pairs: Uint16Array): void {
  const row = (first: number, last: number, trails: readonly (readonly [number, number])[], start: number) => {
    let unit = start;
    for (let lead = first; lead <= last; lead++) {
      for (const [from, to] of trails) for (let trail = from; trail <= to; trail++) pairs[lead * 256 + trail] = unit++;
    }
  };
  if (page === 932)
    row(
      0xf0,
      0xf9,
      [
        [0x40, 0x7e],
        [0x80, 0xfc],
      ],
      0xe000,
    );
  if (page === 949) {
    row(0xc9, 0xc9, [[0xa1, 0xfe]], 0xe000);
    row(0xfe, 0xfe, [[0xa1, 0xfe]], 0xe05e);
  }
  if (page === 936) {
    row(0xaa, 0xaf, [[0xa1, 0xfe]], 0xe000);
    row(0xf8, 0xfe, [[0xa1, 0xfe]], 0xe234);
    row(
      0xa1,
      0xa7,
      [
        [0x40, 0x7e],
        [0x80, 0xa0],
      ],
      0xe4c6,
    );
  }
  if (page === 950) {
    const trails = [
      [0x40, 0x7e],
      [0xa1, 0xfe],
    ] as const;
    row(0xfa, 0xfe, trails, 0xe000);
    row(0x8e, 0xa0, trails, 0xe311);
    row(0x81, 0x8d, trails, 0xeeb8);
    row(0xc6, 0xc6, [[0xa1, 0xfe]], 0xf6b1);
    row(0xc7, 0xc8, trails, 0xf70f);
  }
}
