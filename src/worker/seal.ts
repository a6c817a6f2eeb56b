import type { SealPayload } from '../queue/payloads.ts';
import type { Outcome } from './outcome.ts';

/** Short, so that a producer that seals while the seal runs early is heard a minute later. */
const LOOK_AGAIN_MS = 60_000;

/**
 * The seal completes only when the producer has said so. One that runs early (promoted by hand,
 * "promote all" on some board) goes back among the delayed and the parent goes on waiting.
 */
export async function seal(payload: SealPayload): Promise<Outcome> {
  if (!payload.sealed) return { kind: 'again', delayMs: LOOK_AGAIN_MS };
  return { kind: 'completed', result: `expected ${payload.expected}` };
}
