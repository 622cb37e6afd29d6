/**
 * rowsum: the content hash of rows. Each row's canonical text (UTF-8, literals joined by commas, without the parentheses; see
 * literal-state.ts) is hashed by MurmurHash3_x86_128 with the seed below, and the four lanes are added modulo 2^32. So the order of
 * rows does not matter and duplicates count. Not cryptographic: it finds loss and change, not forgery.
 */

/** 'xpdb'; not zero, so that a row without columns does not hash to zero. */
export const rowsumSeed = 0x78706462;

const c1 = 0x239b961b;
const c2 = 0xab0e9789 | 0;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93 | 0;

/** The first n bytes of a word of which only these belong to the text; all from four on. */
const masks = Int32Array.from({ length: 16 }, (_, n) => (n < 4 ? (1 << (8 * n)) - 1 : -1));

/** Lanes of the last `hashBytes`. */
export const lanes = new Int32Array(4);

const running = new Int32Array(4);

/**
 * MurmurHash3_x86_128 of [start, end) into `lanes`. Hot path.
 * @param view readable for 16 bytes behind `end`, whatever they are
 */
export function hashBytes(view: DataView, start: number, end: number, seed = rowsumSeed): void {
  running[0] = seed;
  running[1] = seed;
  running[2] = seed;
  running[3] = seed;
  mixBytes(view, start, end, running, end - start);
}

/**
 * Mixes the bytes of [start, end) into `h`: whole blocks of 16 when more follows (`length` negative), else all of them, the
 * length and the last mixing, into `lanes`.
 */
function mixBytes(view: DataView, start: number, end: number, h: Int32Array, length: number): void {
  let h1 = h[0]!;
  let h2 = h[1]!;
  let h3 = h[2]!;
  let h4 = h[3]!;
  let at = start | 0;
  for (const last = (end - 16) | 0; at <= last; at = (at + 16) | 0) {
    let k1 = Math.imul(view.getInt32(at, true), c1);
    let k2 = Math.imul(view.getInt32(at + 4, true), c2);
    let k3 = Math.imul(view.getInt32(at + 8, true), c3);
    let k4 = Math.imul(view.getInt32(at + 12, true), c4);
    k1 = Math.imul((k1 << 15) | (k1 >>> 17), c2);
    k2 = Math.imul((k2 << 16) | (k2 >>> 16), c3);
    k3 = Math.imul((k3 << 17) | (k3 >>> 15), c4);
    k4 = Math.imul((k4 << 18) | (k4 >>> 14), c1);
    h1 ^= k1;
    h1 = (((h1 << 19) | (h1 >>> 13)) + h2) | 0;
    h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0;
    h2 ^= k2;
    h2 = (((h2 << 17) | (h2 >>> 15)) + h3) | 0;
    h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0;
    h3 ^= k3;
    h3 = (((h3 << 15) | (h3 >>> 17)) + h4) | 0;
    h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0;
    h4 ^= k4;
    h4 = (((h4 << 13) | (h4 >>> 19)) + h1) | 0;
    h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0;
  }
  if (length < 0) {
    h[0] = h1;
    h[1] = h2;
    h[2] = h3;
    h[3] = h4;
    return;
  }
  const rest = end - at;
  if (rest > 12) {
    const k4 = Math.imul(view.getInt32(at + 12, true) & masks[rest - 12]!, c4);
    h4 ^= Math.imul((k4 << 18) | (k4 >>> 14), c1);
  }
  if (rest > 8) {
    const k3 = Math.imul(view.getInt32(at + 8, true) & masks[rest - 8]!, c3);
    h3 ^= Math.imul((k3 << 17) | (k3 >>> 15), c4);
  }
  if (rest > 4) {
    const k2 = Math.imul(view.getInt32(at + 4, true) & masks[rest - 4]!, c2);
    h2 ^= Math.imul((k2 << 16) | (k2 >>> 16), c3);
  }
  if (rest > 0) {
    const k1 = Math.imul(view.getInt32(at, true) & masks[rest]!, c1);
    h1 ^= Math.imul((k1 << 15) | (k1 >>> 17), c2);
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = mix(h2 + h1);
  h3 = mix(h3 + h1);
  h4 = mix(h4 + h1);
  h1 = (mix(h1) + h2 + h3 + h4) | 0;
  lanes[0] = h1;
  lanes[1] = h2 + h1;
  lanes[2] = h3 + h1;
  lanes[3] = h4 + h1;
}

function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Sum of the row hashes of a table or of a chunk of it. */
export class Rowsum {
  rows = 0;
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  /** Adds the row whose canonical text is the bytes in [start, end); see hashBytes for `view`. */
  add(view: DataView, start: number, end: number): void {
    hashBytes(view, start, end);
    this.addLanes();
  }

  /** Adds what the last hash left in `lanes`. */
  addLanes(): void {
    this.#a = (this.#a + lanes[0]!) | 0;
    this.#b = (this.#b + lanes[1]!) | 0;
    this.#c = (this.#c + lanes[2]!) | 0;
    this.#d = (this.#d + lanes[3]!) | 0;
    this.rows++;
  }

  /** Adds the rows of another chunk. */
  merge(other: Rowsum): void {
    this.#a = (this.#a + other.#a) | 0;
    this.#b = (this.#b + other.#b) | 0;
    this.#c = (this.#c + other.#c) | 0;
    this.#d = (this.#d + other.#d) | 0;
    this.rows += other.rows;
  }

  /** 32 hex digits, the lanes in order; zeros for no rows. */
  toString(): string {
    return [this.#a, this.#b, this.#c, this.#d].map(lane => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }

  /** @throws RangeError for text that is no rowsum */
  static parse(text: string, rows: number): Rowsum {
    if (!/^[0-9a-f]{32}$/.test(text)) throw new RangeError(`${text} is no rowsum`);
    const sum = new Rowsum();
    [sum.#a, sum.#b, sum.#c, sum.#d] = [0, 8, 16, 24].map(i => Number.parseInt(text.slice(i, i + 8), 16) | 0) as [
      number,
      number,
      number,
      number,
    ];
    sum.rows = rows;
    return sum;
  }
}

const blockBytes = 1 << 16;

/** The hash of a row that comes in parts: equal to `hashBytes` of all parts joined. */
export class RowHash {
  readonly #bytes = new Uint8Array(blockBytes + 16);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #h = new Int32Array(4).fill(rowsumSeed);
  #used = 0;
  #length = 0;

  update(bytes: Uint8Array, start = 0, end = bytes.length): void {
    for (let at = start; at < end; ) {
      const count = Math.min(end - at, blockBytes - this.#used);
      this.#bytes.set(bytes.subarray(at, at + count), this.#used);
      this.#used += count;
      at += count;
      if (this.#used === blockBytes) this.#blocks();
    }
    this.#length += end - start;
  }

  /** Leaves the hash in `lanes` and begins anew. */
  finish(): void {
    mixBytes(this.#view, 0, this.#used, this.#h, this.#length);
    this.#h.fill(rowsumSeed);
    this.#used = 0;
    this.#length = 0;
  }

  #blocks(): void {
    mixBytes(this.#view, 0, this.#used, this.#h, -1);
    this.#used = 0;
  }
}
