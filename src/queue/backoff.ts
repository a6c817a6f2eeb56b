export interface BackoffSettings {
  backoffMs: number;
  backoffMaxMs: number;
  /** From 0 up to, not including, 1. */
  random: () => number;
}

/** Name under which workers register `backoffDelayMs`, and jobs ask for it. */
export const BACKOFF_TYPE = 'onboard';

/**
 * Wait before the next attempt, in ms: doubled each time, capped, half of it random so that jobs
 * which failed together do not come back together. With the defaults (1 s, 60 s) attempts 2 to 8
 * wait at most 1, 2, 4, 8, 16, 32 and 60 s: about two minutes in all.
 */
export function backoffDelayMs(attemptsMade: number, settings: BackoffSettings): number {
  const full = settings.backoffMs * 2 ** Math.min(attemptsMade - 1, 30);
  const capped = Math.min(full, settings.backoffMaxMs);
  return Math.round(capped * (0.5 + 0.5 * settings.random()));
}
