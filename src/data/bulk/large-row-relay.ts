/** As RowRelay, for a row that is too large to be handed over whole: its parts go on as they come. */

import { XpdbError } from '../../model/error.ts';
import { copyBytes } from '../copy-bytes.ts';
import { type LargeRowHandler, LargeRowReader } from '../large-row-reader.ts';
import { ROW } from '../row-scanner.ts';
import { Layout } from '../value-layout.ts';
import type { WireColumn } from '../wire-column.ts';
import type { BulkColumn } from './bulk-column.ts';
import { type RelayColumn, RelayStep, relayColumn } from './relay-plan.ts';
import type { RowBuffer } from './row-buffer.ts';
import { writeNullValue } from './value-frame.ts';

const smallBytes = 64;
/** Of a value that is not of a max type. */
const boundedBytes = 8000;

export class LargeRowRelay implements LargeRowHandler {
  readonly #columns: readonly RelayColumn[];
  readonly #targets: readonly BulkColumn[];
  readonly #reader: LargeRowReader;
  readonly #buffer: RowBuffer;
  /** A CLR value that comes in pieces and goes as a bounded one. */
  #gathered: Uint8Array[] = [];

  /**
   * @param buffer where the bytes go, for whoever sends it
   * @throws XpdbError naming a column whose values the target's type does not take, or whose code page is not known
   */
  constructor(sources: readonly WireColumn[], targets: readonly BulkColumn[], buffer: RowBuffer) {
    this.#buffer = buffer;
    this.#columns = sources.map((source, i) => relayColumn(source, targets[i]!));
    this.#targets = targets;
    this.#reader = new LargeRowReader(sources, this);
  }

  start(): void {
    this.#append(Uint8Array.of(ROW));
  }

  part(bytes: Uint8Array): void {
    this.#reader.part(bytes);
  }

  /** @throws XpdbError when the row was not whole */
  end(): void {
    this.#reader.end();
  }

  #append(bytes: Uint8Array): void {
    this.#buffer.append(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, 0);
  }

  nullValue(column: number): void {
    const out = new DataView(new ArrayBuffer(smallBytes));
    this.#append(new Uint8Array(out.buffer, 0, writeNullValue(out, 0, this.#columns[column]!.to)));
  }

  value(column: number, bytes: DataView, at: number, length: number): void {
    const { step, to, size } = this.#columns[column]!;
    const value = new Uint8Array(bytes.buffer, bytes.byteOffset + at, length);
    const data = step === RelayStep.widen && length < size ? padded(value, size) : value;
    switch (to) {
      case Layout.byteLength:
        this.#append(Uint8Array.of(data.length));
        break;
      case Layout.ushortLength:
        this.#append(Uint8Array.of(data.length & 0xff, data.length >> 8));
        break;
      case Layout.longLength:
        this.#append(uint32(data.length));
        break;
      default:
        // A bounded value for a max column: a value in one chunk.
        this.open(column, -1);
        this.piece(column, data);
        this.close(column);
        return;
    }
    this.#append(data);
  }

  open(column: number, length: number): void {
    const { to } = this.#columns[column]!;
    if (to === Layout.plp) this.#append(unknownLength);
    else if (to === Layout.textPointer) this.#append(pointer(length));
    else this.#gathered = [];
  }

  piece(column: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const { to } = this.#columns[column]!;
    if (to === Layout.ushortLength) {
      this.#gathered.push(copyBytes(bytes));
      if (lengthOf(this.#gathered) > boundedBytes) throw this.#tooLong(column);
      return;
    }
    if (to === Layout.plp) this.#append(uint32(bytes.length));
    this.#append(bytes);
  }

  close(column: number): void {
    const { to } = this.#columns[column]!;
    if (to === Layout.plp) this.#append(uint32(0));
    if (to !== Layout.ushortLength) return;
    const length = lengthOf(this.#gathered);
    this.#append(Uint8Array.of(length & 0xff, length >> 8));
    for (const bytes of this.#gathered) this.#append(bytes);
  }

  #tooLong(column: number): XpdbError {
    const { name, declaration } = this.#targets[column]!;
    return new XpdbError(
      `a value of more than ${boundedBytes} bytes does not fit into the column ${name} (${declaration})`,
    );
  }
}

/** Of a value whose length is told by its chunks only (MS-TDS 2.2.5.2.3). */
const unknownLength = Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

function pointer(length: number): Uint8Array {
  const bytes = new Uint8Array(29).fill(0xff);
  bytes[0] = 16;
  bytes.set(uint32(length), 25);
  return bytes;
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
}

function padded(value: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(value);
  return bytes;
}
