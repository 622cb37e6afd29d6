/** Executions of single statements. */
import type { Frame, Run, SessionView } from '../query/runtime.ts';
import { Cancelled } from './write-lock.ts';

export const emptyFrame = (): Frame => ({ variables: new Map(), tables: new Map() });

export function newRun(session: SessionView, frame: Frame, signal: AbortSignal | null): Run {
  return {
    session,
    settings: session.settings,
    frame,
    now: Date.now(),
    cache: new Map(),
    check() {
      if (signal?.aborted) throw new Cancelled();
    },
  };
}
