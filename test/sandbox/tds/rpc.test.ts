import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UnsupportedRequest } from '../../../src/sandbox/tds/engine.ts';
import { readRpc } from '../../../src/sandbox/tds/rpc.ts';

/** A call of `p` with one parameter: name, status, type and value as given. */
function call(parameter: string): Buffer {
  return Buffer.from(`0100${Buffer.from('p', 'utf16le').toString('hex')}0000${parameter}`, 'hex');
}

describe('an RPC request', () => {
  it('is read with its parameters', () => {
    const name = Buffer.from('@a', 'utf16le').toString('hex');
    const request = readRpc(call(`02${name}01260404ffffffff`));
    expect(request.procedure).toBe('p');
    expect(request.parameters).toMatchObject([{ name: '@a', output: true, isNull: false }]);
    expect(readRpc(call('0000260400')).parameters).toMatchObject([{ name: '', output: false, isNull: true }]);
  });

  it('with a table-valued parameter is refused by name', () => {
    expect(() => readRpc(call('0000f3000000ffff0000'))).toThrow(UnsupportedRequest);
    const url = new URL('../../../../shared/facts/captured-wire.json', import.meta.url);
    if (!existsSync(url)) return;
    const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: { id: string; hex?: string }[] };
    for (const { id, hex } of cases)
      if (id.startsWith('tvp.') && hex)
        expect(() => readRpc(Buffer.from(hex, 'hex').subarray(22)), id).toThrow(
          'not supported by the sandbox: table-valued parameters',
        );
  });
});
