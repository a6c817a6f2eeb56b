import type { SealPayload } from '../queue/payloads.ts';
import type { Timings } from '../timings.ts';
import { done, type Outcome, snooze } from './outcome.ts';

/**
 * Completes only when the producer has sealed the round. A seal that runs early (promoted by hand,
 * "promote all" on some board) is delayed again, and the parent keeps waiting.
 */
export async function seal(payload: SealPayload, { sealPollMs }: Timings): Promise<Outcome> {
  return payload.sealed ? done(`expected ${payload.expected}`) : snooze(sealPollMs);
}
