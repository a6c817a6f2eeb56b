import {
  type Batch,
  closeIntake,
  hasBatch,
  type NewBatch,
  openBatch,
  readBatch,
} from '../ledger/batch/batches.ts';
import { holdBack } from '../ledger/batch/rounds.ts';
import { areGroupsReady, noteGroupsReady, storeNamed } from '../ledger/groups/named-groups.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { noteRepair } from '../ledger/notes/repairs.ts';
import { findBatch } from '../ledger/removal/retention.ts';
import { type EncodedRow, encodeRow, type NewRow, recordRows } from '../ledger/rows/record-rows.ts';
import { SLICE_ROWS } from '../ledger/rows/rows.ts';
import type { NamedGroups } from '../people/groups.ts';
import { promoteSeal } from '../queue/flow.ts';
import { enqueue } from './enqueue.ts';
import type { Finding } from './findings.ts';
import { inFlight } from './in-flight.ts';
import { retryStuckInvite } from './invite-now.ts';
import { type OptionChange, optionChanges } from './option-changes.ts';
import { refusePastInvite } from './past-invite.ts';
import { type Producer, proceed, roundOf, withLock } from './producer.ts';

/** Rows were all recorded, and the producer stopped before their jobs were. */
const UNSEALED: readonly Finding[] = ['unsealed'];

/** A list of people, ready to become a batch. */
export type Submission = NewBatch & {
  /** The rows in the order of the input; must give the same rows each time. */
  rows: () => AsyncIterable<NewRow>;
  /** Groups that the rows name, and whether each is settled already. */
  named?: { groups: NamedGroups; isSettled: boolean } | undefined;
};

export interface Submitted {
  batch: Batch;
  /** The batch had been submitted before; nothing was added. */
  already: boolean;
  /** The options that were given for a batch that was stored before. */
  changes: OptionChange[];
}

/**
 * Turns a list of people into a sealed flow, in slices of 1,000 rows. When a producer dies in
 * between, submitting the same again recovers: recorded rows stay, only rows still pending are
 * added, and nothing once the round is sealed. `already` says that it was.
 * @throws {OnboardError} E_BATCH_BUSY when another producer is submitting the batch,
 * E_BATCH_CONFLICT, E_QUEUE_REFUSED, E_USAGE for a time of the invite that has gone by; the signal's reason when it is aborted.
 */
export async function submit(
  producer: Producer,
  { rows, named, ...wanted }: Submission,
): Promise<Submitted> {
  const { ledger, queues } = producer;
  return withLock(producer, wanted.id, async () => {
    const { opened, changes } = await openOrChange(producer, wanted);
    if (opened.sealedRound === opened.round) {
      // A producer may have died between the ledger's note and the promotion.
      await promoteSeal(queues, roundOf(opened), opened.expected);
      return { batch: opened, already: true, changes };
    }
    if (opened.state === 'intake') {
      if (named !== undefined) await storeNames(ledger, opened.id, named);
      await recordAll(producer, opened.id, rows());
      if (opened.limit !== undefined) await holdBack(ledger, opened.id, opened.limit);
      await closeIntake(ledger, opened.id);
    }
    await enqueue(producer, await readBatch(ledger, opened.id));
    if (opened.state !== 'intake') await noteRepair(ledger, { batch: opened.id, codes: UNSEALED });
    return { batch: await readBatch(ledger, opened.id), already: false, changes };
  });
}

/**
 * Stores the options of a submission whose batch exists, so that they are in force before anything
 * is lifted. Returns the options that were given; nothing is written for a new batch.
 * @throws {OnboardError} E_BATCH_BUSY, E_BATCH_CONFLICT
 */
export async function storeOptions(
  producer: Producer,
  { rows: _, ...wanted }: Submission,
): Promise<OptionChange[]> {
  if (!(await hasBatch(producer.ledger, wanted.id))) return [];
  return withLock(producer, wanted.id, async () => (await openOrChange(producer, wanted)).changes);
}

/** Opens the batch, or changes the options of the stored one. */
async function openOrChange(
  producer: Producer,
  wanted: NewBatch,
): Promise<{ opened: Batch; changes: OptionChange[] }> {
  const { ledger } = producer;
  await refusePastInvite(ledger, wanted, Date.now());
  const stored = await findBatch(ledger, wanted.id);
  const changes = stored === undefined ? [] : optionChanges(stored, wanted);
  const refused = changes.filter(({ refused }) => refused !== undefined);
  const kept = Object.fromEntries(refused.map(({ name }) => [name, undefined]));
  const opened = await openBatch(ledger, { ...wanted, ...kept });
  const isResized = changes.some(({ name, from, to }) => name === 'inviteSize' && from !== to);
  if (isResized) await retryStuckInvite(producer, opened.id);
  return { opened, changes };
}

/** Names that the first producer of a batch has settled stay so. */
async function storeNames(
  ledger: Ledger,
  batch: string,
  { groups, isSettled }: NonNullable<Submission['named']>,
): Promise<void> {
  if (await areGroupsReady(ledger, batch)) return;
  await storeNamed(ledger, batch, groups);
  if (isSettled) await noteGroupsReady(ledger, batch);
}

async function recordAll(producer: Producer, batch: string, rows: AsyncIterable<NewRow>) {
  let slice: EncodedRow[] = [];
  let first = 0;
  // One slice at a time, while the next is read: an address belongs to the first that claims it.
  await inFlight(1, async (start) => {
    const record = async () => {
      await proceed(producer, batch);
      const recorded = { batch, first, rows: slice };
      await start(() => recordRows(producer.ledger, recorded));
      first += slice.length;
      slice = [];
    };
    for await (const row of rows) {
      slice.push(encodeRow(row));
      if (slice.length === SLICE_ROWS) await record();
    }
    if (slice.length > 0) await record();
  });
}
