import { type Check, type CheckName, ok, warning } from './check.ts';

/** Whole seconds in `Date` and the way of an answer can hide some of it. */
const TOLERATED_MS = 60_000;

/**
 * How far another clock is ahead of this machine's, in ms. Nothing rests on the difference: every
 * time is compared with one of the same clock. But a wrong clock makes waits and reports confusing.
 */
export function clockCheck(check: CheckName, whose: string, aheadMs: number): Check {
  if (Math.abs(aheadMs) <= TOLERATED_MS) {
    return ok(check, `${whose} clock and this machine's agree within a minute`);
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const what = `${whose} clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  return warning(check, what, 'set the one that is wrong (NTP)');
}
