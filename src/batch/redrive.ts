import { type Batch, readBatch } from '../ledger/batches.ts';
import { forgiveFailures } from '../ledger/failures.ts';
import { releaseLock } from '../ledger/lock.ts';
import { reportOf } from '../ledger/report.ts';
import {
  beginRound,
  closeRound,
  type Reopenable,
  reopen,
  reopenable,
  takeUp,
} from '../ledger/rounds.ts';
import { wakeParent } from '../queue/flow.ts';
import { refuseForgotten } from './purge.ts';
import { enqueue, type Producer, waitForLock } from './submit.ts';

/**
 * Opens the failed and cancelled rows that `isWanted` picks as a new round of a batch that is over, or
 * whose invite is held back. Its invite holds only who has not been in one. Returns how many rows were
 * opened; people whom another unfinished batch holds by now stay as they are.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE while the batch is unfinished, E_BATCH_BUSY.
 */
export async function retry(
  producer: Producer,
  id: string,
  isWanted: (row: Reopenable) => boolean,
): Promise<number> {
  const { round, gate } = await reportOf(producer.ledger, id, Date.now());
  const from: Batch['state'][] = ['finished', 'cancelled'];
  if (gate !== null) from.push('inviting');
  const opened = await inNewRound(producer, { id, from }, async () => {
    let opened = 0;
    for await (const slice of reopenable(producer.ledger, id)) {
      const rows = slice.filter(isWanted).map(({ row }) => row);
      if (rows.length > 0) opened += await reopen(producer.ledger, id, rows);
    }
    return opened;
  });
  // The parent of the round before waits at the gate; it sees the new one, and is over.
  if (gate !== null) await wakeParent(producer.queues, { batch: id, round });
  return opened;
}

/**
 * Takes up the rows that a submission with a limit held back, as a new round. Returns how many.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE unless the first round is over, E_BATCH_BUSY.
 */
export function continueBatch(producer: Producer, id: string): Promise<number> {
  return inNewRound(producer, { id, from: ['waiting'] }, async () => {
    await takeUp(producer.ledger, id);
    return closeRound(producer.ledger, id);
  });
}

/** A round without a row: only the invite of those who were created and are in none yet. */
export function inviteLate(producer: Producer, id: string): Promise<number> {
  return inNewRound(producer, { id, from: ['cancelled'] }, async () => 0);
}

async function inNewRound(
  producer: Producer,
  { id, from }: { id: string; from: readonly Batch['state'][] },
  open: () => Promise<number>,
): Promise<number> {
  const { ledger } = producer;
  await readBatch(ledger, id);
  await waitForLock(producer, id);
  try {
    await refuseForgotten(producer, id);
    await beginRound(ledger, id, from);
    await forgiveFailures(ledger, await readBatch(ledger, id));
    const rows = await open();
    await closeRound(ledger, id);
    await enqueue(producer, await readBatch(ledger, id));
    return rows;
  } finally {
    await releaseLock(ledger, id, producer.token);
  }
}
