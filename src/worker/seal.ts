import type { SealPayload } from '../queue/payloads.ts';
import type { WorkerDeps } from './deps.ts';
import { done, type Outcome, snooze } from './outcome.ts';

/**
 * Completes only when the producer has sealed the round. A seal that runs early (promoted by hand,
 * "promote all" on some board) is delayed again, and the parent keeps waiting.
 */
export async function seal(
  { timings }: Pick<WorkerDeps, 'timings'>,
  payload: SealPayload,
): Promise<Outcome> {
  return payload.sealed ? done(`expected ${payload.expected}`) : snooze(timings.sealPollMs);
}
