import { setTimeout as sleep } from 'node:timers/promises';
import { storeTrouble } from '../redis/trouble.ts';
import { complaintsOf, type WorkerDeps } from './deps.ts';
import { refusedPauseMs } from './refused-pause.ts';

/**
 * Writes an answer of the portal, repeatedly while Redis refuses (memory or disk full, or a right
 * that its user lost): no other
 * process knows it, and an accepted invite that is forgotten would be sent twice. No worker takes
 * the job meanwhile, since that is a write too. The client itself waits for a connection that is
 * lost.
 */
export async function insist<T>(
  note: () => Promise<T>,
  deps: Pick<WorkerDeps, 'complaints' | 'logger' | 'timings'>,
): Promise<T> {
  const { insistRepeatMs, refusedPauseMaxMs } = deps.timings;
  const limits = { refusedPauseMs: insistRepeatMs, refusedPauseMaxMs };
  const complaints = complaintsOf(deps);
  for (let tries = 1; ; tries += 1) {
    try {
      return await note();
    } catch (error) {
      if (storeTrouble(error) !== 'refuses' || !(error instanceof Error)) throw error;
      complaints.about(error, 'redis refuses an answer of the portal');
      await sleep(refusedPauseMs(tries, limits));
    }
  }
}
