/**
 * Values of vector, which are the bytes of its binary form (MS-TDS 2.2.5.5.7): eight bytes of header and the numbers, in single or half
 * precision. Clients that do not ask for that form get text, an array of numbers with eight digits each.
 */
import { columnDimensions, vectorHeader } from '../../../data/vector.ts';
import { ServerError } from '../server-error.ts';
import type { SqlType } from './sql-type.ts';

const half = 1;

/** Bytes of a value of the type. */
export const vectorBytes = (t: SqlType): number => vectorHeader + t.length * (t.scale === half ? 2 : 4);

const wrongDimensions = (one: number, other: number): ServerError =>
  new ServerError(42204, `The vector dimensions ${one} and ${other} do not match.`, { state: 3 });
const notJson = (text: string): ServerError => {
  const at = Math.max(0, text.search(/\S/));
  return new ServerError(
    13609,
    `JSON text is not properly formatted. Unexpected character '${text.charAt(at)}' is found at position ${at}.`,
    { state: 4 },
  );
};

/** The value that an array of JSON numbers is, each rounded to the type's precision. @throws ServerError */
export function vectorOfText(text: string, t: SqlType): Uint8Array {
  let numbers: unknown;
  try {
    numbers = JSON.parse(text);
  } catch {
    throw notJson(text);
  }
  if (!Array.isArray(numbers) || numbers.some(n => typeof n !== 'number')) throw notJson(text);
  if (numbers.length !== t.length) throw wrongDimensions(t.length, numbers.length);
  const out = Buffer.alloc(vectorBytes(t));
  out.writeUInt16LE(0x01a9, 0);
  out.writeUInt16LE(t.length, 2);
  out[4] = t.scale;
  for (const [i, n] of (numbers as number[]).entries()) {
    const isFinite =
      t.scale === half ? writeHalf(out, vectorHeader + 2 * i, n) : writeSingle(out, vectorHeader + 4 * i, n);
    if (!isFinite) {
      throw new ServerError(
        232,
        `Arithmetic overflow error for type ${t.scale === half ? 'float16' : 'real'}, value = ${n.toFixed(6)}.`,
      );
    }
  }
  return out;
}

/** Bytes that came from a client. @throws ServerError for another form, other dimensions, NaN and infinity */
export function checkVector(bytes: Uint8Array, t: SqlType): Uint8Array {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const known = bytes.length >= vectorHeader && view.readUInt16LE(0) === 0x01a9 && bytes[4] === t.scale;
  if (!known || bytes.length !== vectorHeader + view.readUInt16LE(2) * (t.scale === half ? 2 : 4))
    throw new ServerError(4815, 'Received an invalid vector from the bcp client.', { class: 17 });
  if (view.readUInt16LE(2) !== t.length) throw wrongDimensions(t.length, columnDimensions(bytes.length, t.scale));
  for (const n of numbersOf(view, t.scale))
    if (!Number.isFinite(n)) throw new ServerError(232, `Arithmetic overflow error for type real, value = ${n}.`);
  return bytes;
}

/** `[1.0000000e+000,-2.5000000e-003]`: eight digits, three of the exponent. */
export function vectorText(bytes: Uint8Array): string {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const numbers = numbersOf(view, view[4]!).map(n => {
    const [digits, exponent] = n.toExponential(7).split('e') as [string, string];
    const sign = Object.is(n, -0) ? '-' : '';
    return `${sign}${digits}e${exponent[0]}${exponent.slice(1).padStart(3, '0')}`;
  });
  return `[${numbers.join(',')}]`;
}

function numbersOf(bytes: Buffer, base: number): number[] {
  const numbers: number[] = [];
  if (base === half) for (let i = vectorHeader; i < bytes.length; i += 2) numbers.push(ofHalf(bytes.readUInt16LE(i)));
  else for (let i = vectorHeader; i < bytes.length; i += 4) numbers.push(bytes.readFloatLE(i));
  return numbers;
}

function writeSingle(out: Buffer, at: number, n: number): boolean {
  out.writeFloatLE(n, at);
  return Number.isFinite(Math.fround(n));
}

/** IEEE 754 binary16: 11 bits from 2^-14 on, below in steps of 2^-24; to the nearest, of two the even one. */
function writeHalf(out: Buffer, at: number, n: number): boolean {
  const size = Math.abs(n);
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const units = size / 2 ** (exponent - 10);
  let whole = Math.floor(units);
  const rest = units - whole;
  if (rest > 0.5 || (rest === 0.5 && whole % 2 === 1)) whole++;
  // A carry out of the fraction goes into the exponent, as the bits lie.
  const bits = whole < 1024 ? whole : (exponent + 14) * 1024 + whole;
  out.writeUInt16LE((n < 0 || Object.is(n, -0) ? 0x8000 : 0) | Math.min(bits, 0x7c00), at);
  return bits < 0x7c00;
}

function ofHalf(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const size =
    exponent === 0x1f
      ? fraction === 0
        ? Number.POSITIVE_INFINITY
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1024 + fraction) * 2 ** (exponent - 25);
  return (bits & 0x8000) === 0 ? size : -size;
}
