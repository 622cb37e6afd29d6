/** Calls by RPC. */
import type { RpcParameter, RpcRequest } from '../../tds/engine.ts';
import { Cursor } from '../parser/cursor.ts';
import { unsupported } from '../server-error.ts';
import { cellReader } from '../types/row-reader.ts';
import { cellWriter, RowWriter } from '../types/row-writer.ts';
import { sentForm } from '../types/sent-form.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Value } from '../types/values.ts';
import { wireColumn } from '../types/wire-form.ts';
import { wireForm } from '../types/wire-type.ts';
import type { Argument } from './arguments.ts';
import type { Execution } from './execution.ts';
import { call } from './procedure.ts';

/** Procedures that clients call by number (MS-TDS 2.2.6.6). */
const byNumber: Readonly<Record<number, string>> = {
  10: 'sp_executesql',
  11: 'sp_prepare',
  12: 'sp_execute',
  13: 'sp_prepexec',
  15: 'sp_unprepare',
};
const cursors: Readonly<Record<number, string>> = {
  1: 'sp_cursor',
  2: 'sp_cursoropen',
  3: 'sp_cursorprepare',
  4: 'sp_cursorexecute',
  5: 'sp_cursorprepexec',
  6: 'sp_cursorunprepare',
  7: 'sp_cursorfetch',
  8: 'sp_cursoroption',
  9: 'sp_cursorclose',
  14: 'sp_prepexecrpc',
};

interface Returned {
  readonly parameter: RpcParameter;
  readonly ordinal: number;
  type: SqlType;
  value: Value;
}

export async function callRpc(x: Execution, request: RpcRequest): Promise<void> {
  const { procedure } = request;
  const written = typeof procedure === 'number' ? byNumber[procedure] : procedure;
  if (written === undefined)
    throw unsupported(`the call of ${cursors[procedure as number] ?? `procedure number ${procedure}`}`);
  const returned: Returned[] = [];
  const fallback = x.session.settings.databaseCollation;
  const args = request.parameters.map((p, ordinal): Argument => {
    const { type, nullable } = wireForm(p.column, fallback);
    const bytes = Buffer.from(p.value.buffer, p.value.byteOffset, p.value.byteLength);
    const value = p.isNull ? null : cellReader(type, nullable)(bytes, 0);
    const slot: Returned | null = p.output ? { parameter: p, ordinal, type, value } : null;
    if (slot) returned.push(slot);
    return {
      name: p.name,
      type: p.isNull ? null : type,
      value,
      output: p.output,
      receive: slot
        ? (t, v) => {
            slot.type = t;
            slot.value = v;
          }
        : null,
    };
  });
  const name = new Cursor(written, true).objectName();
  const { status } = await call(x, name, args, 1);
  x.tokens.returnStatus(status);
  for (const r of returned) {
    const w = new RowWriter();
    const { type, convert } = sentForm(r.type, x.session.nativeVectors);
    cellWriter(type, true)(w, convert(r.value));
    const column = { ...wireColumn('', type, true, 0), userType: 0 };
    x.tokens.returnValue(r.parameter.name, r.ordinal, column, w.take());
  }
}
