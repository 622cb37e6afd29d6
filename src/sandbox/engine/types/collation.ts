/** Collations of the pretended server: comparison, equality keys and sortable keys of text. */
import { wireCollation } from './wire-collation.ts';

export interface Collation {
  readonly name: string;
  readonly ignoreCase: boolean;
  readonly ignoreAccent: boolean;
  readonly binary: boolean;
  readonly utf8: boolean;
  /** The five bytes of TDS. */
  readonly bytes: Uint8Array;
}

const known = new Map<string, Collation>();

/** A collation by name, in any case. The name is taken on trust: the catalog has checked it (448). */
export function collationNamed(name: string): Collation {
  const key = name.toLowerCase();
  let found = known.get(key);
  if (!found) {
    const parts = key.split('_');
    const binary = parts.includes('bin') || parts.includes('bin2');
    found = {
      name,
      ignoreCase: !binary && !parts.includes('cs'),
      ignoreAccent: !binary && parts.includes('ai'),
      binary,
      utf8: parts.includes('utf8'),
      bytes: wireCollation(name),
    };
    known.set(key, found);
  }
  return found;
}

/** Trailing blanks do not count in comparisons (ANSI padding rule). */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
}

const combining = /[\u0300-\u036f]/g;

/** Two texts are equal in the collation exactly when their keys are. */
export function equalityKey(text: string, collation: Collation): string {
  let key = trimEnd(text);
  if (collation.binary) return key;
  if (collation.ignoreCase) key = key.toLowerCase();
  if (collation.ignoreAccent) key = key.normalize('NFD').replace(combining, '');
  return key;
}

/** Primary weights of characters: punctuation, digits, letters; Unicode's order for the common scripts, code units beyond. */
let weights: Uint16Array | undefined;
function primaryWeights(): Uint16Array {
  if (weights) return weights;
  const table = new Uint16Array(65536);
  for (let i = 0; i < 65536; i++) table[i] = Math.min(65535, i + 3000);
  const common: string[] = [];
  for (let i = 0; i < 0x530; i++) {
    if (i >= 0x300 && i < 0x370) continue;
    common.push(String.fromCharCode(i));
  }
  const collator = new Intl.Collator('en', { sensitivity: 'base' });
  common.sort((a, b) => collator.compare(a, b) || a.charCodeAt(0) - b.charCodeAt(0));
  let weight = 1;
  common.forEach((c, i) => {
    if (i > 0 && (c.charCodeAt(0) < 32 || collator.compare(common[i - 1]!, c) !== 0)) weight++;
    table[c.charCodeAt(0)] = weight;
  });
  weights = table;
  return table;
}

function compareBinary(a: string, b: string): number {
  // Code points: surrogates above the rest of the BMP only under BIN2 of UTF-8; UTF-16 units are what nvarchar BIN2 compares.
  return a < b ? -1 : a > b ? 1 : 0;
}

const isAscii = (text: string): boolean => !/[^\x20-\x7e]/.test(text);

/** Less than, equal (0) or greater in the collation's order; trailing blanks do not count. */
export function compareText(first: string, second: string, collation: Collation): number {
  if (first === second) return 0;
  const a = trimEnd(first);
  const b = trimEnd(second);
  if (collation.binary) return compareBinary(a, b);
  const table = primaryWeights();
  const plain = isAscii(a) && isAscii(b);
  const x = plain ? a : a.normalize('NFD').replace(combining, '');
  const y = plain ? b : b.normalize('NFD').replace(combining, '');
  const common = Math.min(x.length, y.length);
  for (let i = 0; i < common; i++) {
    const d = table[x.charCodeAt(i)]! - table[y.charCodeAt(i)]!;
    if (d) return d < 0 ? -1 : 1;
  }
  if (x.length !== y.length) return x.length < y.length ? -1 : 1;
  if (!plain && !collation.ignoreAccent) {
    const d = compareBinary(a.normalize('NFD').toLowerCase(), b.normalize('NFD').toLowerCase());
    if (d) return d;
  }
  if (collation.ignoreCase) return 0;
  // Lower case before upper case.
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] === b[i]) continue;
    const lower = a[i] === a[i]!.toLowerCase();
    return lower ? -1 : 1;
  }
  return compareBinary(a, b);
}

/** Bytes whose order (memcmp) is that of `compareText`, and equal exactly for equal texts. */
export function sortKey(text: string, collation: Collation): Buffer {
  const trimmed = trimEnd(text);
  if (collation.binary) {
    const out = Buffer.allocUnsafe(trimmed.length * 2);
    for (let i = 0; i < trimmed.length; i++) out.writeUInt16BE(trimmed.charCodeAt(i), i * 2);
    return out;
  }
  const table = primaryWeights();
  const base = isAscii(trimmed) ? trimmed : trimmed.normalize('NFD').replace(combining, '');
  const accents = isAscii(trimmed) || collation.ignoreAccent ? '' : trimmed.normalize('NFD').toLowerCase();
  const cases = collation.ignoreCase ? '' : trimmed;
  const out = Buffer.allocUnsafe(base.length * 2 + 2 + (accents.length + 1) * 2 + cases.length * 3);
  let at = 0;
  for (let i = 0; i < base.length; i++) at = out.writeUInt16BE(table[base.charCodeAt(i)]!, at);
  at = out.writeUInt16BE(0, at);
  for (let i = 0; i < accents.length; i++) at = out.writeUInt16BE(accents.charCodeAt(i), at);
  at = out.writeUInt16BE(0, at);
  for (let i = 0; i < cases.length; i++) {
    const c = cases[i]!;
    out[at++] = c === c.toLowerCase() ? 1 : 2;
    at = out.writeUInt16BE(c.charCodeAt(0), at);
  }
  return out.subarray(0, at);
}
