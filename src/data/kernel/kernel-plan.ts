/** What the kernel is told before the rows of a writer: its plan (plan.ts of the kernel has the same order) and the columns. */

import type { ColumnCodec } from '../cell-literal.ts';
import { Family } from '../type-family.ts';
import { layoutOf } from '../value-layout.ts';
import type { WireColumn } from '../wire-column.ts';
import type { Kernel } from './kernel.ts';

/** A column as the kernel needs it. */
export interface KernelColumn {
  readonly codec: Pick<ColumnCodec, 'family' | 'scale' | 'page'>;
  readonly layout: number;
  /** What the format makes of its literals. */
  readonly form: number;
  /** What stands before each value. */
  readonly lead: Uint8Array;
  /** What stands in each literal before and behind its inner one. */
  readonly around: readonly [Uint8Array, Uint8Array];
}

export interface KernelPlan {
  readonly columns: readonly KernelColumn[];
  readonly summing: boolean;
  /** The texts in the plan's order. */
  readonly texts: readonly Uint8Array[];
  /** The numbers behind them. */
  readonly numbers: readonly number[];
}

const columnBytes = 32;
const textsInPlan = 4;
const noBytes = new Uint8Array(0);
const nothing = [noBytes, noBytes] as const;

/**
 * @param forms of the columns' cells, and what stands before each
 * @returns null when a column has a type that the kernel does not know
 */
export function kernelColumns(
  columns: readonly WireColumn[],
  codecs: readonly ColumnCodec[],
  forms: ArrayLike<number> = [],
  leads: readonly Uint8Array[] = [],
): readonly KernelColumn[] | null {
  if (columns.length === 0 || !codecs.every(isKnown)) return null;
  return columns.map((column, i) => ({
    codec: codecs[i]!,
    layout: layoutOf(column),
    form: forms[i] ?? 0,
    lead: leads[i] ?? noBytes,
    around: around(codecs[i]!),
  }));
}

/** Columns of rows whose values stay as they are. @param steps of bulk/relay-plan.ts, and the bytes of decimals that are widened */
export function wireColumns(
  columns: readonly WireColumn[],
  steps: readonly { readonly step: number; readonly size: number }[] = [],
): readonly KernelColumn[] {
  return columns.map((column, i) => ({
    codec: { family: Family.none, scale: steps[i]?.size ?? 0, page: null },
    layout: layoutOf(column),
    form: steps[i]?.step ?? 0,
    lead: noBytes,
    around: nothing,
  }));
}

function isKnown({ family, page }: ColumnCodec): boolean {
  return family <= Family.json && family !== Family.variant && page?.kind !== 'double';
}

/** As cell-literal.ts and xml.ts write it; an xml with a DTD has another style and is left to them. */
function around({ family, suffix }: ColumnCodec): readonly [Uint8Array, Uint8Array] {
  const ascii = (text: string) => new TextEncoder().encode(text);
  if (family === Family.xml) return [ascii('CONVERT(xml, '), ascii(', 1)')];
  if (family === Family.udt) return [ascii('CAST('), suffix];
  return family === Family.json ? [ascii('CAST('), ascii(' AS json)')] : nothing;
}

/** Whether the plan's texts and columns find room, and its numbers are small enough to be counted up to. */
export function fits(kernel: Kernel, { columns, texts, numbers }: KernelPlan): boolean {
  const room = kernel.address('TEXTS_END') - kernel.address('TEXTS');
  const bytes = [...texts, ...columns.flatMap(c => [c.lead, ...c.around])].reduce(
    (sum, text) => sum + text.length + 16,
    0,
  );
  const columnRoom = kernel.address('COLUMNS_END') - kernel.address('COLUMNS');
  return bytes <= room && columns.length * columnBytes <= columnRoom && numbers.every(n => n >= 0 && n <= 0x3fffffff);
}

/** Puts the plan into the kernel's memory. */
export function loadPlan(kernel: Kernel, { columns, summing, texts, numbers }: KernelPlan): void {
  const { bytes, view } = kernel;
  let free = kernel.address('TEXTS');
  /** @param at of the address and the length of the text */
  const put = (at: number, text: Uint8Array) => {
    view.setUint32(at, free, true);
    view.setUint32(at + 4, text.length, true);
    bytes.set(text, free);
    free += text.length;
  };
  const plan = kernel.address('PLAN');
  view.setUint32(plan, columns.length, true);
  view.setUint32(plan + 4, summing ? 1 : 0, true);
  for (let i = 0; i < textsInPlan; i++) put(plan + 8 + 8 * i, texts[i] ?? noBytes);
  for (const [i, number] of numbers.entries()) view.setUint32(plan + 8 + 8 * textsInPlan + 4 * i, number, true);
  for (const [i, { codec, layout, form, lead, around }] of columns.entries()) {
    const at = kernel.address('COLUMNS') + columnBytes * i;
    bytes[at] = codec.family;
    bytes[at + 1] = layout;
    bytes[at + 2] = codec.scale;
    bytes[at + 3] = form;
    view.setUint32(at + 4, codec.page?.kind === 'single' ? kernel.page(codec.page) : 0, true);
    put(at + 8, lead);
    put(at + 16, around[0]);
    put(at + 24, around[1]);
  }
}
