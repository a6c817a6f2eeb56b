import type { Batch } from '../ledger/batch/batches.ts';
import { readKeeperNote, writeKeeperNote } from '../ledger/notes/keeper-notes.ts';
import { countRows } from '../ledger/rows/rows.ts';
import { attachedRows, discardStrays, findChildren, isIdle } from '../queue/children.ts';
import { addChildren } from '../queue/flow.ts';
import type { Round } from '../queue/job-id.ts';
import type { Finding, Inspection } from './findings.ts';
import { type Producer, proceed, roundOf } from './producer.ts';
import { settleFailed } from './settle-failed.ts';

type ChildFinding = Extract<Finding, 'children-lost' | 'failed-child-attached'>;

/** Dependencies inspected together. */
const PAGE = 1000;

/**
 * Inspects the dependencies of a waiting parent if no row was settled since the last inspection, or
 * no job exists that could settle one. A job that is gone is added again. A job that failed settles
 * its row and is detached, because it would hold the parent forever (B-FLOW-03). Continues, within
 * the budget, where the last inspection ended.
 */
export async function repairChildren(
  producer: Producer,
  batch: Batch,
  { budget, remembers }: Inspection,
): Promise<ChildFinding[]> {
  const { ledger, queues } = producer;
  const pending = await countRows(ledger, batch.id, 'pending');
  const last = remembers ? await readKeeperNote(ledger, batch.id) : undefined;
  const idle = await isIdle(queues);
  const standsStill = idle || pending === 0 || pending === last?.pending;
  const found = new Set<ChildFinding>();
  let cursor = last?.cursor ?? 0;
  while (standsStill && budget.left > 0) {
    cursor = await repairPage(producer, batch, { cursor, idle, budget, found });
    if (cursor === 0) break;
  }
  if (remembers) await writeKeeperNote(ledger, batch.id, { pending, cursor });
  return [...found];
}

interface Page {
  cursor: number;
  /** Whether the queue has no job that waits, runs or is delayed. */
  idle: boolean;
  budget: { left: number };
  found: Set<ChildFinding>;
}

/** Returns the cursor of the next page. */
async function repairPage(producer: Producer, batch: Batch, page: Page): Promise<number> {
  const { ledger, queues, attempts } = producer;
  await proceed(producer, batch.id);
  const round = roundOf(batch);
  const { rows, cursor } = await attachedRows(queues, round, { cursor: page.cursor, count: PAGE });
  page.budget.left -= rows.length;
  const { missing, queued, failed } = await findChildren(queues, round, [...new Set(rows)]);
  const suspects = [...missing, ...failed.map((child) => child.row)];
  const isHeld = await stillAttached(producer, round, { suspects, cursor: page.cursor });
  const gone = missing.filter(isHeld);
  const holding = failed.filter((child) => isHeld(child.row));
  const strays = page.idle ? await discardStrays(queues, round, queued) : [];
  const { again, settled } = await settleFailed(ledger, round, holding);
  if (gone.length + strays.length > 0) page.found.add('children-lost');
  if (holding.length > 0) page.found.add('failed-child-attached');
  const lost = [...gone, ...strays, ...again];
  // Added before the others are detached, so that the parent is not released too early.
  if (lost.length > 0) await addChildren(queues, round, { rows: lost, attempts });
  for (const child of settled) await child.detach();
  return cursor;
}

/**
 * Whether rows are still attached. A child that ends leaves its parent in the same step, so a child
 * without a job, or a failed one, that is still attached afterwards did not just end.
 */
async function stillAttached(
  { queues }: Producer,
  round: Round,
  { suspects, cursor }: { suspects: readonly number[]; cursor: number },
): Promise<(row: number) => boolean> {
  if (suspects.length === 0) return () => false;
  const attached = new Set((await attachedRows(queues, round, { cursor, count: PAGE })).rows);
  return (row) => attached.has(row);
}
