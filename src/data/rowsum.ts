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

/** Four masks for each number of bytes that are left: all ones for words of the text, zero behind it. */
const masks = Int32Array.from({ length: 64 }, (_, i) => {
  const bytes = (i >> 2) - 4 * (i & 3);
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << (8 * bytes)) - 1;
});

/** Lanes of the last `hashBytes`. */
export const lanes = new Int32Array(4);

/**
 * MurmurHash3_x86_128 of [start, end) into `lanes`. Hot path.
 * @param view readable for 16 bytes behind `end`, whatever they are
 */
export function hashBytes(view: DataView, start: number, end: number, seed = rowsumSeed): void {
  let h1 = seed | 0;
  let h2 = h1;
  let h3 = h1;
  let h4 = h1;
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
  // The last words without a branch: words that are no part of the text are masked to zero, which changes nothing.
  const rest = (end - at) << 2;
  let k1 = Math.imul(view.getInt32(at, true) & masks[rest]!, c1);
  let k2 = Math.imul(view.getInt32(at + 4, true) & masks[rest + 1]!, c2);
  let k3 = Math.imul(view.getInt32(at + 8, true) & masks[rest + 2]!, c3);
  let k4 = Math.imul(view.getInt32(at + 12, true) & masks[rest + 3]!, c4);
  k1 = Math.imul((k1 << 15) | (k1 >>> 17), c2);
  k2 = Math.imul((k2 << 16) | (k2 >>> 16), c3);
  k3 = Math.imul((k3 << 17) | (k3 >>> 15), c4);
  k4 = Math.imul((k4 << 18) | (k4 >>> 14), c1);
  finish(h1 ^ k1, h2 ^ k2, h3 ^ k3, h4 ^ k4, (end - start) | 0);
}

/** The last mixing, into `lanes`. */
function finish(a: number, b: number, c: number, d: number, length: number): void {
  let h1 = a ^ length;
  let h2 = b ^ length;
  let h3 = c ^ length;
  let h4 = d ^ length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = mix((h2 + h1) | 0);
  h3 = mix((h3 + h1) | 0);
  h4 = mix((h4 + h1) | 0);
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

  /** Adds rows whose hashes were already added up. @param sum its four lanes */
  addSum(sum: Int32Array, rows: number): void {
    this.#a = (this.#a + sum[0]!) | 0;
    this.#b = (this.#b + sum[1]!) | 0;
    this.#c = (this.#c + sum[2]!) | 0;
    this.#d = (this.#d + sum[3]!) | 0;
    this.rows += rows;
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
      if (this.#used === blockBytes) {
        this.#blocks(blockBytes);
        this.#used = 0;
      }
    }
    this.#length += end - start;
  }

  /** Leaves the hash in `lanes` and begins anew. */
  finish(): void {
    const whole = this.#used & ~15;
    this.#blocks(whole);
    const h = this.#h;
    const rest = (this.#used - whole) << 2;
    const view = this.#view;
    const k = (i: number, first: number, turn: number, second: number) => {
      const word = Math.imul(view.getInt32(whole + 4 * i, true) & masks[rest + i]!, first);
      return Math.imul((word << turn) | (word >>> (32 - turn)), second);
    };
    finish(
      h[0]! ^ k(0, c1, 15, c2),
      h[1]! ^ k(1, c2, 16, c3),
      h[2]! ^ k(2, c3, 17, c4),
      h[3]! ^ k(3, c4, 18, c1),
      this.#length | 0,
    );
    h.fill(rowsumSeed);
    this.#used = 0;
    this.#length = 0;
  }

  /** Mixes the first bytes of the buffer, a multiple of 16, into the state. */
  #blocks(end: number): void {
    const h = this.#h;
    const view = this.#view;
    let [h1, h2, h3, h4] = h as unknown as [number, number, number, number];
    for (let at = 0; at < end; at += 16) {
      let k1 = Math.imul(view.getInt32(at, true), c1);
      let k2 = Math.imul(view.getInt32(at + 4, true), c2);
      let k3 = Math.imul(view.getInt32(at + 8, true), c3);
      let k4 = Math.imul(view.getInt32(at + 12, true), c4);
      k1 = Math.imul((k1 << 15) | (k1 >>> 17), c2);
      k2 = Math.imul((k2 << 16) | (k2 >>> 16), c3);
      k3 = Math.imul((k3 << 17) | (k3 >>> 15), c4);
      k4 = Math.imul((k4 << 18) | (k4 >>> 14), c1);
      h1 ^= k1;
      h1 = (Math.imul((((h1 << 19) | (h1 >>> 13)) + h2) | 0, 5) + 0x561ccd1b) | 0;
      h2 ^= k2;
      h2 = (Math.imul((((h2 << 17) | (h2 >>> 15)) + h3) | 0, 5) + 0x0bcaa747) | 0;
      h3 ^= k3;
      h3 = (Math.imul((((h3 << 15) | (h3 >>> 17)) + h4) | 0, 5) + 0x96cd1c35) | 0;
      h4 ^= k4;
      h4 = (Math.imul((((h4 << 13) | (h4 >>> 19)) + h1) | 0, 5) + 0x32ac3b17) | 0;
    }
    h[0] = h1;
    h[1] = h2;
    h[2] = h3;
    h[3] = h4;
  }
}
