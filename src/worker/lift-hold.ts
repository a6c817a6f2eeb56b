import { liftHold, runUnlessHeld } from '../batch/stop-queues.ts';
import { readHold } from '../ledger/stops/holds.ts';
import { liftsItself, plainHold } from '../stops.ts';
import type { WorkerDeps } from './deps.ts';

/**
 * Lifts a hold whose cause is gone when a worker starts: a new key in the environment and a
 * restarted worker are enough. The portal's answer to GET /keys/@self shows whether the cause is
 * gone.
 */
export async function liftHoldAtStart(deps: WorkerDeps): Promise<void> {
  const hold = await readHold(deps.ledger);
  if (hold === undefined) return runUnlessHeld(deps);
  const { code } = hold;
  const verdict = liftsItself(code) ? await deps.portal.whoami() : undefined;
  if (verdict?.kind !== 'ok') {
    const fields = { code, reason: plainHold(code).what, now: verdict?.kind };
    deps.logger.error(fields, 'still held: fix the cause, then run onboard resume');
    return;
  }
  deps.logger.info({ code }, 'hold lifted: the portal accepts our requests again');
  await liftHold(deps);
}
