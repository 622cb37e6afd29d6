import { describe, expect, it } from 'vitest';
import { scriptString } from '../../src/tsql/literal.ts';
import { oracleAvailable, parseWith } from '../support/oracle.ts';

describe('scriptString', () => {
  it('is one literal where nothing endangers it', () => {
    expect(scriptString("it's")).toBe("N'it''s'");
    expect(scriptString('')).toBe("N''");
    expect(scriptString('a\nb')).toBe("N'a\nb'");
  });

  it('splits what a runner or the server would change', () => {
    expect(scriptString('a\\\nb')).toBe("N'a\\' + N'\nb'");
    expect(scriptString('$(x)')).toBe("N'$' + N'(x)'");
    expect(scriptString('a\r\nGO\r\n')).toBe("N'a' + NCHAR(13) + NCHAR(10) + N'GO\r\n'");
  });

  it('takes the units of a text that UTF-8 cannot carry', () => {
    expect(scriptString('\ud834')).toBe('CAST(0x34D8 AS nvarchar(1))');
    expect(scriptString('a\0')).toBe('CAST(0x61000000 AS nvarchar(2))');
  });

  it('begins a long concatenation with a max type', () => {
    expect(scriptString(`${'x'.repeat(4000)}$(`)).toMatch(/^CAST\(N'' AS nvarchar\(max\)\) \+ N'x+\$' \+ N'\('$/);
  });

  it.skipIf(!oracleAvailable)('never nests an expression too deeply (judged by ScriptDom)', async () => {
    const text = '$(x)\n'.repeat(20_000);
    const literal = scriptString(text);
    expect(literal.startsWith('CAST(0x')).toBe(true);
    expect(Buffer.from(literal.slice(7, literal.indexOf(' ')), 'hex').toString('utf16le')).toBe(text);
    for (const many of [text, '$(x)\n'.repeat(90)])
      expect(await parseWith(100, `SELECT ${scriptString(many)}`)).toEqual([]);
  });
});
