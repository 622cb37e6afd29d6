import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XpdbError } from '../../src/model/error.ts';
import type { Expression } from '../../src/tsql/expression.ts';
import { parseExpression, parseExpressionText } from '../../src/tsql/expression-parser.ts';
import { printExpression } from '../../src/tsql/expression-printer.ts';
import { tokenize } from '../../src/tsql/lexer.ts';
import { normalizeExpression } from '../../src/tsql/normalize-expression.ts';
import { TokenCursor } from '../../src/tsql/token-cursor.ts';

const name = fc.constantFrom('a', 'Order Date', 'x]y', 'select', 'b');
const string = fc.string({ unit: fc.constantFrom('a', "'", ' ', '%', '\n', 'é', '\u{1F600}'), maxLength: 6 });
const literal: fc.Arbitrary<Expression> = fc.oneof(
  fc.nat(1000).map(n => ({ kind: 'literal', literal: 'integer', value: String(n) }) as const),
  fc.nat(1000).map(n => ({ kind: 'literal', literal: 'decimal', value: `${n}.50` }) as const),
  string.map(value => ({ kind: 'literal', literal: 'string', value }) as const),
  string.map(value => ({ kind: 'literal', literal: 'nstring', value }) as const),
  fc.constant({ kind: 'literal', literal: 'null', value: '' } as const),
  fc.constant({ kind: 'literal', literal: 'binary', value: '0x0AFF' } as const),
);

/** Any tree that the grammar knows, scalars and conditions apart as T-SQL keeps them. */
const { scalar, condition } = fc.letrec<{ scalar: Expression; condition: Expression }>(tie => ({
  scalar: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'e' },
    literal,
    name.map(part => ({ kind: 'column', parts: [part] }) as const),
    fc
      .tuple(fc.constantFrom('-', '~'), tie('scalar'))
      .map(([operator, operand]) => ({ kind: 'unary', operator, operand }) as Expression),
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^'), tie('scalar'), tie('scalar'))
      .map(([operator, left, right]) => ({ kind: 'arithmetic', operator, left, right }) as Expression),
    fc
      .tuple(tie('condition'), tie('scalar'), fc.option(tie('scalar')))
      .map(
        ([when, result, otherwise]) =>
          ({ kind: 'case', operand: null, branches: [{ when, result }], otherwise }) as const,
      ),
    tie('scalar').map(operand => ({ kind: 'collate', operand, collation: 'Latin1_General_BIN' }) as const),
    fc.array(tie('scalar'), { maxLength: 3 }).map(args => {
      return { kind: 'call', name: ['ISNULL'], builtIn: true, distinct: false, args, suffix: null } as const;
    }),
    tie('scalar').map(operand => {
      const type = { parts: ['decimal'], args: ['10', '2'], system: true };
      return { kind: 'cast', function: 'CONVERT', type, operand, style: null } as const;
    }),
  ),
  condition: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'e' },
    fc
      .tuple(fc.constantFrom('=', '<>', '<', '>', '<=', '>='), tie('scalar'), tie('scalar'))
      .map(
        ([operator, left, right]) => ({ kind: 'comparison', operator, quantifier: null, left, right }) as Expression,
      ),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('condition'), tie('condition'))
      .map(([kind, left, right]) => ({ kind, left, right }) as Expression),
    tie('condition').map(operand => ({ kind: 'not', operand }) as const),
    fc.tuple(tie('scalar'), fc.boolean()).map(([operand, negated]) => ({ kind: 'isNull', negated, operand }) as const),
    fc
      .tuple(tie('scalar'), tie('scalar'), fc.option(literal))
      .map(([operand, pattern, by]) => ({ kind: 'like', negated: false, operand, pattern, escape: by }) as const),
    fc
      .tuple(tie('scalar'), fc.array(tie('scalar'), { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([operand, list, negated]) => ({ kind: 'in', negated, operand, list }) as const),
    fc
      .tuple(tie('scalar'), tie('scalar'), tie('scalar'), fc.boolean())
      .map(([operand, low, high, negated]) => ({ kind: 'between', negated, operand, low, high }) as const),
  ),
}));

describe('expressions', () => {
  it('parses what it prints to the same tree', () => {
    fc.assert(
      fc.property(fc.oneof(scalar, condition), e => {
        expect(parseExpressionText(printExpression(e))).toEqual(e);
      }),
      { numRuns: 400 },
    );
  });

  it('normalises once and for all', () => {
    fc.assert(
      fc.property(fc.oneof(scalar, condition), e => {
        const once = normalizeExpression(printExpression(e));
        expect(normalizeExpression(once)).toBe(once);
      }),
      { numRuns: 200 },
    );
  });

  it('stops where the expression ends', () => {
    const text = 'a + 1 NOT NULL CONSTRAINT x';
    const cursor = new TokenCursor(tokenize(text), text);
    expect(parseExpression(cursor)).toMatchObject({ kind: 'arithmetic', operator: '+' });
    expect(cursor.token.value).toBe('NOT');
  });

  it.each([
    ["a AT TIME ZONE 'UTC' AT TIME ZONE @tz", "[a] AT TIME ZONE 'UTC' AT TIME ZONE @tz"],
    ['EXISTS (SELECT 1 FROM t WHERE x IN (1))', 'exists (SELECT 1 FROM t WHERE x IN (1))'],
    ['a = ANY (SELECT b FROM t)', '[a]=ANY (SELECT b FROM t)'],
    ["c.value('(/a)[1]', 'int')", "[c].[value]('(/a)[1]','int')"],
    ["CAST(a AS xml).value('.', 'int')", "CAST([a] AS [xml]).[value]('.','int')"],
    ["STRING_AGG(a, N',') WITHIN GROUP (ORDER BY a)", "string_agg([a],N',') WITHIN GROUP (ORDER BY a)"],
    ['a IS NOT DISTINCT FROM b', '[a] IS NOT DISTINCT FROM [b]'],
    ['@@ROWCOUNT + @v', '@@rowcount+@v'],
    ['$rowguid', '$rowguid'],
    ["{d '2020-01-01'}", "CONVERT([datetime],'2020-01-01')"],
    ['srv..x.f(1)', '[srv]..[x].[f]((1))'],
  ])('%s', (text, printed) => {
    expect(printExpression(parseExpressionText(text))).toBe(printed);
  });

  it.each([
    ['a +', 1, 4],
    ['a = 1 b', 1, 7],
    ['(a', 1, 3],
    ['CASE a END', 1, 8],
    ['\n  FROM', 2, 3],
    ['a BETWEEN 1 OR 2', 1, 13],
  ])('error 102 in %j', (text, line, column) => {
    let error: unknown;
    try {
      parseExpressionText(text);
    } catch (e) {
      error = e;
    }
    expect(error).toBeInstanceOf(XpdbError);
    expect((error as XpdbError).details).toMatchObject({ number: 102, position: { line, column } });
  });
});
