import { continueBatch } from '../batch/new-round.ts';
import { type Acting, actOn, counted } from './acting.ts';

/**
 * Creates the people whom a submission with a limit held back. Returns how many.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE unless the first round is over,
 * E_BATCH_BUSY.
 */
export function continueHeldBack(acting: Acting, batch: string): Promise<number> {
  return actOn(acting, batch, {
    action: 'continue',
    result: counted('opened'),
    work: () => continueBatch(acting.producer, batch),
  });
}
