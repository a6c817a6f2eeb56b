import { type Check, type CheckName, ok, warning } from './check-result.ts';

/** Tolerance for the whole seconds of `Date` and the time of the answer. */
const TOLERATED_MS = 60_000;

/**
 * Checks how far another clock is ahead of this machine's, in ms. Nothing depends on the
 * difference, because times of different clocks are never compared; but it makes waits and reports
 * confusing.
 */
export function clockCheck(check: CheckName, whose: string, aheadMs: number): Check {
  if (Math.abs(aheadMs) <= TOLERATED_MS) {
    return ok(check, `${whose} clock and this machine's agree within a minute`);
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const what = `${whose} clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  return warning(check, what, 'correct the wrong clock (NTP)');
}
