/**
 * Reads a file of rows in the native format (native-format.ts) as it comes, and proves at its end that it has as many as it should. That no
 * byte of a row is another one is for the archive to say, by its SHA-256: to sum every row once more would prove less.
 */

import { XpdbError } from '../model/error.ts';
import { copyBytes } from './copy-bytes.ts';
import { nativeEnd, nativeEndBytes, readNativeHeader, readNativeTrailer } from './native-format.ts';
import { NBCROW, ROW, RowScanner } from './row-scanner.ts';
import type { RowsTaken } from './rows-taken.ts';
import type { WireColumn } from './wire-column.ts';

/** What takes the rows; a promise holds the reader back. */
export interface NativeRowSink {
  columns(columns: readonly WireColumn[]): void | Promise<void>;
  /** `count` whole rows in [start, end); the bytes are valid until the call, or its promise, is done. */
  rows(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void>;
  /**
   * Takes rows whose ends nobody has looked for yet, from `start` on, up to one that `end` cuts. Null when it takes none; then the next ones
   * come by `rows`.
   */
  takeRows?(bytes: Uint8Array, start: number, end: number): RowsTaken | null;
  /** A row of more than `largeRowBytes` comes in parts. */
  largeRowStart(): void | Promise<void>;
  largeRowPart(bytes: Uint8Array): void | Promise<void>;
  largeRowEnd(): void | Promise<void>;
}

/** As for rows that come from a server. */
const largeRowBytes = 1 << 20;

export class NativeRowReader {
  readonly #name: string;
  readonly #sink: NativeRowSink;
  /** Bytes that are not read yet: of the header, of the trailer, or of a row that is not whole. */
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #scanner: RowScanner | undefined;
  #inLarge = false;
  #ended = false;

  /** @param name of the file, for messages */
  constructor(name: string, sink: NativeRowSink) {
    this.#name = name;
    this.#sink = sink;
  }

  /** Rows so far. */
  rows = 0;

  /** Takes the next bytes of the file. @throws XpdbError naming the file for what is no such file, or broken */
  async write(chunk: Uint8Array): Promise<void> {
    let bytes = chunk;
    if (!this.#scanner) {
      this.#keep(chunk);
      bytes = this.#joined();
      const header = readNativeHeader(bytes, this.#name);
      if (header === null) return this.#keep(bytes);
      this.#scanner = new RowScanner(header.columns);
      await this.#sink.columns(header.columns);
      bytes = bytes.subarray(header.end);
    }
    await this.#rows(bytes);
  }

  /**
   * @param rowsum of the wire form of the rows, as it was written down elsewhere
   * @throws XpdbError when the file ended too early, holds more or fewer rows than its end says, or is one of other rows
   */
  end(rowsum: string): void {
    if (!this.#ended || this.#keptBytes !== nativeEndBytes) {
      throw new XpdbError(`${this.#name} ends in the middle`, { hint: 'copy or export it again' });
    }
    const { rows, sum } = readNativeTrailer(this.#joined());
    const hint = 'copy or export it again';
    if (this.rows !== rows)
      throw new XpdbError(`${this.#name} holds ${this.rows} rows and should hold ${rows}`, { hint });
    if (sum !== rowsum) throw new XpdbError(`${this.#name} holds rows with the sum ${sum}, not ${rowsum}`, { hint });
  }

  async #rows(chunk: Uint8Array): Promise<void> {
    const scanner = this.#scanner!;
    let at = 0;
    while (at < chunk.length) {
      if (this.#ended) {
        this.#keep(chunk.subarray(at));
        if (this.#keptBytes > nativeEndBytes) throw new XpdbError(`${this.#name} goes on behind its end`);
        return;
      }
      if (!scanner.inRow) {
        const token = chunk[at]!;
        if (token === nativeEnd) {
          this.#ended = true;
          continue;
        }
        if (token !== ROW && token !== NBCROW) {
          throw new XpdbError(`${this.#name} is broken: 0x${token.toString(16)} begins no row`);
        }
        const taken = this.#sink.takeRows?.(chunk, at, chunk.length);
        if (taken) {
          scanner.accepted();
          if (taken.wait) await taken.wait;
          this.rows += taken.count;
          at = taken.end;
          continue;
        }
        const end = scanner.scanRefused(chunk, at, chunk.length);
        if (end > at) {
          await this.#whole(chunk, at, end, scanner.count);
          at = end;
          continue;
        }
      }
      const end = scanner.scanPart(chunk, at, chunk.length);
      await this.#part(chunk.subarray(at, end), !scanner.inRow);
      at = end;
    }
  }

  #whole(bytes: Uint8Array, start: number, end: number, count: number): void | Promise<void> {
    this.rows += count;
    return this.#sink.rows(bytes, start, end, count);
  }

  async #part(bytes: Uint8Array, last: boolean): Promise<void> {
    if (!this.#inLarge) {
      this.#keep(bytes);
      if (last) {
        const row = this.#joined();
        return this.#whole(row, 0, row.length, 1);
      }
      if (this.#keptBytes <= largeRowBytes) return;
      this.#inLarge = true;
      await this.#sink.largeRowStart();
      return this.#sink.largeRowPart(this.#joined());
    }
    await this.#sink.largeRowPart(bytes);
    if (!last) return;
    this.#inLarge = false;
    this.rows++;
    await this.#sink.largeRowEnd();
  }

  #keep(bytes: Uint8Array): void {
    this.#kept.push(copyBytes(bytes));
    this.#keptBytes += bytes.length;
  }

  #joined(): Uint8Array {
    const bytes = this.#kept.length === 1 ? this.#kept[0]! : Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [];
    this.#keptBytes = 0;
    return bytes;
  }
}
