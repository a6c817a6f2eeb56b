import { type Batch, readBatch } from '../batch/batches.ts';
import type { Ledger } from '../ledger.ts';
import { settledStates } from './row-state.ts';
import { countRows } from './rows.ts';

/** Fewer settled rows say nothing about a list. */
const LEAST_SETTLED = 50;

/** A list of which more than this share fails is probably wrong as a whole. */
const DEFAULT_MAX_FAILED_PERCENT = 40;

/** Rows settled since the round began or a person last resumed. */
interface Tally {
  settled: number;
  failed: number;
}

/**
 * The rows settled and failed in this round when a greater share of them failed than the batch
 * allows; undefined while the batch may continue.
 */
export async function tooManyFailures(ledger: Ledger, id: string): Promise<Tally | undefined> {
  const batch = await readBatch(ledger, id);
  const total = await tally(ledger, id);
  const settled = total.settled - batch.settledBefore;
  const failed = total.failed - batch.failedBefore;
  const { maxFailedPercent = DEFAULT_MAX_FAILED_PERCENT } = batch;
  const isTooMany = failed * 100 > settled * maxFailedPercent;
  return settled >= LEAST_SETTLED && isTooMany ? { settled, failed } : undefined;
}

/** Notes that a person resumed: rows that failed until now no longer count. */
export async function forgiveFailures(ledger: Ledger, batch: Batch): Promise<void> {
  const { settled, failed } = await tally(ledger, batch.id);
  const fields = { settledBefore: settled, failedBefore: failed };
  await ledger.redis.hset(ledger.keys.record(batch.id), fields);
}

async function tally(ledger: Ledger, id: string): Promise<Tally> {
  const counts = await Promise.all(settledStates.map((state) => countRows(ledger, id, state)));
  const settled = counts.reduce((sum, count) => sum + count, 0);
  return { settled, failed: counts[settledStates.indexOf('failed')] ?? 0 };
}
