import { readTypeInfo } from '../../data/column-metadata.ts';
import { ROW, RowScanner } from '../../data/row-scanner.ts';
import { type WireColumn, WireType } from '../../data/wire-column.ts';
import { type RpcParameter, type RpcRequest, UnsupportedRequest } from './engine.ts';

/** Type of a table-valued parameter (MS-TDS 2.2.5.5.5). */
const tableValued = 0xf3;

/** RPC request (MS-TDS 2.2.6.6) behind its ALL_HEADERS; the first call of the message. @throws Error when it is cut; UnsupportedRequest */
export function readRpc(bytes: Buffer): RpcRequest {
  let at = 0;
  const nameLength = bytes.readUInt16LE(at);
  at += 2;
  let procedure: string | number;
  if (nameLength === 0xffff) {
    procedure = bytes.readUInt16LE(at);
    at += 2;
  } else {
    procedure = bytes.toString('utf16le', at, at + nameLength * 2);
    at += nameLength * 2;
  }
  at += 2; // option flags
  const parameters: RpcParameter[] = [];
  // 0x80 and 0xFF separate several calls in one message.
  while (at < bytes.length && bytes[at] !== 0x80 && bytes[at] !== 0xff) {
    const length = bytes[at]!;
    const name = bytes.toString('utf16le', at + 1, at + 1 + length * 2);
    at += 1 + length * 2;
    const status = bytes[at]!;
    if (bytes[at + 1] === tableValued) throw new UnsupportedRequest('table-valued parameters');
    const { column, end } = readTypeInfo(bytes, at + 1);
    // A value is laid out as in a row of one column, so the row scanner finds its end.
    const row = Buffer.concat([Uint8Array.of(ROW), bytes.subarray(end)]);
    const valueEnd = new RowScanner([column]).scanPart(row, 0, row.length) - 1;
    const value = bytes.subarray(end, end + valueEnd);
    parameters.push({
      name,
      output: (status & 1) !== 0,
      column: { ...column, name },
      value,
      isNull: isNull(column, value),
    });
    at = end + valueEnd;
  }
  return { procedure, parameters };
}

function isNull(column: WireColumn, value: Buffer): boolean {
  const t = WireType;
  switch (column.type) {
    case t.null:
      return true;
    case t.bigVarBinary:
    case t.bigVarChar:
    case t.nvarchar:
    case t.bigBinary:
    case t.bigChar:
    case t.nchar:
      return column.maxLength === 0xffff
        ? value.subarray(0, 8).every(b => b === 0xff)
        : value.readUInt16LE(0) === 0xffff;
    case t.xml:
    case t.udt:
    case t.json:
      return value.subarray(0, 8).every(b => b === 0xff);
    case t.guid:
    case t.intN:
    case t.bitN:
    case t.floatN:
    case t.moneyN:
    case t.datetimeN:
    case t.decimalN:
    case t.numericN:
    case t.dateN:
    case t.timeN:
    case t.datetime2N:
    case t.datetimeOffsetN:
    case t.text:
    case t.ntext:
    case t.image:
      return value[0] === 0;
    case t.variant:
      return value.readUInt32LE(0) === 0;
    default:
      return false;
  }
}
