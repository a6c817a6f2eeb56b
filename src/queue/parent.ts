import type { JobState } from 'bullmq';
import { parentId, type Round } from './job-id.ts';
import type { Queues } from './queues.ts';

/** `missing`: no such job exists; `unknown`: the job is in none of the queue's sets. */
export type ParentState = JobState | 'missing' | 'unknown';

/** State of the round's parent, and how many jobs it waits for. */
export async function readParent(
  queues: Queues,
  round: Round,
): Promise<{ state: ParentState; waitsFor: number }> {
  const job = await queues.invite.getJob(parentId(round.batch, round.round));
  if (job === undefined) return { state: 'missing', waitsFor: 0 };
  const state = await job.getState();
  if (state !== 'waiting-children') return { state, waitsFor: 0 };
  const { unprocessed = 0 } = await job.getDependenciesCount({ unprocessed: true });
  // BullMQ removes the last dependency and releases the parent in one step, so a parent that waits
  // for nothing has lost its dependencies.
  return { state: unprocessed === 0 ? await job.getState() : state, waitsFor: unprocessed };
}

/**
 * Removes the parent and leaves its children: removing these as well walks every child in one
 * command (B-REMOVE-02: 20 s for a million).
 * @throws {Error} when a worker holds the parent.
 */
export async function removeParent(queues: Queues, round: Round): Promise<void> {
  const job = await queues.invite.getJob(parentId(round.batch, round.round));
  await job?.remove({ removeChildren: false });
}
