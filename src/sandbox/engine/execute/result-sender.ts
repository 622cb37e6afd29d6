/** Rows of a result as ROW and NBCROW tokens. */
import type { OutputColumn } from '../query/runtime.ts';
import { type CellWriter, cellWriter, RowWriter } from '../types/row-writer.ts';
import { sentForm } from '../types/sent-form.ts';
import type { Value } from '../types/values.ts';
import { wireColumn } from '../types/wire-form.ts';
import type { Execution } from './execution.ts';

/** Bytes gathered before they are handed on. */
const chunkBytes = 1 << 15;
/** Flag of COLMETADATA that columns of tables have and expressions lack (captured: flags.columns). */
const storedColumn = 8;

export class ResultSender {
  /** Rows so far. */
  count = 0;
  private readonly x: Execution;
  private readonly writers: readonly CellWriter[];
  private readonly out = new RowWriter();
  private readonly mayCompress: boolean;

  constructor(x: Execution, columns: readonly OutputColumn[], order: readonly number[] | null = null) {
    this.x = x;
    const forms = columns.map(c => sentForm(c.type, x.session.nativeVectors));
    x.tokens.columns(columns.map((c, i) => wireColumn(c.name, forms[i]!.type, c.nullable, c.flags)));
    if (order) x.tokens.order(order);
    // What is stored comes in its full width, whatever reads it; only results that are computed are compact.
    this.writers = columns.map((c, i) => {
      const { type, convert } = forms[i]!;
      const write = cellWriter(type, c.nullable, (c.flags & storedColumn) === 0);
      return type === c.type ? write : (w, v) => write(w, convert(v));
    });
    this.mayCompress = x.tokens.out.allowsNbcRow;
  }

  row(values: readonly Value[]): void {
    const { out, writers } = this;
    this.count++;
    if (this.mayCompress && values.includes(null)) {
      out.byte(0xd2);
      const bitmap = out.position;
      const bytes = (writers.length + 7) >> 3;
      out.reserve(bytes);
      out.buffer.fill(0, bitmap, bitmap + bytes);
      out.position += bytes;
      for (let i = 0; i < writers.length; i++) {
        const v = values[i]!;
        if (v === null) out.buffer[bitmap + (i >> 3)]! |= 1 << (i & 7);
        else writers[i]!(out, v);
      }
      return;
    }
    out.byte(0xd1);
    for (let i = 0; i < writers.length; i++) writers[i]!(out, values[i]!);
  }
  /** A row that is ready, token byte included. */
  ready(bytes: Uint8Array): void {
    this.count++;
    this.out.bytes(bytes);
  }
  get writer(): RowWriter {
    return this.out;
  }

  get full(): boolean {
    return this.out.position >= chunkBytes;
  }
  /** Hands over what was gathered, and waits for a client that is behind. */
  async flush(): Promise<void> {
    const { out, x } = this;
    if (out.position > 0) x.tokens.rows(out.buffer.subarray(0, out.position));
    out.position = 0;
    if (out.buffer.length > 1 << 20) out.buffer = Buffer.allocUnsafe(1 << 16);
    await x.tokens.out.drain();
    await x.breathe();
  }
}
