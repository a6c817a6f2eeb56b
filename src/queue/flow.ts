import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../errors.ts';
import type { Timings } from '../timings.ts';
import { endId, parentId, type Round, sealId } from './job-id.ts';
import { CREATE_USER, INVITE, SEAL } from './names.ts';
import { childOptions, parentOptions, sealOptions } from './options.ts';
import type { Queues } from './queues.ts';

/**
 * Adds the parent and its seal, or the one that is missing. The seal keeps the parent in
 * `waiting-children` until the round is sealed. One MULTI when both are new.
 */
export async function openFlow(queues: Queues, round: Round): Promise<void> {
  const parent = { name: INVITE, queueName: INVITE, data: round };
  const data = { ...round, sealed: false, expected: 0 };
  const seal = { name: SEAL, queueName: SEAL, data, opts: sealOptions(round) };
  if ((await queues.invite.getJob(parentId(round.batch, round.round))) === undefined) {
    await dropSpentSeal(queues, round);
    await queues.flow.add({ ...parent, opts: parentOptions(round), children: [seal] });
  } else await addSeal(queues, round);
}

/**
 * Makes the round's parent, which must exist, wait for a seal. A seal that is still to run is
 * attached to it (again); a seal that has ended is replaced, because it would never release the
 * parent.
 */
export async function addSeal(queues: Queues, round: Round): Promise<void> {
  await dropSpentSeal(queues, round);
  const parent = parentReference(queues, round);
  const data = { ...round, sealed: false, expected: 0 };
  await queues.seal.add(SEAL, data, { ...sealOptions(round), parent });
}

/** Removes a seal that cannot run: completed, failed, or in none of the queue's sets. */
async function dropSpentSeal(queues: Queues, round: Round): Promise<void> {
  const seal = await queues.seal.getJob(sealId(round.batch, round.round));
  const state = await seal?.getState();
  const isSpent = state === 'completed' || state === 'failed' || state === 'unknown';
  if (isSpent) await seal?.remove({ removeChildren: false });
}

/** Faults of a seal that should have run. */
export type SealFault = 'seal-lost' | 'seal-not-promoted' | 'seal-failed';

/** Checks the seal of a round that is sealed; undefined when nothing is wrong. */
export async function findSealFault(queues: Queues, round: Round): Promise<SealFault | undefined> {
  const seal = await queues.seal.getJob(sealId(round.batch, round.round));
  switch (await seal?.getState()) {
    case undefined:
    case 'unknown':
      return 'seal-lost';
    case 'delayed':
      return 'seal-not-promoted';
    case 'failed':
      return 'seal-failed';
    default:
      return undefined;
  }
}

/**
 * Adds a job that ends a round without waiting for its children. A cancelled batch needs it,
 * because its jobs may take hours to find nothing to do. The flow's own parent then finds the batch
 * over. Nothing changes when the job exists already.
 */
export async function endRound(queues: Queues, round: Round): Promise<void> {
  const options = { ...parentOptions(round), jobId: endId(round.batch, round.round) };
  await queues.invite.add(INVITE, round, { ...options, removeOnComplete: true });
}

/**
 * Runs the round's parent now when it is delayed. One that is active may have read the gate before
 * it was opened, and would then wait for an hour, so this waits until it is no longer.
 */
export async function wakeParent(
  queues: Queues,
  round: Round,
  { wakePollMs, wakeMs }: Pick<Timings, 'wakePollMs' | 'wakeMs'>,
): Promise<void> {
  const parent = await queues.invite.getJob(parentId(round.batch, round.round));
  if (parent === undefined) return;
  for (let left = Math.ceil(wakeMs / wakePollMs); left > 0; left -= 1) {
    // One question: between two of them the job could go from active to delayed unseen.
    const state = await parent.getState();
    if (state === 'delayed') return parent.promote();
    if (state !== 'active') return;
    await sleep(wakePollMs);
  }
}

/**
 * Notes in the seal how many children the round has and promotes it. Safe to repeat. A seal that is
 * no longer delayed was promoted before, perhaps by hand and too early: its data must say sealed
 * anyway, or its run would delay it again. A seal that failed (unreadable data, stall limit) runs
 * again.
 */
export async function promoteSeal(queues: Queues, round: Round, expected: number): Promise<void> {
  const seal = await queues.seal.getJob(sealId(round.batch, round.round));
  if (seal === undefined) return;
  await seal.updateData({ ...round, sealed: true, expected });
  if (await seal.isDelayed()) await seal.promote();
  else if (await seal.isFailed()) await seal.retry('failed', { resetAttemptsMade: true });
}

/**
 * Adds create-user jobs for these rows to the round's parent. Jobs that exist stay as they are.
 * @throws {OnboardError} E_QUEUE_REFUSED when a returned id differs: `addBulk` returns -5 for a
 * parent that is gone and -7 for a child of another parent, without throwing.
 */
export async function addChildren(
  queues: Queues,
  round: Round,
  children: { rows: readonly number[]; attempts: number },
): Promise<void> {
  const settings = { attempts: children.attempts, prefix: queues.prefix };
  const jobs = children.rows.map((row) => ({
    name: CREATE_USER,
    data: { ...round, row },
    opts: childOptions({ ...round, row }, settings),
  }));
  const added = await queues.createUser.addBulk(jobs);
  const refused = added.filter((job, index) => job.id !== jobs[index]?.opts.jobId);
  if (added.length === jobs.length && refused.length === 0) return;
  throw new OnboardError(
    'E_QUEUE_REFUSED',
    `the queue refused ${refused.length} jobs of batch ${round.batch}: submit it again`,
    { details: { answers: [...new Set(refused.map((job) => job.id))] } },
  );
}

function parentReference(queues: Queues, round: Round): { id: string; queue: string } {
  return { id: parentId(round.batch, round.round), queue: `${queues.prefix}:${INVITE}` };
}
