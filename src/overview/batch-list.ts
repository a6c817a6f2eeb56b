import { OnboardError } from '../errors.ts';
import { isOver } from '../ledger/batch/batch-state.ts';
import { isLocked } from '../ledger/batch/lock.ts';
import { type Numbers, numbersOf, type Report } from '../ledger/batch/numbers.ts';
import { damageOfBatch } from '../ledger/damaged.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readHold } from '../ledger/stops/holds.ts';
import { currentWaits } from './current-waits.ts';

/** Several batches at one moment. */
export type BatchList = Awaited<ReturnType<typeof readBatchList>>;

/** A batch of the list that cannot be read, and why. */
type Unreadable = { batchId: string; error: OnboardError };

/**
 * Reads these batches, a command for each and six for all, sent together. `now` in ms. A damaged
 * batch is named among the others, one that is gone is left out.
 */
export async function readBatchList(ledger: Ledger, ids: readonly string[], now: number) {
  const [{ numbers, unreadable, hold }, waits] = await Promise.all([
    readNumbersOf(ledger, ids, now),
    currentWaits(ledger, now),
  ]);
  const reports = numbers.map(({ report }) => report);
  return {
    reports,
    /** Their numbers, with why people failed. */
    numbers,
    unreadable,
    hold,
    /** Waits of the queues; none when every batch is over. */
    waits: reports.every(isOver) ? [] : waits,
    incomplete: await incompleteOf(ledger, reports),
  };
}

/** The numbers of these batches under one hold, and the batches that are damaged. */
async function readNumbersOf(ledger: Ledger, ids: readonly string[], now: number) {
  const holding = readHold(ledger);
  const read = await Promise.all(ids.map((id) => readOne(ledger, id, { now, holding })));
  return {
    numbers: read.filter((one) => one !== undefined && 'report' in one),
    unreadable: read.filter((one) => one !== undefined && 'error' in one),
    hold: await holding,
  };
}

async function readOne(
  ledger: Ledger,
  id: string,
  moment: Parameters<typeof numbersOf>[2],
): Promise<Numbers | Unreadable | undefined> {
  try {
    return await numbersOf(ledger, id, moment);
  } catch (error) {
    // A purge has removed it since, or was killed before it removed the id.
    if (error instanceof OnboardError && error.code === 'E_BATCH_UNKNOWN') return undefined;
    const damage = damageOfBatch(id, error);
    if (damage === undefined) throw error;
    return { batchId: id, error: damage };
  }
}

/** The batches among these whose producer stopped before it had read all of its input. */
export async function incompleteOf(ledger: Ledger, reports: readonly Report[]): Promise<string[]> {
  const inIntake = reports.filter((report) => report.state === 'intake');
  const locked = await Promise.all(inIntake.map(({ batchId }) => isLocked(ledger, batchId)));
  return inIntake.filter((_, index) => !locked[index]).map(({ batchId }) => batchId);
}
