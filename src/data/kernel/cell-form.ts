/** What the kernel makes a cell of CSV or JSON lines of, as cell.ts of the kernel has it. */

import { JsonKind } from '../jsonl-cell.ts';

const Form = { plain: 0, text: 1, quoted: 2, flag: 3 } as const;

/** Of a column whose cells are text, or else digits. */
export function csvForm(isText: boolean): number {
  return isText ? Form.text : Form.plain;
}

/** @param kind one of JsonKind; the kernel knows no sql_variant */
export function jsonForm(kind: number): number {
  if (kind === JsonKind.number) return Form.plain;
  if (kind === JsonKind.flag) return Form.flag;
  return kind === JsonKind.exact || kind === JsonKind.bytes ? Form.quoted : Form.text;
}
