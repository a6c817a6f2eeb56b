import { isOver } from '../ledger/batch/batch-state.ts';
import { isLocked } from '../ledger/batch/lock.ts';
import { type Report, reportOf } from '../ledger/batch/numbers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readHold } from '../ledger/stops/holds.ts';
import { currentWaits } from './current-waits.ts';

/** Several batches at one moment. */
export type BatchList = Awaited<ReturnType<typeof readBatchList>>;

/** Reads these batches; each costs about fifteen commands. `now` in ms. */
export async function readBatchList(ledger: Ledger, ids: readonly string[], now: number) {
  const [reports, hold, waits] = await Promise.all([
    Promise.all(ids.map((id) => reportOf(ledger, id, now))),
    readHold(ledger),
    currentWaits(ledger, now),
  ]);
  return {
    reports,
    hold,
    /** Waits of the queues; none when every batch is over. */
    waits: reports.every(isOver) ? [] : waits,
    incomplete: await incompleteOf(ledger, reports),
  };
}

/** The batches among these whose producer stopped before it had read all of its input. */
export async function incompleteOf(ledger: Ledger, reports: readonly Report[]): Promise<string[]> {
  const inIntake = reports.filter((report) => report.state === 'intake');
  const locked = await Promise.all(inIntake.map(({ batchId }) => isLocked(ledger, batchId)));
  return inIntake.filter((_, index) => !locked[index]).map(({ batchId }) => batchId);
}
