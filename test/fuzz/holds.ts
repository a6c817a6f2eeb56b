import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { messageOf } from '../../src/errors.ts';
import { startWatchdog } from './watchdog.ts';

/** Cases of each property: few in the suite, 10,000 and more through `npm run fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 100);
/** Unset: a random seed, shown when a property fails. */
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** A case takes milliseconds; on a machine that is busy with other things, seconds. */
const CASE_LIMIT_MS = 30_000;

interface Options<T> {
  /** Cases that are always tried, before the drawn ones. */
  examples?: readonly T[];
  /** Share of the cases, for properties that start processes or wait for jobs. */
  share?: number;
  limitMs?: number;
}

/**
 * Passes when `check` holds for every case: it must not throw, wait or loop forever, or leave an
 * unhandled rejection.
 */
export async function holds<T>(
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => unknown,
  { examples = [], share = 1, limitMs = CASE_LIMIT_MS }: Options<T> = {},
): Promise<void> {
  const what = `${expect.getState().currentTestName}, seed ${SEED}`;
  const watchdog = startWatchdog(what, 2 * limitMs);
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const property = fc.asyncProperty(arbitrary, async (value) => {
    watchdog.begin();
    await check(value);
    watchdog.end();
    refuseUnhandled(unhandled);
  });
  const numRuns = Math.max(5, Math.ceil(RUNS * share));
  try {
    await fc.assert(property, {
      numRuns,
      examples: examples.map((example): [T] => [example]),
      timeout: limitMs,
      includeErrorInReport: true,
      seed: SEED,
    });
    await turn();
    refuseUnhandled(unhandled);
  } finally {
    process.off('unhandledRejection', note);
    await watchdog.stop();
  }
}

/** Node reports a rejection after the microtasks: during the same case or the next one. */
function refuseUnhandled(unhandled: unknown[]): void {
  const [first] = unhandled.splice(0);
  if (first !== undefined) throw new Error(`nobody handles the rejection: ${messageOf(first)}`);
}
