import { noteClock } from '../ledger/batches.ts';
import type { PendingRow } from '../ledger/rows.ts';
import type { WorkerDeps } from './deps.ts';

/** Whole seconds and the way of an answer make so much of a difference without any clock being set. */
const STEP_MS = 2000;

/**
 * Notes what the portal's clock says when it makes the batch older than is known: it was not told at
 * the submission, or the clock was put back. A row may be created while it is wrong and be looked up
 * when it is right again. Our own clock only spares the note in the usual case; the note itself is
 * reckoned on Redis'.
 */
export async function keepClock(
  { ledger, portal, now }: Pick<WorkerDeps, 'ledger' | 'portal' | 'now'>,
  { batch, row }: { batch: string; row: Extract<PendingRow, { state: 'pending' }> },
): Promise<void> {
  const portalNow = portal.clock();
  if (portalNow === undefined) return;
  const accepted = row.acceptedAt + portalNow - now();
  const known = row.acceptedOnPortal;
  if (known === undefined || accepted < known - STEP_MS) await noteClock(ledger, batch, portalNow);
}
