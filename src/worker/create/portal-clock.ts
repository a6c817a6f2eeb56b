import { noteClock } from '../../ledger/batch/batches.ts';
import type { PendingRow } from '../../ledger/rows/pending-row.ts';
import type { WorkerDeps } from '../deps.ts';

/** Differences that no clock change explains: `Date` has whole seconds, and answers take time. */
const STEP_MS = 2000;

/**
 * Notes the portal's clock when it makes the batch older than is known: the portal did not report
 * its time at the submission, or its clock was set back. A row may be created while the clock is
 * wrong and looked up when it is right again. Our own clock only avoids the note in the usual case;
 * the note itself is computed on Redis' clock.
 */
export function notePortalClock(
  { ledger, portal, now }: Pick<WorkerDeps, 'ledger' | 'portal' | 'now'>,
  batch: string,
  { acceptedAt, acceptedOnPortal: known }: PendingRow,
): Promise<void> {
  const portalNow = portal.clock();
  if (portalNow === undefined) return nothing;
  const accepted = acceptedAt + portalNow - now();
  const isNews = known === undefined || accepted < known - STEP_MS;
  return isNews ? noteClock(ledger, batch, portalNow) : nothing;
}

const nothing = Promise.resolve();
