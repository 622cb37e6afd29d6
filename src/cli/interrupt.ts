import { ExitCode, XpdbError } from '../model/error.ts';
import { warn } from './terminal.ts';

export interface Interrupt {
  readonly interrupted: () => boolean;
  readonly release: () => void;
}

/** First Ctrl-C: `stop` is called, and the command ends in order. Second: the process ends at once. */
export function onInterrupt(stop: () => void): Interrupt {
  let interrupted = false;
  const handler = () => {
    if (interrupted) process.exit(ExitCode.interrupted);
    interrupted = true;
    warn('stopping; Ctrl-C again ends at once');
    stop();
  };
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return {
    interrupted: () => interrupted,
    release: () => {
      process.off('SIGINT', handler);
      process.off('SIGTERM', handler);
    },
  };
}

/** Ctrl-C, whatever error it led to. */
export function stoppedByUser(hint: string, cause: unknown): XpdbError {
  return new XpdbError('stopped by Ctrl-C', { hint, exitCode: ExitCode.interrupted, cause });
}
