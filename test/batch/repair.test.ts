import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import type { Finding, Inspection } from '../../src/batch/findings.ts';
import { repair } from '../../src/batch/repair.ts';
import { submit } from '../../src/batch/submit.ts';
import { readBatch } from '../../src/ledger/batches.ts';
import { readKeeperNote } from '../../src/ledger/keeper-notes.ts';
import { takeLock } from '../../src/ledger/lock.ts';
import { noteRow, settleRow } from '../../src/ledger/rows.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { INVITE, SEAL } from '../../src/queue/names.ts';
import { timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { handWorker } from '../worker/hand-worker.ts';
import { endingAt } from './killed-producer.ts';

const stalled = () => new UnrecoverableError('job stalled more than allowable limit');

function look(change: Partial<Inspection> = {}): Inspection {
  return { budget: { left: 10_000 }, remembers: false, ...change };
}

function repairNow(
  stage: Stage,
  batch: string,
  change: Partial<Inspection> = {},
): Promise<Finding[]> {
  return repair(stage.producer(), batch, look(change));
}

/** A batch of three that no worker works at. */
async function open(): Promise<{ stage: Stage; batch: string; parentKey: string }> {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  return { stage, batch, parentKey: stage.queues.invite.toKey(parentId(batch, 1)) };
}

/** The end of every case: workers finish the batch, with one invite that holds the created people. */
async function expectFinish(stage: Stage, batch: string, created = 3): Promise<void> {
  await stage.startWorkers();
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ pending: 0, created, invited: created, inviteRequests: 1 });
  const { acceptedInvites, accounts } = stage.sandbox.state();
  expect(acceptedInvites).toHaveLength(1);
  expect(acceptedInvites[0]?.emails.toSorted()).toEqual(
    accounts.map((account) => account.email).toSorted(),
  );
}

test('a healthy batch needs nothing, before, between and after its work', async () => {
  const { stage, batch } = await open();
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
  const { stage, batch } = await open();
  await (await stage.queues.invite.getJob(parentId(batch, 1)))?.remove();
  expect(await repairNow(stage, batch)).toEqual(['parent-lost']);
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('parent-lost: a failed child that is kept is not attached to the new parent', async () => {
  const { stage, batch, parentKey } = await open();
  const hand = handWorker(stage);
  await (await hand.take()).moveToFailed(stalled(), hand.token);
  await stage.ledger.redis.del(parentKey, `${parentKey}:dependencies`, `${parentKey}:failed`);
  expect(await repairNow(stage, batch)).toEqual(['parent-lost']);
  expect(await stage.queues.createUser.getFailedCount()).toBe(1);
  await expectFinish(stage, batch, 2);
});

test("parent-lost: a parent in none of the queue's sets counts as lost", async () => {
  const { stage, batch } = await open();
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
  const { stage, batch } = await open();
  const { job, token } = await takeParent(stage, batch);
  await job.moveToFailed(stalled(), token);
  expect(await repairNow(stage, batch)).toEqual(['parent-failed']);
  await expectFinish(stage, batch);
});

test('parent-failed: also when its payload cannot be read', async () => {
  const { stage, batch } = await open();
  const { job, token } = await takeParent(stage, batch);
  await stage.ledger.redis.hset(stage.queues.invite.toKey(job.id ?? ''), 'data', '{"batch":7}');
  await job.moveToFailed(new UnrecoverableError('E_PAYLOAD'), token);
  expect(await repairNow(stage, batch)).toEqual(['parent-failed']);
  const parent = await stage.queues.invite.getJob(parentId(batch, 1));
  expect(parent?.data).toEqual({ batch, round: 1 });
  await expectFinish(stage, batch);
});

test('parent-over: a parent that ended before its batch is built anew', async () => {
  const { stage, batch } = await open();
  const { job, token } = await takeParent(stage, batch);
  await job.moveToCompleted('finished before', token, false);
  expect(await repairNow(stage, batch)).toEqual(['parent-over']);
  await expectFinish(stage, batch);
});

test('a parent that waits for its turn or runs is left alone', async () => {
  const { stage, batch } = await open();
  await stage.queues.invite.pause();
  await takeParent(stage, batch).catch(() => undefined);
  expect(await stage.queues.invite.getJobState(parentId(batch, 1))).toBe('waiting');
  expect(await repairNow(stage, batch)).toEqual([]);
  await stage.queues.invite.resume();
  await expectFinish(stage, batch);
});

test('seal-lost: the seal is put back and promoted', async () => {
  const { stage, batch } = await open();
  await stage.queues.seal.remove(sealId(batch, 1));
  expect(await repairNow(stage, batch)).toEqual(['seal-lost']);
  const seal = await stage.queues.seal.getJob(sealId(batch, 1));
  expect(seal?.data).toMatchObject({ sealed: true, expected: 3 });
  expect(await seal?.getState()).toBe('waiting');
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('seal-lost: a parent that waits for nothing is let go', async () => {
  const { stage, batch, parentKey } = await open();
  for (const row of [0, 1, 2]) await settle(stage, batch, row);
  await stage.queues.createUser.drain();
  await stage.ledger.redis.del(`${parentKey}:dependencies`);
  await stage.ledger.redis.zadd(stage.queues.invite.toKey('waiting-children'), 1, `${batch}.1`);
  await stage.ledger.redis.del(stage.queues.invite.toKey('wait'));
  expect(await repairNow(stage, batch)).toEqual(['seal-lost']);
  await stage.startWorkers();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 3, inviteRequests: 1 });
});

async function settle(stage: Stage, batch: string, row: number): Promise<void> {
  await settleRow(stage.ledger, { batch, round: 1, row }, { state: 'created', outcome: {} });
}

test('seal-not-promoted: a seal whose promotion was lost is promoted', async () => {
  const { stage, batch } = await open();
  const id = sealId(batch, 1);
  await stage.ledger.redis.lrem(stage.queues.seal.toKey('wait'), 0, id);
  await stage.ledger.redis.zadd(stage.queues.seal.toKey('delayed'), 9e15, id);
  const data = JSON.stringify({ batch, round: 1, sealed: false, expected: 0 });
  await stage.ledger.redis.hset(stage.queues.seal.toKey(id), 'data', data);
  expect(await repairNow(stage, batch)).toEqual(['seal-not-promoted']);
  await expectFinish(stage, batch);
});

test('seal-failed: a seal whose data could not be read gets it anew and runs again', async () => {
  const { stage, batch } = await open();
  const id = sealId(batch, 1);
  await stage.ledger.redis.hset(stage.queues.seal.toKey(id), 'data', '"?"');
  const hand = handWorker(stage, SEAL);
  await (await hand.take()).moveToFailed(new UnrecoverableError('E_PAYLOAD'), hand.token);
  expect(await repairNow(stage, batch)).toEqual(['seal-failed']);
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('children-lost: jobs that vanished while the parent waits for them are added again', async () => {
  const { stage, batch } = await open();
  const { redis } = stage.ledger;
  const { createUser } = stage.queues;
  await redis.del(createUser.toKey('wait'), createUser.toKey(`${batch}.1.1`));
  expect(await repairNow(stage, batch)).toEqual(['children-lost']);
  expect(await createUser.getWaitingCount()).toBe(3);
  expect(await repairNow(stage, batch)).toEqual([]);
  await expectFinish(stage, batch);
});

test('a job whose hash was evicted while it waited is worked all the same', async () => {
  const { stage, batch } = await open();
  await stage.ledger.redis.del(stage.queues.createUser.toKey(`${batch}.1.1`));
  const workers = await stage.startWorkers();
  const bare = async () => (await stage.queues.createUser.getFailed())[0]?.failedReason;
  await waitFor(async () => (await bare()) === 'E_PAYLOAD');
  await waitFor(async () => (await stage.report(batch)).pending === 1);
  await workers.close();
  expect(await repairNow(stage, batch)).toEqual(['failed-child-attached']);
  await expectFinish(stage, batch);
});

/** A failed child attached to its parent again, as a producer that resumed by a race leaves it. */
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
  const { stage, batch } = await open();
  await attachFailed(stage, batch, 0);
  await stage.startWorkers();
  await waitFor(async () => (await stage.report(batch)).pending === 1);
  expect(await repairNow(stage, batch)).toEqual(['failed-child-attached']);
  await expectFinish(stage, batch, 2);
  const [row] = await stage.rows(batch);
  expect(row).toMatchObject({ state: 'failed', code: 'job-failed' });
});

test('failed-child-attached: a row that may have an account is looked up instead', async () => {
  const { stage, batch } = await open();
  const ref = { batch, round: 1, row: 0 };
  await noteRow(stage.ledger, ref, { doubt: { kind: 'posting' } });
  await attachFailed(stage, batch, 0);
  await stage.queues.createUser.drain();
  expect(await repairNow(stage, batch)).toContain('failed-child-attached');
  const job = await stage.queues.createUser.getJob(childId(ref));
  expect(await job?.getState()).toBe('waiting');
  await expectFinish(stage, batch);
});

test('unsealed: what a producer that died after its intake left is finished', async () => {
  const stage = await openStage();
  // Looks of the producer: one for the lock, two while recording, then one a slice of jobs.
  for (const [index, at] of [4, 5].entries()) {
    const submission = stage.submission(people(1050, index * 10_000));
    const producer = stage.producer({ signal: endingAt(at) });
    await expect(submit(producer, submission)).rejects.toThrow('killed');
    expect(await repairNow(stage, submission.id)).toEqual(['unsealed']);
    expect(await readBatch(stage.ledger, submission.id)).toMatchObject({ sealedRound: 1 });
    const parent = await stage.queues.invite.getJob(parentId(submission.id, 1));
    expect(await parent?.getDependenciesCount()).toMatchObject({ unprocessed: 1051 });
    expect((await submit(stage.producer(), submission)).already).toBe(true);
  }
});

test('a batch still in its intake is left to its producer', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(1050));
  await expect(submit(stage.producer({ signal: endingAt(3) }), submission)).rejects.toThrow();
  expect(await repairNow(stage, submission.id)).toEqual([]);
  expect(await readBatch(stage.ledger, submission.id)).toMatchObject({ state: 'intake' });
});

test('a batch that is being submitted is left alone', async () => {
  const { stage, batch } = await open();
  await stage.queues.seal.remove(sealId(batch, 1));
  await takeLock(stage.ledger, batch, { token: 'a producer', timings });
  expect(await repairNow(stage, batch)).toEqual([]);
  await stage.ledger.redis.del(stage.ledger.keys.lock(batch));
  expect(await repairNow(stage, batch)).toEqual(['seal-lost']);
  expect(await stage.ledger.redis.exists(stage.ledger.keys.lock(batch))).toBe(0);
});

test('dependencies are looked at only when nothing has moved since the look before', async () => {
  const { stage, batch } = await open();
  await stage.submit(people(2, 10));
  await stage.ledger.redis.del(stage.queues.createUser.toKey(`${batch}.1.1`));
  const remembers = true;
  expect(await repairNow(stage, batch, { remembers })).toEqual([]);
  await settle(stage, batch, 0);
  expect(await repairNow(stage, batch, { remembers })).toEqual([]);
  expect(await repairNow(stage, batch, { remembers: false })).toEqual([]);
  expect(await repairNow(stage, batch, { remembers })).toEqual(['children-lost']);
});

test('a look is bounded, and the next one goes on where it ended', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(4000));
  const { redis } = stage.ledger;
  const keys = people(4000).map((_, row) => stage.queues.createUser.toKey(`${batch}.1.${row}`));
  await redis.del(...keys);
  const repairSome = () => repairNow(stage, batch, { remembers: true, budget: { left: 1000 } });
  expect(await repairSome()).toEqual([]);
  expect(await repairSome()).toEqual(['children-lost']);
  const added = await redis.exists(...keys);
  expect(added).toBeGreaterThanOrEqual(1000);
  // SSCAN may give some more than was asked for, or a page less, and then there is another one.
  expect(added).toBeLessThan(3000);
  expect((await readKeeperNote(stage.ledger, batch)).cursor).not.toBe(0);
  for (let looks = 0; looks < 6 && (await redis.exists(...keys)) < 4000; looks += 1) {
    await repairSome();
  }
  expect(await redis.exists(...keys)).toBe(4000);
});
