/**
 * Features that a client asks for at log-in and a server acknowledges: FeatureExt of LOGIN7 (MS-TDS 2.2.6.4) and FEATUREEXTACK
 * (2.2.7.11). tedious asks for its own only; this works on the bytes that it sends and gets.
 *
 * A server that does not know a feature must skip its data and go on (2.2.6.4, FeatureDataLen), and one below TDS 7.4 does not read
 * the block at all, so that asking fails no log-in. SQL Server 2022 and older do not know VECTORSUPPORT (appendix A, <33>).
 *
 * JSONSUPPORT (0x0D) is not asked for. Without it json comes as varchar(max) of a UTF-8 collation, for tedious asks for UTF8_SUPPORT:
 * the same characters in the same bytes, so nothing is lost, and Microsoft.Data.SqlClient and Microsoft's JDBC driver load json as
 * text in any case.
 */

import { XpdbError } from '../model/error.ts';

/**
 * VECTORSUPPORT: with it the server sends and takes vector in its binary form, else as JSON text in varchar(max).
 *
 * Version 1 is what MS-TDS describes: single precision. Half precision needs version 2, which only Microsoft's JDBC and ODBC
 * drivers speak of, and ask for only when told to; with version 1 the server sends such columns as text, whose eight digits tell
 * every half-precision number exactly.
 */
export const vectorFeature = 0x0e;
export const vectorVersion = 1;

/** Feature by its version: what is asked for, and what was acknowledged. All of xpdb's have one byte of data, their version. */
export type FeatureVersions = ReadonlyMap<number, number>;

const terminator = 0xff;

/** Offsets in LOGIN7. */
const optionFlags3 = 27;
const extensionOffset = 56;
const extensionLength = 58;
/** OptionFlags3.fExtension: there is a FeatureExt. */
const hasExtension = 0x10;

/**
 * Adds features to a LOGIN7 message.
 * @returns the message as it is when it has no FeatureExt block, as below TDS 7.4, or no feature is wanted
 * @throws XpdbError when the block does not end the message, where it has to grow
 */
export function requestFeatures(login: Buffer, wanted: FeatureVersions): Buffer {
  // Below TDS 7.4 tedious sets the flag, too, but has no block.
  const none = (login[optionFlags3]! & hasExtension) === 0 || login.readUInt16LE(extensionLength) === 0;
  if (wanted.size === 0 || none) return login;
  // ibExtension points to ibFeatureExtLong, which points to the block.
  let at = login.readUInt32LE(login.readUInt16LE(extensionOffset));
  while (at + 5 <= login.length && login[at] !== terminator) at += 5 + login.readUInt32LE(at + 1);
  if (at !== login.length - 1) {
    throw new XpdbError('the log-in message of the installed tedious has its features in another place', {
      hint: 'install the version of tedious that the package names (npm ci)',
    });
  }
  const entries = [...wanted].map(([feature, version]) => Buffer.of(feature, 1, 0, 0, 0, version));
  const longer = Buffer.concat([login.subarray(0, at), ...entries, Buffer.of(terminator)]);
  longer.writeUInt32LE(longer.length, 0);
  return longer;
}

const FEATUREEXTACK = 0xae;
/** Tokens of an answer to a log-in that have their length in two bytes, or in four. */
const shortTokens: ReadonlySet<number> = new Set([0xaa, 0xab, 0xad, 0xe3, 0xed]);
const longTokens: ReadonlySet<number> = new Set([0xe4, 0xee]);
const doneTokens: ReadonlySet<number> = new Set([0xfd, 0xfe, 0xff]);

/** Finds FEATUREEXTACK in the answers to a log-in, whose own reader knows the features of tedious only. */
export class FeatureAcknowledgements {
  readonly #wanted: FeatureVersions;
  readonly #versions = new Map<number, number>();
  #bytes = Buffer.alloc(0);

  constructor(wanted: FeatureVersions) {
    this.#wanted = wanted;
  }

  /** Another log-in begins: a server may send its client to another one. */
  reset(): void {
    this.#versions.clear();
  }

  /** Version that the server acknowledged; 0 for none. */
  version(feature: number): number {
    return this.#versions.get(feature) ?? 0;
  }

  get any(): boolean {
    return this.#versions.size > 0;
  }

  /** Passes the bytes of one message on, having looked at them. */
  async *watch(message: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    this.#bytes = Buffer.alloc(0);
    for await (const chunk of message) {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#take();
      yield chunk;
    }
  }

  /** Takes the whole tokens at hand. */
  #take(): void {
    const bytes = this.#bytes;
    let at = 0;
    while (at < bytes.length) {
      const end = bytes[at] === FEATUREEXTACK ? this.#features(bytes, at + 1) : tokenEnd(bytes, at);
      if (end > bytes.length) break;
      at = end;
    }
    this.#bytes = bytes.subarray(at);
  }

  /** @returns the position behind the token, or one behind the bytes while it is cut */
  #features(bytes: Buffer, start: number): number {
    const cut = bytes.length + 1;
    let at = start;
    while (at < bytes.length && bytes[at] !== terminator) {
      if (at + 5 > bytes.length) return cut;
      const end = at + 5 + bytes.readUInt32LE(at + 1);
      if (end > bytes.length) return cut;
      this.#acknowledge(bytes[at]!, bytes.subarray(at + 5, end));
      at = end;
    }
    return at < bytes.length ? at + 1 : cut;
  }

  #acknowledge(feature: number, data: Buffer): void {
    const wanted = this.#wanted.get(feature);
    // Features of tedious are tedious' to judge.
    if (wanted === undefined) return;
    const version = data[0];
    if (data.length !== 1 || version === undefined || version < 1 || version > wanted) {
      throw new XpdbError(
        `the server acknowledges version ${version ?? 'none'} of the log-in feature 0x${hex(feature)}, of which ${wanted} was asked for`,
      );
    }
    this.#versions.set(feature, version);
  }
}

/** Behind the token at `at`; of one that no log-in has, or that is cut, behind all bytes. */
function tokenEnd(bytes: Buffer, at: number): number {
  const token = bytes[at]!;
  const cut = bytes.length + 1;
  if (shortTokens.has(token)) return at + 3 > bytes.length ? cut : at + 3 + bytes.readUInt16LE(at + 1);
  if (longTokens.has(token)) return at + 5 > bytes.length ? cut : at + 5 + bytes.readUInt32LE(at + 1);
  return doneTokens.has(token) ? at + 13 : cut;
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
