import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { INVITE, SEAL } from '../../src/queue/names.ts';
import { people } from '../support/people.ts';
import type { Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { handWorker } from '../worker/hand-worker.ts';
import { expectFinish, openBatch, repairNow, settle } from './repair-stage.ts';

const stalled = () => new UnrecoverableError('job stalled more than allowable limit');

test('a healthy batch needs nothing, before, between and after its work', async () => {
  const { stage, batch } = await openBatch();
  expect(await repairNow(stage, batch)).toEqual([]);
  const hand = handWorker(stage);
  await hand.take();
  expect(await repairNow(stage, batch)).toEqual([]);
  await hand.take();
  await hand.take();
  expect(await repairNow(stage, batch, { remembers: true })).toEqual([]);
  expect(await repairNow(stage, batch, { remembers: true })).toEqual([]);
  const other = await stage.submit(people(2, 10));
  await stage.startWorkers();
  await stage.untilFinished(other);
  expect(await repairNow(stage, other)).toEqual([]);
});

test('parent-lost: the parent and its seal are built anew from the ledger', async () => {
  const { stage, batch } = await openBatch();
  await (await stage.queues.invite.getJob(parentId(batch, 1)))?.remove();
  expect(await repairNow(stage, batch)).toEqual(['parent-lost']);
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('parent-lost: a failed child on the board is not attached to the new parent', async () => {
  const { stage, batch, parentKey } = await openBatch();
  const hand = handWorker(stage);
  await (await hand.take()).moveToFailed(stalled(), hand.token);
  await stage.ledger.redis.del(parentKey, `${parentKey}:dependencies`, `${parentKey}:failed`);
  expect(await repairNow(stage, batch)).toEqual(['parent-lost']);
  expect(await stage.queues.createUser.getFailedCount()).toBe(1);
  await expectFinish(stage, batch, 2);
});

test("parent-lost: a parent in none of the queue's sets counts as lost", async () => {
  const { stage, batch } = await openBatch();
  await stage.ledger.redis.zrem(stage.queues.invite.toKey('waiting-children'), parentId(batch, 1));
  expect(await repairNow(stage, batch)).toEqual(['parent-lost']);
  await expectFinish(stage, batch);
});

/** Lets the parent run by hand: seal and children are gone. */
async function takeParent(stage: Stage, batch: string) {
  await stage.queues.seal.remove(sealId(batch, 1));
  for (const row of [0, 1, 2])
    await stage.queues.createUser.remove(childId({ batch, round: 1, row }));
  const hand = handWorker(stage, INVITE);
  return { job: await hand.take(), token: hand.token };
}

test('parent-failed: a parent that the queue failed is built anew', async () => {
  const { stage, batch } = await openBatch();
  const { job, token } = await takeParent(stage, batch);
  await job.moveToFailed(stalled(), token);
  expect(await repairNow(stage, batch)).toEqual(['parent-failed']);
  await expectFinish(stage, batch);
});

test('parent-failed: also when its payload cannot be read', async () => {
  const { stage, batch } = await openBatch();
  const { job, token } = await takeParent(stage, batch);
  await stage.ledger.redis.hset(stage.queues.invite.toKey(job.id ?? ''), 'data', '{"batch":7}');
  await job.moveToFailed(new UnrecoverableError('E_PAYLOAD'), token);
  expect(await repairNow(stage, batch)).toEqual(['parent-failed']);
  const parent = await stage.queues.invite.getJob(parentId(batch, 1));
  expect(parent?.data).toEqual({ batch, round: 1 });
  await expectFinish(stage, batch);
});

test('parent-over: a parent that ended before its batch is built anew', async () => {
  const { stage, batch } = await openBatch();
  const { job, token } = await takeParent(stage, batch);
  await job.moveToCompleted('finished before', token, false);
  expect(await repairNow(stage, batch)).toEqual(['parent-over']);
  await expectFinish(stage, batch);
});

test('a parent that waits for its turn or runs is left alone', async () => {
  const { stage, batch } = await openBatch();
  await stage.queues.invite.pause();
  await takeParent(stage, batch).catch(() => undefined);
  expect(await stage.queues.invite.getJobState(parentId(batch, 1))).toBe('waiting');
  expect(await repairNow(stage, batch)).toEqual([]);
  await stage.queues.invite.resume();
  await expectFinish(stage, batch);
});

test('seal-lost: the seal is put back and promoted', async () => {
  const { stage, batch } = await openBatch();
  await stage.queues.seal.remove(sealId(batch, 1));
  expect(await repairNow(stage, batch)).toEqual(['seal-lost']);
  const seal = await stage.queues.seal.getJob(sealId(batch, 1));
  expect(seal?.data).toMatchObject({ sealed: true, expected: 3 });
  expect(await seal?.getState()).toBe('waiting');
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('seal-lost: a parent that waits for nothing is released', async () => {
  const { stage, batch, parentKey } = await openBatch();
  for (const row of [0, 1, 2]) await settle(stage, batch, row);
  await stage.queues.createUser.drain();
  await stage.ledger.redis.del(`${parentKey}:dependencies`);
  await stage.ledger.redis.zadd(stage.queues.invite.toKey('waiting-children'), 1, `${batch}.1`);
  await stage.ledger.redis.del(stage.queues.invite.toKey('wait'));
  expect(await repairNow(stage, batch)).toEqual(['seal-lost']);
  await stage.startWorkers();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 3, inviteRequests: 1 });
});

test('seal-not-promoted: a seal whose promotion was lost is promoted', async () => {
  const { stage, batch } = await openBatch();
  const id = sealId(batch, 1);
  await stage.ledger.redis.lrem(stage.queues.seal.toKey('wait'), 0, id);
  await stage.ledger.redis.zadd(stage.queues.seal.toKey('delayed'), 9e15, id);
  const data = JSON.stringify({ batch, round: 1, sealed: false, expected: 0 });
  await stage.ledger.redis.hset(stage.queues.seal.toKey(id), 'data', data);
  expect(await repairNow(stage, batch)).toEqual(['seal-not-promoted']);
  await expectFinish(stage, batch);
});

test('seal-failed: a seal whose data could not be read gets it anew and runs again', async () => {
  const { stage, batch } = await openBatch();
  const id = sealId(batch, 1);
  await stage.ledger.redis.hset(stage.queues.seal.toKey(id), 'data', '"?"');
  const hand = handWorker(stage, SEAL);
  await (await hand.take()).moveToFailed(new UnrecoverableError('E_PAYLOAD'), hand.token);
  expect(await repairNow(stage, batch)).toEqual(['seal-failed']);
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('children-lost: jobs that vanished while the parent waits for them are added again', async () => {
  const { stage, batch } = await openBatch();
  const { redis } = stage.ledger;
  const { createUser } = stage.queues;
  await redis.del(createUser.toKey('wait'), createUser.toKey(`${batch}.1.1`));
  expect(await repairNow(stage, batch)).toEqual(['children-lost']);
  expect(await createUser.getWaitingCount()).toBe(3);
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('a job whose hash was evicted while it waited is worked anyway', async () => {
  const { stage, batch } = await openBatch();
  await stage.ledger.redis.del(stage.queues.createUser.toKey(`${batch}.1.1`));
  const workers = await stage.startWorkers();
  const bare = async () => (await stage.queues.createUser.getFailed())[0]?.failedReason;
  await waitFor(async () => (await bare()) === 'E_PAYLOAD');
  await waitFor(async () => (await stage.report(batch)).pending === 1);
  await workers.close();
  expect(await repairNow(stage, batch)).toEqual(['failed-child-attached']);
  await expectFinish(stage, batch);
});

/** A failed child attached to its parent again, as a producer leaves it that lost a race. */
async function attachFailed(stage: Stage, batch: string, row: number): Promise<void> {
  const hand = handWorker(stage);
  const job = await hand.take();
  expect(job.id).toBe(childId({ batch, round: 1, row }));
  await job.moveToFailed(stalled(), hand.token);
  const parentKey = stage.queues.invite.toKey(parentId(batch, 1));
  await stage.ledger.redis.sadd(
    `${parentKey}:dependencies`,
    stage.queues.createUser.toKey(job.id ?? ''),
  );
}

test("failed-child-attached: the row fails with the queue's reason and lets the parent go", async () => {
  const { stage, batch } = await openBatch();
  await attachFailed(stage, batch, 0);
  await stage.startWorkers();
  await waitFor(async () => (await stage.report(batch)).pending === 1);
  expect(await repairNow(stage, batch)).toEqual(['failed-child-attached']);
  await expectFinish(stage, batch, 2);
  const [row] = await stage.rows(batch);
  expect(row).toMatchObject({ state: 'failed', code: 'job-failed' });
});

test('failed-child-attached: a row that may have an account is looked up instead', async () => {
  const { stage, batch } = await openBatch();
  const ref = { batch, round: 1, row: 0 };
  await noteRow(stage.ledger, ref, { doubt: { kind: 'posting' } });
  await attachFailed(stage, batch, 0);
  await stage.queues.createUser.drain();
  expect(await repairNow(stage, batch)).toContain('failed-child-attached');
  const job = await stage.queues.createUser.getJob(childId(ref));
  expect(await job?.getState()).toBe('waiting');
  await expectFinish(stage, batch);
});
