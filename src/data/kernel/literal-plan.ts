/** The columns of a table as the kernel for literals needs them: plan.ts of its assembly has the same order. */

import type { CodePageEncoder } from '../bulk/code-page-encoder.ts';
import type { KnownCasts } from '../bulk/known-casts.ts';
import { type LiteralColumn, LiteralKind } from '../bulk/literal-column.ts';
import { Layout } from '../value-layout.ts';
import type { LiteralKernel } from './literal-kernel.ts';

export interface LiteralPlan {
  readonly columns: number;
  readonly bytes: Uint8Array;
  /** Most bytes of a row beside its texts. */
  readonly overhead: number;
  /** Page of the database, through which literals without N pass; 0 for none. */
  readonly through: number;
  readonly yearFirst: boolean;
  readonly casts: KnownCasts;
}

/** Of a column in `bytes`; where the length and the form of its cast stand there. */
export const columnBytes = 32;
export const castLengthAt = 17;
export const castFormAt = 18;
/** A page that is UTF-8: the bytes as they stand in the script. */
const utf8Page = 1;
/** Rows that need more beside their texts are not the kernel's. */
const mostOverhead = 1 << 16;

const frames = new Map<number, number>([
  [Layout.byteLength, 0],
  [Layout.ushortLength, 1],
  [Layout.plp, 2],
]);
const kinds = new Set<number>([
  LiteralKind.integer,
  LiteralKind.decimal,
  LiteralKind.float,
  LiteralKind.bit,
  LiteralKind.unicode,
  LiteralKind.character,
  LiteralKind.date,
  LiteralKind.money,
  LiteralKind.guid,
  LiteralKind.binary,
]);

/** @returns null when the kernel does not know a column's type, or has no room for the columns */
export function literalPlan(
  kernel: LiteralKernel,
  columns: readonly LiteralColumn[],
  options: {
    readonly overhead: number;
    readonly through: CodePageEncoder;
    readonly yearFirst: boolean;
    readonly casts: KnownCasts;
  },
): LiteralPlan | null {
  const { overhead, through, yearFirst, casts } = options;
  if (columns.length > kernel.mostColumns || overhead > mostOverhead) return null;
  const throughPage = through.kind === 'utf8' ? 0 : kernel.page(through);
  if (throughPage === 0 && through.kind !== 'utf8') return null;
  const bytes = new Uint8Array(columns.length * columnBytes);
  const view = new DataView(bytes.buffer);
  for (const [i, column] of columns.entries()) {
    const frame = frames.get(column.layout);
    if (frame === undefined || !kinds.has(column.kind) || column.trimmed) return null;
    const at = i * columnBytes;
    bytes[at] = column.kind;
    bytes[at + 1] = frame;
    bytes[at + 2] = Number(column.nullable);
    bytes[at + 3] = Number(column.fixed);
    bytes[at + 4] = column.precision;
    bytes[at + 5] = column.scale;
    bytes[at + 6] = Math.min(column.size, 255);
    bytes[at + 7] = column.dateKind;
    view.setUint32(at + 8, Math.min(column.limit, 0x7fffffff), true);
    view.setUint32(at + 12, column.page === null ? 0 : pageAddress(kernel, column.page), true);
    bytes[at + 16] = column.kind === LiteralKind.binary ? 0 : 0x20;
  }
  return { columns: columns.length, bytes, overhead, through: throughPage, yearFirst, casts };
}

function pageAddress(kernel: LiteralKernel, page: CodePageEncoder): number {
  return page.kind === 'utf8' ? utf8Page : kernel.page(page);
}
