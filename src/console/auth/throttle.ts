import type { Timings } from '../../timings.ts';

/** Subject of a count: a name, an address, or both together. */
export interface Counted {
  key: string;
  /** Failures without a wait. */
  free: number;
  /** Whether others may be at it too: a success then takes back its own attempt alone. */
  isShared?: boolean;
}

export interface Throttle {
  /**
   * Begins an attempt, which counts as a failure until `succeeded`: attempts sent together count.
   * Returns 0, or the ms for which nothing more is checked.
   */
  begin(counted: readonly Counted[]): number;
  succeeded(counted: readonly Counted[]): void;
}

interface Failures {
  count: number;
  waitsUntil: number;
  forgottenAt: number;
}

/** Failures of different names and addresses that are remembered, a megabyte. */
const MOST_REMEMBERED = 10_000;

type Waits = Pick<Timings, 'signInWaitMs' | 'signInWaitMaxMs' | 'signInForgetMs'>;

/** Slows guesses of passwords and codes down: each failure doubles the wait. */
export function createThrottle(timings: Waits, now: () => number): Throttle {
  const { signInWaitMs, signInWaitMaxMs, signInForgetMs } = timings;
  const remembered = new Map<string, Failures>();

  const recall = (key: string): Failures | undefined => {
    const failures = remembered.get(key);
    return failures !== undefined && failures.forgottenAt > now() ? failures : undefined;
  };

  const count = ({ key, free }: Counted): void => {
    const count = (recall(key)?.count ?? 0) + 1;
    const doubled = signInWaitMs * 2 ** Math.min(count - free - 1, 30);
    const wait = count <= free ? 0 : Math.min(doubled, signInWaitMaxMs);
    // At the end, so that the first of the map is the oldest.
    remembered.delete(key);
    const at = now();
    remembered.set(key, { count, waitsUntil: at + wait, forgottenAt: at + signInForgetMs });
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  };

  return {
    begin: (counted) => {
      const waits = counted.map(({ key }) => (recall(key)?.waitsUntil ?? 0) - now());
      const wait = Math.max(0, ...waits);
      if (wait === 0) counted.forEach(count);
      return wait;
    },
    succeeded: (counted) => {
      for (const { key, isShared } of counted) {
        const failures = recall(key);
        if (isShared && failures !== undefined && failures.count > 1) {
          remembered.set(key, { ...failures, count: failures.count - 1, waitsUntil: 0 });
        } else remembered.delete(key);
      }
    },
  };
}
