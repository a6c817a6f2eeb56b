import { readHold } from '../ledger/holds.ts';
import { parseNotice, readNotice } from '../ledger/notices.ts';
import type { Delivery } from '../notify/notifier.ts';
import type { NotifyPayload } from '../queue/payloads.ts';
import type { Attempt, WorkerDeps } from './deps.ts';
import type { Outcome } from './outcome.ts';

/**
 * Sends one notice. A hold that is lifted by now is not told any more. The address is a secret: of it
 * only the host is logged.
 */
export async function notify(
  deps: WorkerDeps,
  { batch, notice }: NotifyPayload,
  attempt: Attempt,
): Promise<Outcome> {
  const found = await readNotice(deps.ledger, { batch, id: notice });
  if (found === undefined) return { kind: 'completed', result: 'nobody to tell' };
  if (!(await isStillTrue(deps, notice))) return { kind: 'completed', result: 'hold lifted' };
  const delivery = await deps.notifier.send({ ...found, id: notice });
  const { host } = new URL(found.url);
  if (delivery.kind === 'delivered') attempt.logger.info({ host }, 'notification delivered');
  else if (delivery.kind === 'refused' || attempt.isLast) {
    attempt.logger.error({ host, code: delivery.code }, 'notification given up');
  } else attempt.logger.warn({ host, code: delivery.code }, 'notification not delivered');
  return outcomeOf(delivery);
}

async function isStillTrue({ ledger }: WorkerDeps, id: string): Promise<boolean> {
  const notice = parseNotice(id);
  if (notice?.event !== 'held') return true;
  return (await readHold(ledger))?.since === notice.at;
}

function outcomeOf(delivery: Delivery): Outcome {
  switch (delivery.kind) {
    case 'delivered':
      return { kind: 'completed', result: 'delivered' };
    case 'refused':
      return { kind: 'unrecoverable', code: delivery.code };
    case 'not-delivered':
      return { kind: 'retryable', code: delivery.code, delayMs: delivery.waitMs };
  }
}
