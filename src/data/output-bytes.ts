/** Of a fresh buffer; a row larger than that makes it grow. */
const bufferBytes = 1 << 19;

/** A growing buffer whose bytes are handed over now and then; buffers that come back are used again. */
export class OutputBytes {
  bytes = new Uint8Array(bufferBytes);
  view = new DataView(this.bytes.buffer);
  /** Bytes written. */
  length = 0;
  #spare: Uint8Array<ArrayBuffer>[] = [];

  /** Makes room for so many bytes behind what is written. */
  reserve(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** What was written, which the caller now owns. */
  take(): Uint8Array {
    // A part of a large row is small: a copy of it costs less than a new buffer.
    if (this.length * 4 < this.bytes.length && this.bytes.length === bufferBytes) {
      const copy = this.bytes.slice(0, this.length);
      this.length = 0;
      return copy;
    }
    const taken = this.bytes.subarray(0, this.length);
    this.bytes = this.#spare.pop() ?? new Uint8Array(bufferBytes);
    this.view = new DataView(this.bytes.buffer);
    this.length = 0;
    return taken;
  }

  /** Takes a buffer back that `take` gave. */
  recycle(bytes: Uint8Array): void {
    const { buffer } = bytes;
    if (buffer instanceof ArrayBuffer && buffer.byteLength >= bufferBytes && this.#spare.length < 4) {
      this.#spare.push(new Uint8Array(buffer));
    }
  }
}
