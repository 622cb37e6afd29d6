/** From a literal of canonical text to a field of CSV. Hot path. */

import { CellKind, callEnd, isNullCell, leadOf, plainEnd, quotedEnd } from './cell-kind.ts';
import { writeBytes } from './digits.ts';
import type { OutputBytes } from './output-bytes.ts';

const quote = 0x22;
const apostrophe = 0x27;
/** First byte of a surrogate in canonical text, which is no UTF-8: of a lone one, or for a byte that is no character. */
const surrogateLead = 0xed;

const Byte = { plain: 0, apostrophe: 1, quoted: 2, lead: 3 } as const;

export class CsvCells {
  /** Whether the last field held something that UTF-8 cannot, which became U+FFFD. */
  replaced = false;
  readonly #kinds = new Uint8Array(256);
  readonly #nullText: Uint8Array;
  readonly #alone: boolean;

  /** @param alone a row is one field: an empty text must not leave its line empty, for many readers skip those */
  constructor(delimiter: string, nullText: string, alone: boolean) {
    this.#alone = alone;
    for (const c of [delimiter.charCodeAt(0), quote, 10, 13]) this.#kinds[c] = Byte.quoted;
    this.#kinds[apostrophe] = Byte.apostrophe;
    this.#kinds[surrogateLead] = Byte.lead;
    this.#nullText = new TextEncoder().encode(nullText);
  }

  /**
   * Appends the field of the literal at `at`.
   * @param out with room for twice the literal and a few bytes
   * @param end of the row's text
   * @returns the position behind the literal
   */
  write(out: OutputBytes, text: DataView, at: number, end: number, kind: number): number {
    this.replaced = false;
    if (isNullCell(text, at)) {
      out.length = writeBytes(out.view, out.length, this.#nullText);
      return at + 4;
    }
    const body = at + leadOf[kind]!;
    if (kind === CellKind.plain) {
      const behind = plainEnd(text, at, end);
      out.length = copy(out.view, out.length, text, at, behind);
      return behind;
    }
    if (kind === CellKind.castBinary) {
      let behind = body;
      while (text.getUint8(behind) !== 0x20) behind++;
      out.length = copy(out.view, out.length, text, body, behind);
      return callEnd(text, at);
    }
    if (kind === CellKind.variant) {
      // The inner CAST keeps the base type: it stands as it is, always in quotes.
      const behind = callEnd(text, at);
      out.length = this.#quoted(out.view, out.length, text, at + 5, callEnd(text, at + 5), false);
      return behind;
    }
    const close = this.text(out, text, body);
    if (kind === CellKind.text) return close;
    return kind === CellKind.xml ? close + 4 : callEnd(text, at);
  }

  /** Appends the field of a text whose literal's inside begins at `at`. @returns the position behind its closing quote */
  text(out: OutputBytes, text: DataView, at: number): number {
    const start = out.length;
    const { view } = out;
    const kinds = this.#kinds;
    let next = start;
    let i = at;
    for (;;) {
      const c = text.getUint8(i);
      const kind = kinds[c]!;
      if (kind === Byte.plain) {
        view.setUint8(next++, c);
        i++;
        continue;
      }
      if (kind === Byte.apostrophe) {
        if (text.getUint8(i + 1) !== apostrophe) break;
        view.setUint8(next++, apostrophe);
        i += 2;
        continue;
      }
      if (kind === Byte.lead && text.getUint8(i + 1) < 0xa0) {
        view.setUint8(next++, c);
        i++;
        continue;
      }
      const close = quotedEnd(text, at);
      out.length = this.#quoted(view, start, text, at, close - 1, true);
      return close;
    }
    const quotes = (next === start && this.#alone) || this.#isNullText(view, start, next);
    out.length = quotes ? this.#quoted(view, start, text, at, i, true) : next;
    return i + 1;
  }

  /** The inside of a quoted field. @param doubled two apostrophes stand for one */
  body(view: DataView, pos: number, text: DataView, at: number, end: number, doubled: boolean): number {
    let next = pos;
    for (let i = at; i < end; i++) {
      const c = text.getUint8(i);
      if (c === surrogateLead && text.getUint8(i + 1) >= 0xa0) {
        this.replaced = true;
        view.setUint8(next, 0xef);
        view.setUint8(next + 1, 0xbf);
        view.setUint8(next + 2, 0xbd);
        next += 3;
        i += 2;
        continue;
      }
      view.setUint8(next++, c);
      if (c === quote) view.setUint8(next++, quote);
      else if (c === apostrophe && doubled) i++;
    }
    return next;
  }

  #quoted(view: DataView, pos: number, text: DataView, at: number, end: number, doubled: boolean): number {
    view.setUint8(pos, quote);
    const next = this.body(view, pos + 1, text, at, end, doubled);
    view.setUint8(next, quote);
    return next + 1;
  }

  #isNullText(view: DataView, start: number, end: number): boolean {
    const nullText = this.#nullText;
    if (end - start !== nullText.length) return false;
    for (let i = 0; i < nullText.length; i++) if (view.getUint8(start + i) !== nullText[i]) return false;
    return true;
  }
}

function copy(out: DataView, pos: number, text: DataView, at: number, end: number): number {
  let next = pos;
  for (let i = at; i < end; i++) out.setUint8(next++, text.getUint8(i));
  return next;
}
