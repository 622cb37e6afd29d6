import { describe, expect, it } from 'vitest';
import { hintForNumber } from '../../src/connection/error-hints.ts';
import {
  CancelledError,
  ConnectionLostError,
  isRetryable,
  type ServerMessage,
  SqlServerError,
} from '../../src/connection/sql-error.ts';
import { describeError } from '../../src/model/error.ts';

const message = (number: number, text = 'm'): ServerMessage => ({
  number,
  state: 1,
  class: 16,
  line: 4,
  procedure: '',
  server: 's',
  message: text,
});

describe('SqlServerError', () => {
  it('takes the first error, not the follow-up', () => {
    const error = new SqlServerError([message(3621, 'terminated'), message(2627, 'duplicate')]);
    expect(error.number).toBe(2627);
    expect(error.line).toBe(4);
    expect(describeError(error)).toBe('duplicate (error 2627); the key exists already: was this part loaded before?');
    expect(new SqlServerError([message(3621)]).number).toBe(3621);
  });

  it('knows what is worth another try', () => {
    expect(isRetryable(new SqlServerError([message(50000), message(1205)]))).toBe(true);
    expect(isRetryable(new SqlServerError([message(40501)]))).toBe(true);
    expect(isRetryable(new SqlServerError([message(547)]))).toBe(false);
    expect(isRetryable(new ConnectionLostError('s', 'while a batch ran'))).toBe(true);
    expect(isRetryable(new CancelledError())).toBe(false);
  });

  it.each([
    102, 156, 195, 208, 262, 229, 297, 544, 8101, 547, 1785, 1934, 2627, 2601, 2714, 3930, 5123, 5133, 5170, 8152, 2628,
    9402, 13536, 15023, 15063, 18456, 4060, 40515,
  ])('has a sentence for %i', number => {
    expect(hintForNumber(number)).toMatch(/^[a-zA-Z].{15,}$/);
  });
});
