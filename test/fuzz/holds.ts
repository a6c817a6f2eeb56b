import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import { messageOf } from '../../src/errors.ts';
import { startWatchdog } from './watchdog.ts';

/** Cases of each property: few in the suite, 10,000 and more through `npm run fuzz`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 200);
/** Unset: another one every time, told when a property fails. */
const SEED = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** A case takes milliseconds; on a machine that is busy with other things, seconds. */
const CASE_LIMIT_MS = 30_000;

interface Options<T> {
  /** Cases that are always tried, before the drawn ones. */
  examples?: readonly T[];
  /** Part of the cases to do, for those that start processes or wait for jobs. */
  share?: number;
  limitMs?: number;
}

/**
 * Holds when `check` passes for every case: it neither throws nor waits for ever nor loops for ever
 * nor leaves a rejection that nobody handles.
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

/** Node tells of a rejection once the microtasks are through: in the same case or the next one. */
function refuseUnhandled(unhandled: unknown[]): void {
  const [first] = unhandled.splice(0);
  if (first !== undefined) throw new Error(`nobody handles the rejection: ${messageOf(first)}`);
}
