/** Parameters of RPC requests, as a client sends them. */
import { type WireColumn, WireType } from '../../src/data/wire-column.ts';
import type { RpcParameter } from '../../src/sandbox/tds/engine.ts';

const column = (name: string, type: WireColumn['type'], maxLength: number, text: boolean): WireColumn => ({
  name,
  type,
  userType: 0,
  flags: 0,
  maxLength,
  precision: 0,
  scale: 0,
  collation: text
    ? { lcid: 0x409, flags: 0xd, version: 0, sortId: 0x34, bytes: Uint8Array.from([9, 4, 0xd0, 0, 0x34]) }
    : null,
  udt: null,
});

/** nvarchar(4000). */
export function textParameter(name: string, text: string): RpcParameter {
  const bytes = Buffer.from(text, 'utf16le');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length);
  return {
    name,
    output: false,
    column: column(name, WireType.nvarchar, 8000, true),
    value: Buffer.concat([length, bytes]),
    isNull: false,
  };
}

/** int that may be NULL. */
export function intParameter(name: string, value: number | null, output = false): RpcParameter {
  const bytes = Buffer.alloc(value === null ? 1 : 5);
  if (value !== null) {
    bytes[0] = 4;
    bytes.writeInt32LE(value, 1);
  }
  return { name, output, column: column(name, WireType.intN, 4, false), value: bytes, isNull: value === null };
}
