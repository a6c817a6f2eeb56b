import { endId, parentId, sealId } from './job-id.ts';
import { readParent } from './parent.ts';
import type { Queues } from './queues.ts';

/** A batch as the queue knows it: its rounds count from 1. */
interface Rounds {
  batch: string;
  rounds: number;
}

/** Jobs removed together. */
const SLICE = 500;

/** Whether every flow of the batch has ended, so that no job of it waits, runs or is delayed. */
export async function areRoundsOver(queues: Queues, { batch, rounds }: Rounds): Promise<boolean> {
  for (let round = 1; round <= rounds; round += 1) {
    const { state } = await readParent(queues, { batch, round });
    if (!['completed', 'failed', 'missing', 'unknown'].includes(state)) return false;
  }
  return true;
}

/**
 * Removes the jobs of a batch whose rounds are over: failed children, seals and parents. Otherwise,
 * the same batch submitted anew would find a parent that has ended. Returns the number of failed
 * children.
 *
 * Jobs are removed one by one and without their children, in slices: BullMQ's ways of removing many
 * jobs block Redis for seconds, and removing a dependency of a waiting parent releases the parent
 * (B-REMOVE-01). A failed child left its parent when it failed, and here no parent waits. The
 * failed set has the failures of all batches, but at most 10,000 (options.ts), so it is read whole.
 */
export async function removeJobs(
  queues: Queues,
  { batch, rounds }: Rounds,
  proceed: () => Promise<void>,
): Promise<number> {
  const failed = await failedChildren(queues, batch);
  for (let first = 0; first < failed.length; first += SLICE) {
    await proceed();
    const ids = failed.slice(first, first + SLICE);
    await Promise.all(ids.map((id) => queues.createUser.remove(id, { removeChildren: false })));
  }
  for (let round = 1; round <= rounds; round += 1) {
    await proceed();
    for (const id of [parentId(batch, round), endId(batch, round)]) {
      await queues.invite.remove(id, { removeChildren: false });
    }
    await queues.seal.remove(sealId(batch, round), { removeChildren: false });
  }
  return failed.length;
}

async function failedChildren({ createUser }: Queues, batch: string): Promise<string[]> {
  const ids = await createUser.getRanges(['failed'], 0, -1, true);
  return ids.filter((id) => id.startsWith(`${batch}.`));
}
