import type { BatchState } from '../ledger/batch/batch-state.ts';
import { readBatch } from '../ledger/batch/batches.ts';
import { reportOf } from '../ledger/batch/numbers.ts';
import { type RetryPick, rowsToRetry } from '../ledger/batch/retry-rows.ts';
import { beginRound, closeRound, refuseState, reopen, takeUp } from '../ledger/batch/rounds.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { holdersOf } from '../ledger/rows/claims.ts';
import { forgiveFailures } from '../ledger/rows/failures.ts';
import { decodeInput, emailOf } from '../ledger/rows/row-codec.ts';
import { readInput } from '../ledger/rows/rows.ts';
import { emailHash } from '../people/email-hash.ts';
import { wakeParent } from '../queue/flow.ts';
import { enqueue } from './enqueue.ts';
import { type Producer, withLock } from './producer.ts';
import { refuseForgotten } from './remove-batch.ts';

/** Runs under the lock before anything is written; throws where the batch is not as was shown. */
export type Check = () => Promise<void>;

interface Retrying extends RetryPick {
  check?: Check | undefined;
}

/**
 * Opens the failed and cancelled rows of a pick as a new round of a batch that is over,
 * or whose invite is held back. Its invite reaches only people who have not been invited. Returns
 * how many rows; people whom another unfinished batch has claimed stay as they are. When nobody is
 * left, nothing is written: a round without rows would end with a notification.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE while the batch is unfinished,
 * E_BATCH_BUSY; what `check` throws.
 */
export async function retry(
  producer: Producer,
  id: string,
  { check, ...pick }: Retrying = {},
): Promise<number> {
  const { ledger, queues, timings } = producer;
  const { round, gate } = await reportOf(ledger, id, Date.now());
  const from: BatchState[] = ['finished', 'cancelled'];
  if (gate !== null) from.push('inviting');
  const isNeeded = () => someFree(ledger, id, pick);
  const opened = await inNewRound(producer, { id, from, isNeeded, check }, async () => {
    let count = 0;
    for await (const rows of rowsToRetry(ledger, id, pick)) count += await reopen(ledger, id, rows);
    return count;
  });
  // The parent of the round before waits at the gate. It sees the new round, and ends.
  if (gate !== null && opened > 0) await wakeParent(queues, { batch: id, round }, timings);
  return opened;
}

/** Whether some of the rows has a person whom no other unfinished batch has claimed. */
async function someFree(ledger: Ledger, id: string, pick: RetryPick): Promise<boolean> {
  for await (const rows of rowsToRetry(ledger, id, pick)) {
    const inputs = await Promise.all(rows.map((row) => readInput(ledger, id, row)));
    const emails = inputs.flatMap((input) => emailOf(decodeInput(input)) ?? []);
    if ((await holdersOf(ledger, id, emails.map(emailHash))).includes('')) return true;
  }
  return false;
}

/**
 * Creates the people whom a submission with a limit held back, as a new round. Returns how many.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE unless the first round is over,
 * E_BATCH_BUSY.
 */
export function continueBatch(producer: Producer, id: string, check?: Check): Promise<number> {
  return inNewRound(producer, { id, from: ['waiting'], check }, async () => {
    await takeUp(producer.ledger, id);
    return closeRound(producer.ledger, id);
  });
}

/** A round without rows: it invites those created and not invited yet. */
export function inviteLate(producer: Producer, id: string): Promise<number> {
  return inNewRound(producer, { id, from: ['cancelled'] }, async () => 0);
}

interface NewRound {
  id: string;
  /** States in which the batch may be. */
  from: readonly BatchState[];
  /** Without it the round is always needed; otherwise nothing is written. */
  isNeeded?: () => Promise<boolean>;
  check?: Check | undefined;
}

/** Opens a round and returns its number of rows; 0 when it is not needed. */
async function inNewRound(
  producer: Producer,
  { id, from, isNeeded = async () => true, check }: NewRound,
  open: () => Promise<number>,
): Promise<number> {
  const { ledger } = producer;
  await readBatch(ledger, id);
  return withLock(producer, id, async () => {
    await check?.();
    await refuseForgotten(producer, id);
    await refuseState(ledger, id, from);
    if (!(await isNeeded())) return 0;
    await beginRound(ledger, id, from);
    await forgiveFailures(ledger, await readBatch(ledger, id));
    const rows = await open();
    await closeRound(ledger, id);
    await enqueue(producer, await readBatch(ledger, id));
    return rows;
  });
}
