import type { Ledger } from '../ledger/ledger.ts';
import { readRow } from '../ledger/rows/pending-row.ts';
import { type RowRef, settleRow } from '../ledger/rows/rows.ts';
import type { FailedChild } from '../queue/children.ts';
import type { Round } from '../queue/job-id.ts';

/**
 * Settles jobs that the queue failed without our code settling their rows (stall limit, an
 * unreadable payload, a person): the rows fail with the queue's reason. A row in doubt may have an
 * account that would be forgotten: its job goes, like a bare one, and must be added anew to look
 * the person up; `again` has these rows. Jobs are not retried, because BullMQ's retry keeps the
 * payload and the count of stalls, so that they would fail again.
 */
export async function settleFailed(
  ledger: Ledger,
  round: Round,
  failed: readonly FailedChild[],
): Promise<{ again: number[]; settled: FailedChild[] }> {
  const ends = await Promise.all(failed.map((child) => settle(ledger, round, child)));
  const again = failed.filter((_, index) => !ends[index]).map((child) => child.row);
  return { again, settled: failed.filter((_, index) => ends[index]) };
}

/** False when the row must be worked again; its job is gone then. */
async function settle(ledger: Ledger, round: Round, child: FailedChild): Promise<boolean> {
  const ref = { ...round, row: child.row };
  if (child.isBare || (await mayHaveAccount(ledger, ref))) {
    await child.discard();
    return false;
  }
  const reason = `The job failed without an answer: ${child.reason}.`;
  const outcome = { code: 'job-failed', reason, attempts: child.attempts };
  await settleRow(ledger, ref, { state: 'failed', outcome });
  return true;
}

async function mayHaveAccount(ledger: Ledger, ref: RowRef): Promise<boolean> {
  const row = await readRow(ledger, ref);
  return row.state === 'pending' && row.outcome.doubt !== undefined;
}
