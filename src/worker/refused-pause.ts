import type { Timings } from '../timings.ts';

/** Wait after the n-th refusal in a row, ms: doubled each time, up to `refusedPauseMaxMs`. */
export function refusedPauseMs(
  refusals: number,
  limits: Pick<Timings, 'refusedPauseMs' | 'refusedPauseMaxMs'>,
): number {
  return Math.min(limits.refusedPauseMs * 2 ** (refusals - 1), limits.refusedPauseMaxMs);
}
