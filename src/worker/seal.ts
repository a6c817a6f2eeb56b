import type { SealPayload } from '../queue/payloads.ts';
import type { Timings } from '../timings.ts';
import type { Outcome } from './outcome.ts';

/**
 * The seal completes only when the producer has said so. One that runs early (promoted by hand,
 * "promote all" on some board) goes back among the delayed and the parent goes on waiting.
 */
export async function seal(payload: SealPayload, { sealLookAgainMs }: Timings): Promise<Outcome> {
  if (!payload.sealed) return { kind: 'again', delayMs: sealLookAgainMs };
  return { kind: 'completed', result: `expected ${payload.expected}` };
}
