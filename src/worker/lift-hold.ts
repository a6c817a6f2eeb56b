import { resume } from '../batch/resume.ts';
import { readHold } from '../ledger/holds.ts';
import type { WorkerDeps } from './deps.ts';

/**
 * Holds that another key, another setting or a portal that is open again ends. For all of them the
 * portal's answer to GET /keys/@self shows whether that has happened.
 */
const MENDED_FROM_OUTSIDE: ReadonlySet<string> = new Set([
  'key-rejected',
  'key-missing-scope',
  'access-denied',
  'address-blocked',
  'portal-moving',
  'portal-suspended',
  'portal-unpaid',
  'wrong-address',
  'redirected',
  'html-answer',
  'certificate-refused',
  'proxy-refused',
  'other-portal',
]);

/**
 * A worker that starts lifts a hold whose cause is gone: a new key in the environment and a
 * restarted worker are enough to go on. Other holds (seats, too many failures, a refused invite)
 * end with `onboard resume` only, because a supervisor restarts workers without having seen to
 * anything.
 */
export async function liftMendedHold(deps: WorkerDeps): Promise<void> {
  const hold = await readHold(deps.ledger);
  if (hold !== undefined) {
    const { code } = hold;
    const verdict = MENDED_FROM_OUTSIDE.has(code) ? await deps.portal.whoami() : undefined;
    if (verdict?.kind !== 'ok') {
      deps.logger.error(
        { ...hold, now: verdict?.kind },
        'still held: see to it, then onboard resume',
      );
      return;
    }
    deps.logger.info({ code }, 'hold lifted: the portal takes our requests again');
  }
  await resume(deps);
}
