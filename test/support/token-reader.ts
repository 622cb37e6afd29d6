/** The tokens of a response message, read independently of the server that wrote them. */
import { readColumnMetadata, readTypeInfo } from '../../src/data/column-metadata.ts';
import { RowScanner } from '../../src/data/row-scanner.ts';
import type { WireColumn } from '../../src/data/wire-column.ts';

export interface Token {
  readonly name: string;
  /** DONE…: status bits, command, count. */
  readonly status?: number;
  readonly command?: number;
  readonly count?: bigint;
  /** ERROR, INFO. */
  readonly number?: number;
  readonly state?: number;
  readonly class?: number;
  readonly line?: number;
  readonly message?: string;
  /** ENVCHANGE type; value of RETURNSTATUS. */
  readonly value?: number;
  readonly columns?: readonly WireColumn[];
  /** The bytes of the token, its type byte included. */
  readonly bytes: Buffer;
}

const doneNames: Readonly<Record<number, string>> = { 253: 'DONE', 254: 'DONEPROC', 255: 'DONEINPROC' };

/** @throws Error for a token that a response cannot hold */
export function readTokens(message: Buffer): Token[] {
  const tokens: Token[] = [];
  let columns: readonly WireColumn[] = [];
  let at = 0;
  const add = (end: number, token: Omit<Token, 'bytes'>): void => {
    tokens.push({ ...token, bytes: message.subarray(at, end) });
    at = end;
  };
  while (at < message.length) {
    const type = message[at]!;
    switch (type) {
      case 0x81: {
        const metadata = readColumnMetadata(message, at + 1, message.length, 'result');
        columns = metadata.columns;
        add(metadata.end, { name: 'COLMETADATA', columns });
        break;
      }
      case 0xd1:
      case 0xd2: {
        const scanner = new RowScanner(columns);
        const end = scanner.scanPart(message, at, message.length);
        if (scanner.inRow) throw new Error('a row is cut');
        add(end, { name: type === 0xd1 ? 'ROW' : 'NBCROW' });
        break;
      }
      case 0xa9:
        add(at + 3 + message.readUInt16LE(at + 1), { name: 'ORDER' });
        break;
      case 0xaa:
      case 0xab: {
        const end = at + 3 + message.readUInt16LE(at + 1);
        const length = message.readUInt16LE(at + 9);
        const text = message.toString('utf16le', at + 11, at + 11 + length * 2);
        let p = at + 11 + length * 2;
        p += 1 + message[p]! * 2;
        p += 1 + message[p]! * 2;
        add(end, {
          name: type === 0xaa ? 'ERROR' : 'INFO',
          number: message.readInt32LE(at + 3),
          state: message[at + 7]!,
          class: message[at + 8]!,
          message: text,
          line: message.readInt32LE(p),
        });
        break;
      }
      case 0xe3:
        add(at + 3 + message.readUInt16LE(at + 1), { name: 'ENVCHANGE', value: message[at + 3]! });
        break;
      case 0x79:
        add(at + 5, { name: 'RETURNSTATUS', value: message.readInt32LE(at + 1) });
        break;
      case 0xac: {
        const nameEnd = at + 4 + message[at + 3]! * 2;
        const { column, end } = readTypeInfo(message, nameEnd + 1 + 4 + 2);
        const row = Buffer.concat([Buffer.of(0xd1), message.subarray(end)]);
        add(end + new RowScanner([column]).scanPart(row, 0, row.length) - 1, { name: 'RETURNVALUE' });
        break;
      }
      case 0xfd:
      case 0xfe:
      case 0xff:
        add(at + 13, {
          name: doneNames[type]!,
          status: message.readUInt16LE(at + 1),
          command: message.readUInt16LE(at + 3),
          count: message.readBigUInt64LE(at + 5),
        });
        break;
      default:
        throw new Error(`token 0x${type.toString(16)} at ${at}`);
    }
  }
  return tokens;
}
