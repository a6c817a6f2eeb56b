import type { Batch } from '../ledger/batches.ts';
import { pendingCount, readLook, writeLook } from '../ledger/looks.ts';
import { attachedRows, discardStrays, findChildren, isIdle } from '../queue/children.ts';
import { addChildren, type Round } from '../queue/flow.ts';
import { settleFailed } from './settle-failed.ts';
import { goOn, type Producer, roundOf } from './submit.ts';

type ChildFinding = 'children-lost' | 'failed-child-attached';

/** Dependencies of a parent that are looked at together. */
const PAGE = 1000;

/**
 * Looks through what a waiting parent waits for, but only when the batch seems to stand still: no
 * row was settled since the look before, or no job is there that could settle one. A job that is
 * gone is added again; one that failed settles its row and is detached, because it would hold the
 * parent for ever (bullmq.md, rule R1). Goes on, within the budget, where the last look ended.
 */
export async function mendChildren(
  producer: Producer,
  batch: Batch,
  look: { budget: { left: number }; remembers: boolean },
): Promise<ChildFinding[]> {
  const { ledger, queues } = producer;
  const pending = await pendingCount(ledger, batch.id);
  const last = look.remembers ? await readLook(ledger, batch.id) : undefined;
  const idle = await isIdle(queues);
  const standsStill = idle || pending === 0 || pending === last?.pending;
  const found = new Set<ChildFinding>();
  let cursor = last?.cursor ?? 0;
  if (standsStill) {
    do {
      if (look.budget.left <= 0) break;
      cursor = await mendPage(producer, batch, { cursor, idle, budget: look.budget, found });
    } while (cursor !== 0);
  }
  if (look.remembers) await writeLook(ledger, batch.id, { pending, cursor });
  return [...found];
}

interface Page {
  cursor: number;
  /** Whether the queue holds no job that waits, runs or is delayed. */
  idle: boolean;
  budget: { left: number };
  found: Set<ChildFinding>;
}

/** Returns the cursor of the next page. */
async function mendPage(producer: Producer, batch: Batch, page: Page): Promise<number> {
  const { ledger, queues, attempts } = producer;
  await goOn(producer, batch.id);
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
  // Before the others are detached: what the parent must still wait for is there when it is let go.
  if (lost.length > 0) await addChildren(queues, round, { rows: lost, attempts });
  for (const child of settled) await child.detach();
  return cursor;
}

/**
 * A child that ends leaves its parent in the same step. So one that has no job, or a failed one, and
 * is attached all the same when asked after that, did not just end.
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
