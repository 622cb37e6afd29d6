/** A literal argument of EXEC as a value with its type. */
import type { DataType } from '../../../model/data-type.ts';
import type { SystemProcedure } from '../../../tsql/ddl/statement.ts';
import type { ProcedureArgument } from '../../engine/catalog-access.ts';

type Literal = SystemProcedure['args'][number];

const plain = (name: string): DataType => ({ schema: null, name });
const sized = (name: string, length: number): DataType => ({ schema: null, name, length: Math.max(1, length) });

export function literalArgument({ name, value, text }: Literal): ProcedureArgument {
  const common = { name: name === null ? null : name.replace(/^@/, ''), output: false };
  if (value === null) return { ...common, value: null };
  if (/^N'/i.test(text)) return { ...common, value, type: sized('nvarchar', value.length) };
  if (text.startsWith("'")) return { ...common, value, type: sized('varchar', value.length) };
  if (/^0x/i.test(text)) {
    const digits = value.replace(/^0x/i, '');
    const bytes = new Uint8Array(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'));
    return { ...common, value: bytes, type: sized('varbinary', bytes.length) };
  }
  if (/^[-+]?\d+$/.test(value)) {
    const integer = BigInt(value);
    if (integer >= -(2n ** 31n) && integer < 2n ** 31n)
      return { ...common, value: Number(integer), type: plain('int') };
    return { ...common, value, type: numeric(value) };
  }
  if (/^[-+]?(\d+\.?\d*|\.\d+)$/.test(value)) return { ...common, value, type: numeric(value) };
  if (/^[-+]?(\d+\.?\d*|\.\d+)e[-+]?\d+$/i.test(value))
    return { ...common, value: Number(value), type: plain('float') };
  if (/^[-+]?[$£€¥]/.test(text)) return { ...common, value: value.replace(/[$£€¥]/, ''), type: plain('money') };
  // A bare word is text to EXEC.
  return { ...common, value, type: sized('nvarchar', value.length) };
}

/** A literal with a point is numeric(p,s) with the digits that are written, leading zeros aside. */
function numeric(value: string): DataType {
  const [whole = '', fraction = ''] = value.replace(/^[-+]/, '').split('.');
  const digits = whole.replace(/^0+/, '');
  return {
    schema: null,
    name: 'numeric',
    precision: Math.max(1, digits.length + fraction.length),
    scale: fraction.length,
  };
}
