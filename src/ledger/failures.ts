import { type Batch, readBatch } from './batches.ts';
import type { RowState } from './keys.ts';
import type { Ledger } from './ledger.ts';

/** So few rows say nothing about a list. */
const LEAST_SETTLED = 50;

/** How the rows settled since a person last said to go on came out. */
interface Tally {
  settled: number;
  failed: number;
}

const settledStates: readonly RowState[] = ['created', 'existing', 'failed', 'cancelled'];

/**
 * The rows settled and failed in this round, when they are too many to go on: at least 50 settled,
 * and a greater share of them failed than the batch allows. Undefined as long as it may go on.
 */
export async function tooManyFailures(ledger: Ledger, id: string): Promise<Tally | undefined> {
  const batch = await readBatch(ledger, id);
  const total = await tally(ledger, id);
  const settled = total.settled - batch.settledBefore;
  const failed = total.failed - batch.failedBefore;
  const isTooMany = failed * 100 > settled * batch.maxFailedPercent;
  return settled >= LEAST_SETTLED && isTooMany ? { settled, failed } : undefined;
}

/** A person said to go on: what failed until now no longer counts. */
export async function forgiveFailures(ledger: Ledger, batch: Batch): Promise<void> {
  const { settled, failed } = await tally(ledger, batch.id);
  const fields = { settledBefore: settled, failedBefore: failed };
  await ledger.redis.hset(ledger.keys.record(batch.id), fields);
}

async function tally(ledger: Ledger, id: string): Promise<Tally> {
  const bitmaps = ledger.keys.is(id);
  const count = (state: RowState) => ledger.redis.bitcount(bitmaps + state);
  const [failed, counts] = await Promise.all([
    count('failed'),
    Promise.all(settledStates.map(count)),
  ]);
  return { failed, settled: counts.reduce((sum, one) => sum + one, 0) };
}
