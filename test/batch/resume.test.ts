import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { type Submission, submit } from '../../src/batch/submit-batch.ts';
import { closeIntake, openBatch, readBatch, sealRound } from '../../src/ledger/batch/batches.ts';
import { encodeRow, type NewRow, recordRows } from '../../src/ledger/rows/record-rows.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { addChildren, openFlow } from '../../src/queue/flow.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { INVITE, SEAL } from '../../src/queue/names.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { handWorker } from '../worker/hand-worker.ts';
import { endingAt } from './killed-producer.ts';

/** Runs a producer that dies at check `at` of its signal; false when it finished. */
async function killedAt(stage: Stage, submission: Submission, at: number): Promise<boolean> {
  const producer = stage.producer({ signal: endingAt(at) });
  const end = await submit(producer, submission).catch((error: Error) => error.message);
  return end === 'killed';
}

/** The state after a producer was killed between adding `rows` and the seal. */
async function unsealed(stage: Stage, submission: Submission, rows: readonly number[]) {
  const { rows: input, ...about } = submission;
  await openBatch(stage.ledger, about);
  const list: NewRow[] = [];
  for await (const row of input()) list.push(row);
  await recordRows(stage.ledger, { batch: about.id, first: 0, rows: list.map(encodeRow) });
  await closeIntake(stage.ledger, about.id);
  const round = { batch: about.id, round: 1 };
  await openFlow(stage.queues, round);
  await addChildren(stage.queues, round, { rows, attempts: 4 });
  return round;
}

test('killed at every slice boundary and run again, nobody is added twice', async () => {
  const stage = await openStage();
  // Checks: one for the lock, three while recording, four while adding: the last finds no more rows.
  for (const [index, at] of [1, 2, 3, 4, 5, 6, 7, 8].entries()) {
    const submission = stage.submission(people(2050, index * 10_000));
    expect(await killedAt(stage, submission, at)).toBe(true);
    const parent = () => stage.queues.invite.getJob(parentId(submission.id, 1));
    expect((await (await parent())?.getState()) ?? 'waiting-children').toBe('waiting-children');
    const { batch } = await submit(stage.producer(), submission);
    expect(batch).toMatchObject({ sealedRound: 1, expected: 2050 });
    const dependencies = await (await parent())?.getDependenciesCount();
    expect(dependencies).toMatchObject({ unprocessed: 2051 });
    expect(await stage.queues.createUser.getWaitingCount()).toBe(2050 * (index + 1));
  }
});

test('a producer looks eight times, and each of them is tried above', async () => {
  const stage = await openStage();
  expect(await killedAt(stage, stage.submission(people(2050)), 9)).toBe(false);
});

test('killed while workers have done all there was, nobody is made twice', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const submission = stage.submission(people(1100));
  // Rows are recorded in two slices; the producer dies after the first slice of jobs.
  expect(await killedAt(stage, submission, 5)).toBe(true);
  await waitFor(async () => (await stage.report(submission.id)).created === 1000);
  const parent = await stage.queues.invite.getJob(parentId(submission.id, 1));
  expect(await parent?.getState()).toBe('waiting-children');
  expect(stage.sandbox.state().acceptedInvites).toEqual([]);
  await submit(stage.producer(), submission);
  const report = await stage.untilFinished(submission.id);
  expect(report).toMatchObject({ created: 1100, invited: 1100, inviteRequests: 1 });
  const { postsByEmail, acceptedInvites } = stage.sandbox.state();
  expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
  expect(acceptedInvites).toHaveLength(1);
});

test('killed in the middle of a slice, the rest of it is added', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(20));
  await unsealed(stage, submission, [0, 1, 2, 9]);
  await submit(stage.producer(), submission);
  expect(await stage.queues.createUser.getWaitingCount()).toBe(20);
  await stage.startWorkers();
  expect(await stage.untilFinished(submission.id)).toMatchObject({ created: 20, invited: 20 });
});

test("killed between the ledger's seal note and the promotion, it continues", async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const submission = stage.submission(people(3));
  await unsealed(stage, submission, [0, 1, 2]);
  await sealRound(stage.ledger, await readBatch(stage.ledger, submission.id));
  await waitFor(async () => (await stage.report(submission.id)).created === 3);
  const parent = await stage.queues.invite.getJob(parentId(submission.id, 1));
  expect(await parent?.getState()).toBe('waiting-children');
  expect((await submit(stage.producer(), submission)).already).toBe(true);
  expect(await stage.untilFinished(submission.id)).toMatchObject({ invited: 3, inviteRequests: 1 });
});

test('run again with children in every state, all settle and nobody twice', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(6));
  const round = await unsealed(stage, submission, [0, 1, 2, 3, 4]);
  const hand = handWorker(stage);
  const [done, failed, delayed, active] = [
    await hand.take(),
    await hand.take(),
    await hand.take(),
    await hand.take(),
  ];
  await settleRow(stage.ledger, { ...round, row: 0 }, { state: 'created', outcome: {} });
  await done.moveToCompleted('created', hand.token, false);
  await failed.moveToFailed(
    new UnrecoverableError('job stalled more than allowable limit'),
    hand.token,
  );
  await delayed.moveToDelayed(Date.now() + 400, hand.token);
  const state = (row: number) => stage.queues.createUser.getJobState(childId({ ...round, row }));
  const states = await Promise.all([0, 1, 2, 3, 4, 5].map(state));
  expect(states).toEqual(['unknown', 'failed', 'delayed', 'active', 'waiting', 'unknown']);
  await submit(stage.producer(), submission);
  await active.moveToWait(hand.token);
  await stage.startWorkers();
  const report = await stage.untilFinished(submission.id);
  expect(report).toMatchObject({ accepted: 6, failed: 1, created: 5, invited: 5 });
  expect((await stage.rows(submission.id))[1]).toMatchObject({
    state: 'failed',
    code: 'job-failed',
  });
});

test('run again after the end, by two producers at once, nothing is sent again', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const submission = stage.submission(people(30));
  const both = [stage.producer(), stage.producer()].map((each) => submit(each, submission));
  const ends = await Promise.all(both);
  expect(ends.map((end) => end.already).toSorted()).toEqual([false, true]);
  await stage.untilFinished(submission.id);
  await submit(stage.producer(), submission);
  const { postsByEmail, acceptedInvites } = stage.sandbox.state();
  expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
  expect(acceptedInvites).toHaveLength(1);
  expect(await stage.queues.createUser.getJobCountByTypes('waiting', 'delayed', 'failed')).toBe(0);
});

test('run again after the parent has failed, no child is added, nothing sent', async () => {
  const stage = await openStage();
  const submission = stage.submission([]);
  await submit(stage.producer(), submission);
  const seals = handWorker(stage, SEAL);
  await (await seals.take()).moveToCompleted('sealed', seals.token, false);
  const invites = handWorker(stage, INVITE);
  await (await invites.take()).moveToFailed(new UnrecoverableError('gone wrong'), invites.token);
  expect((await submit(stage.producer(), submission)).already).toBe(true);
  await stage.startWorkers();
  expect(
    await stage.queues.invite.getJobCountByTypes('waiting', 'active', 'waiting-children'),
  ).toBe(0);
  expect(await stage.queues.invite.getFailedCount()).toBe(1);
  expect(stage.sandbox.state().requests).toEqual({});
});

test('a parent that is gone (-5) stops the producer before the seal', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(1100));
  const parent = `${stage.queues.prefix}:invite:${parentId(submission.id, 1)}`;
  const loseParent = () => void stage.ledger.redis.del(parent);
  // The fifth check: lock, two slices recorded, one of two slices added.
  const producer = stage.producer({ signal: endingAt(5, loseParent) });
  await expect(submit(producer, submission)).rejects.toMatchObject({
    code: 'E_QUEUE_REFUSED',
    details: { answers: [-5] },
  });
  expect((await readBatch(stage.ledger, submission.id)).sealedRound).toBe(0);
  const seal = await stage.queues.seal.getJob(sealId(submission.id, 1));
  expect(seal?.data.sealed).toBe(false);
  await submit(stage.producer(), submission);
  await stage.startWorkers();
  expect(await stage.untilFinished(submission.id)).toMatchObject({ created: 1100, invited: 1100 });
});

test("another parent's child (-7) stops the producer before the seal", async () => {
  const stage = await openStage();
  const submission = stage.submission(people(3));
  const { id } = submission;
  const other = { batch: 'other', round: 1 };
  await openFlow(stage.queues, other);
  const parent = { id: parentId('other', 1), queue: `${stage.queues.prefix}:invite` };
  const jobId = childId({ batch: id, round: 1, row: 1 });
  await stage.queues.createUser.add('x', { ...other, row: 1 }, { jobId, parent });
  await expect(submit(stage.producer(), submission)).rejects.toMatchObject({
    code: 'E_QUEUE_REFUSED',
    details: { answers: [-7] },
  });
  expect((await readBatch(stage.ledger, id)).sealedRound).toBe(0);
});
