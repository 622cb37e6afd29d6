import { describe, expect, it } from 'vitest';
import { fromPlainError, toPlainError } from '../../src/connection/plain-error.ts';
import { ConnectionLostError } from '../../src/connection/sql-error.ts';
import { withRetries } from '../../src/exporter/retry.ts';

const signal = new AbortController().signal;

describe('withRetries', () => {
  it('tries again what may pass, so often as allowed, and says so', async () => {
    const lost = new ConnectionLostError('server', 'while a batch ran');
    const told: string[] = [];
    let failures = 2;
    const work = async () => {
      if (failures-- > 0) throw lost;
      return 1;
    };
    const onRetry = (error: Error) => told.push(error.message);
    expect(await withRetries(work, { delays: [0, 0], signal, onRetry })).toBe(1);
    expect(told).toEqual(Array(2).fill('connection to server lost while a batch ran'));
    failures = 3;
    await expect(withRetries(work, { delays: [0, 0], signal, onRetry })).rejects.toBe(lost);
    failures = 1;
    await expect(withRetries(work, { delays: [], signal, onRetry })).rejects.toBe(lost);
  });

  it('knows an error that may pass when it comes from a thread', async () => {
    let tries = 0;
    const work = async () => {
      if (tries++ === 0) throw fromPlainError(toPlainError(new ConnectionLostError('server', 'while a batch ran')));
      return tries;
    };
    expect(await withRetries(work, { delays: [0], signal, onRetry: () => undefined })).toBe(2);
  });

  it('does not repeat what stays', async () => {
    let tries = 0;
    const work = async () => {
      tries++;
      throw new Error('a defect');
    };
    await expect(withRetries(work, { delays: [0, 0], signal, onRetry: () => undefined })).rejects.toThrow('a defect');
    expect(tries).toBe(1);
  });
});
