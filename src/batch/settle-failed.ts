import type { Ledger } from '../ledger/ledger.ts';
import { type RowRef, readRow, settleRow } from '../ledger/rows/rows.ts';
import type { FailedChild } from '../queue/children.ts';
import type { Round } from '../queue/flow.ts';

/**
 * Settles jobs that the queue failed without our code settling their rows (stall limit, an
 * unreadable payload, a person). A row in doubt may have an account already: failing it would leave
 * that account created and forgotten, so its job goes and must be added anew, to look the person
 * up. The same holds for a bare job. The other rows fail with the queue's reason. Returns the rows
 * of `again`, whose jobs must be added anew, and the jobs whose rows are settled.
 *
 * Jobs are removed and added, not retried: BullMQ's retry keeps the count of stalls, so that the
 * job would fail again at its next one, and a payload that does not parse.
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

/** Whether a POST for this row was begun whose result the ledger does not know. */
async function mayHaveAccount(ledger: Ledger, ref: RowRef): Promise<boolean> {
  const row = await readRow(ledger, ref);
  return row.state === 'pending' && row.outcome.doubt !== undefined;
}
