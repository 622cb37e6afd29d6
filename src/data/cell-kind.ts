/** How a column's literals look in canonical text, for the formats that make other text of them. */

import type { ColumnCodec } from './cell-literal.ts';
import { Family } from './type-family.ts';

export const CellKind = {
  /** Digits, or 0x and hex digits: as they stand. */
  plain: 0,
  /** `N'…'` */
  text: 1,
  /** `CONVERT(xml, N'…', 1)` */
  xml: 2,
  /** `CAST(N'…' AS type)`: json, vector. */
  castText: 3,
  /** `CAST(0x… AS type)`: CLR types. */
  castBinary: 4,
  /** `CAST(CAST(… AS base) AS sql_variant)` */
  variant: 5,
} as const;

export function cellKind(codec: ColumnCodec): number {
  switch (codec.family) {
    case Family.int:
    case Family.bit:
    case Family.decimal:
    case Family.float:
    case Family.money:
    case Family.binary:
    case Family.none:
      return CellKind.plain;
    case Family.xml:
      return CellKind.xml;
    case Family.json:
    case Family.vector:
      return CellKind.castText;
    case Family.udt:
      return CellKind.castBinary;
    case Family.variant:
      return CellKind.variant;
    default:
      return CellKind.text;
  }
}

/** Characters before the text itself: of `N'`, `CONVERT(xml, N'` and so on. */
export const leadOf: Readonly<Record<number, number>> = {
  [CellKind.plain]: 0,
  [CellKind.text]: 2,
  [CellKind.xml]: 15,
  [CellKind.castText]: 7,
  [CellKind.castBinary]: 5,
  [CellKind.variant]: 10,
};

/** Whether the cell at `at` of canonical text is NULL. No literal begins with NU. */
export function isNullCell(text: DataView, at: number): boolean {
  return text.getUint8(at) === 0x4e && text.getUint8(at + 1) === 0x55;
}

/** The position of the comma or end behind a cell without quotes. */
export function plainEnd(text: DataView, at: number, end: number): number {
  let i = at;
  while (i < end && text.getUint8(i) !== 0x2c) i++;
  return i;
}

/** The position behind the quote that closes the text at `at`. */
export function quotedEnd(text: DataView, at: number): number {
  let i = at;
  for (;;) {
    while (text.getUint8(i) !== 0x27) i++;
    if (text.getUint8(i + 1) !== 0x27) return i + 1;
    i += 2;
  }
}

/**
 * The position behind the parenthesis that closes the function call at `at`: a literal of a CLR type or a sql_variant, whose names may
 * stand in brackets and whose text in quotes.
 */
export function callEnd(text: DataView, at: number): number {
  let depth = 0;
  for (let i = at; ; i++) {
    const c = text.getUint8(i);
    if (c === 0x27) i = quotedEnd(text, i + 1) - 1;
    else if (c === 0x5b) {
      do i++;
      while (text.getUint8(i) !== 0x5d);
    } else if (c === 0x28) depth++;
    else if (c === 0x29 && --depth === 0) return i + 1;
  }
}
