import { cancel } from '../batch/cancel-rows.ts';
import { type Acting, actOn, counted } from './acting.ts';

/**
 * Cancels an unfinished batch; those created are invited unless `invite` is false. Returns how many
 * people were cancelled.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE when it is over, E_BATCH_BUSY.
 */
export function cancelBatch(
  acting: Acting,
  batch: string,
  { invite }: { invite: boolean },
): Promise<number> {
  return actOn(acting, batch, {
    action: 'cancel',
    details: { invite },
    result: counted('cancelled'),
    work: () => cancel(acting.producer, batch, { invite }),
  });
}
