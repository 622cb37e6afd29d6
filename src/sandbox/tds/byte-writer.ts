/** Growing little-endian buffer for tokens. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(4096);
  length = 0;

  #room(count: number): number {
    const at = this.length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, at);
      this.#bytes = grown;
    }
    this.length = needed;
    return at;
  }

  uint8(value: number): this {
    const at = this.#room(1);
    this.#bytes[at] = value;
    return this;
  }
  uint16(value: number): this {
    const at = this.#room(2);
    this.#bytes.writeUInt16LE(value, at);
    return this;
  }
  uint32(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32LE(value >>> 0, at);
    return this;
  }
  uint32BE(value: number): this {
    const at = this.#room(4);
    this.#bytes.writeUInt32BE(value >>> 0, at);
    return this;
  }
  uint64(value: bigint): this {
    const at = this.#room(8);
    this.#bytes.writeBigUInt64LE(value, at);
    return this;
  }
  bytes(value: Uint8Array): this {
    const at = this.#room(value.length);
    this.#bytes.set(value, at);
    return this;
  }
  /** UTF-16LE without a length. */
  text(value: string): this {
    const at = this.#room(value.length * 2);
    this.#bytes.write(value, at, 'utf16le');
    return this;
  }
  /** B_VARCHAR: length in characters as one byte. */
  shortText(value: string): this {
    const cut = value.slice(0, 255);
    return this.uint8(cut.length).text(cut);
  }
  /** US_VARCHAR: length as two bytes. */
  longText(value: string): this {
    return this.uint16(value.length).text(value);
  }
  /** Writes a US length over the two bytes at `at`: everything behind them. */
  patchLength(at: number): this {
    this.#bytes.writeUInt16LE(this.length - at - 2, at);
    return this;
  }
  view(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
  /** What was written, as a copy, and empties the writer. */
  take(): Buffer {
    const taken = Buffer.from(this.view());
    this.length = 0;
    return taken;
  }
}
