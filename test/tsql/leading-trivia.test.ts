import { describe, expect, it } from 'vitest';
import { afterTrivia } from '../../src/tsql/leading-trivia.ts';

describe('what stands before a statement', () => {
  it.each([
    ['SELECT 1', 0],
    ['  \r\n\tSELECT 1', 5],
    ['-- a\n-- b\r\nSELECT 1', 11],
    ['/* a /* b */ c */SELECT 1', 17],
    ['-- only', 7],
    ['/* open', 7],
    ['- 1', 0],
  ])('%j ends at %i', (text, end) => {
    expect(afterTrivia(text)).toBe(end);
  });

  it('passes long lines of hyphens and stars at once', () => {
    const text = `${`${'-'.repeat(200)}\n`.repeat(50)}/*${'*'.repeat(500)}/ declare @a int;`;
    expect(text.slice(afterTrivia(text))).toBe('declare @a int;');
  });
});
