import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { type Finding, type Look, mend } from '../../src/batch/mend.ts';
import { submit } from '../../src/batch/submit.ts';
import { readBatch } from '../../src/ledger/batches.ts';
import { takeLock } from '../../src/ledger/lock.ts';
import { readLook } from '../../src/ledger/looks.ts';
import { noteRow, settleRow } from '../../src/ledger/rows.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { INVITE, SEAL } from '../../src/queue/names.ts';
import { timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, type World } from '../support/world.ts';
import { handWorker } from '../worker/hand-worker.ts';
import { endingAt } from './killed-producer.ts';

const stalled = () => new UnrecoverableError('job stalled more than allowable limit');

function look(change: Partial<Look> = {}): Look {
  return { budget: { left: 10_000 }, remembers: false, ...change };
}

function mendNow(world: World, batch: string, change: Partial<Look> = {}): Promise<Finding[]> {
  return mend(world.producer(), batch, look(change));
}

/** A batch of three that no worker works at. */
async function open(): Promise<{ world: World; batch: string; parentKey: string }> {
  const world = await openWorld();
  const batch = await world.submit(people(3));
  return { world, batch, parentKey: world.queues.invite.toKey(parentId(batch, 1)) };
}

/** The end of every case: workers finish the batch, with one invite that holds the created people. */
async function expectFinish(world: World, batch: string, created = 3): Promise<void> {
  await world.startWorkers();
  const report = await world.untilFinished(batch);
  expect(report).toMatchObject({ pending: 0, created, invited: created, inviteRequests: 1 });
  const { acceptedInvites, accounts } = world.sandbox.state();
  expect(acceptedInvites).toHaveLength(1);
  expect(acceptedInvites[0]?.emails.toSorted()).toEqual(
    accounts.map((account) => account.email).toSorted(),
  );
}

test('a healthy batch needs nothing, before, between and after its work', async () => {
  const { world, batch } = await open();
  expect(await mendNow(world, batch)).toEqual([]);
  const hand = handWorker(world);
  await hand.take();
  expect(await mendNow(world, batch)).toEqual([]);
  await hand.take();
  await hand.take();
  expect(await mendNow(world, batch, { remembers: true })).toEqual([]);
  expect(await mendNow(world, batch, { remembers: true })).toEqual([]);
  const other = await world.submit(people(2, 10));
  await world.startWorkers();
  await world.untilFinished(other);
  expect(await mendNow(world, other)).toEqual([]);
});

test('parent-lost: the parent and its seal are built anew from the ledger', async () => {
  const { world, batch } = await open();
  await (await world.queues.invite.getJob(parentId(batch, 1)))?.remove();
  expect(await mendNow(world, batch)).toEqual(['parent-lost']);
  expect(await mendNow(world, batch)).toEqual([]);
  await expectFinish(world, batch);
});

test('parent-lost: a failed child that is kept is not attached to the new parent', async () => {
  const { world, batch, parentKey } = await open();
  const hand = handWorker(world);
  await (await hand.take()).moveToFailed(stalled(), hand.token);
  await world.ledger.redis.del(parentKey, `${parentKey}:dependencies`, `${parentKey}:failed`);
  expect(await mendNow(world, batch)).toEqual(['parent-lost']);
  expect(await world.queues.createUser.getFailedCount()).toBe(1);
  await expectFinish(world, batch, 2);
});

test("parent-lost: a parent in none of the queue's sets counts as lost", async () => {
  const { world, batch } = await open();
  await world.ledger.redis.zrem(world.queues.invite.toKey('waiting-children'), parentId(batch, 1));
  expect(await mendNow(world, batch)).toEqual(['parent-lost']);
  await expectFinish(world, batch);
});

/** Lets the parent run by hand: seal and children are gone. */
async function takeParent(world: World, batch: string) {
  await world.queues.seal.remove(sealId(batch, 1));
  for (const row of [0, 1, 2])
    await world.queues.createUser.remove(childId({ batch, round: 1, row }));
  const hand = handWorker(world, INVITE);
  return { job: await hand.take(), token: hand.token };
}

test('parent-failed: a parent that the queue failed is built anew', async () => {
  const { world, batch } = await open();
  const { job, token } = await takeParent(world, batch);
  await job.moveToFailed(stalled(), token);
  expect(await mendNow(world, batch)).toEqual(['parent-failed']);
  await expectFinish(world, batch);
});

test('parent-failed: also when its payload cannot be read', async () => {
  const { world, batch } = await open();
  const { job, token } = await takeParent(world, batch);
  await world.ledger.redis.hset(world.queues.invite.toKey(job.id ?? ''), 'data', '{"batch":7}');
  await job.moveToFailed(new UnrecoverableError('E_PAYLOAD'), token);
  expect(await mendNow(world, batch)).toEqual(['parent-failed']);
  const parent = await world.queues.invite.getJob(parentId(batch, 1));
  expect(parent?.data).toEqual({ batch, round: 1 });
  await expectFinish(world, batch);
});

test('parent-over: a parent that ended before its batch is built anew', async () => {
  const { world, batch } = await open();
  const { job, token } = await takeParent(world, batch);
  await job.moveToCompleted('finished before', token, false);
  expect(await mendNow(world, batch)).toEqual(['parent-over']);
  await expectFinish(world, batch);
});

test('a parent that waits for its turn or runs is left alone', async () => {
  const { world, batch } = await open();
  await world.queues.invite.pause();
  await takeParent(world, batch).catch(() => undefined);
  expect(await world.queues.invite.getJobState(parentId(batch, 1))).toBe('waiting');
  expect(await mendNow(world, batch)).toEqual([]);
  await world.queues.invite.resume();
  await expectFinish(world, batch);
});

test('seal-lost: the seal is put back and promoted', async () => {
  const { world, batch } = await open();
  await world.queues.seal.remove(sealId(batch, 1));
  expect(await mendNow(world, batch)).toEqual(['seal-lost']);
  const seal = await world.queues.seal.getJob(sealId(batch, 1));
  expect(seal?.data).toMatchObject({ sealed: true, expected: 3 });
  expect(await seal?.getState()).toBe('waiting');
  expect(await mendNow(world, batch)).toEqual([]);
  await expectFinish(world, batch);
});

test('seal-lost: a parent that waits for nothing is let go', async () => {
  const { world, batch, parentKey } = await open();
  for (const row of [0, 1, 2]) await settle(world, batch, row);
  await world.queues.createUser.drain();
  await world.ledger.redis.del(`${parentKey}:dependencies`);
  await world.ledger.redis.zadd(world.queues.invite.toKey('waiting-children'), 1, `${batch}.1`);
  await world.ledger.redis.del(world.queues.invite.toKey('wait'));
  expect(await mendNow(world, batch)).toEqual(['seal-lost']);
  await world.startWorkers();
  expect(await world.untilFinished(batch)).toMatchObject({ created: 3, inviteRequests: 1 });
});

async function settle(world: World, batch: string, row: number): Promise<void> {
  await settleRow(world.ledger, { batch, round: 1, row }, { state: 'created', outcome: {} });
}

test('seal-not-promoted: a seal whose promotion was lost is promoted', async () => {
  const { world, batch } = await open();
  const id = sealId(batch, 1);
  await world.ledger.redis.lrem(world.queues.seal.toKey('wait'), 0, id);
  await world.ledger.redis.zadd(world.queues.seal.toKey('delayed'), 9e15, id);
  const data = JSON.stringify({ batch, round: 1, sealed: false, expected: 0 });
  await world.ledger.redis.hset(world.queues.seal.toKey(id), 'data', data);
  expect(await mendNow(world, batch)).toEqual(['seal-not-promoted']);
  await expectFinish(world, batch);
});

test('seal-failed: a seal whose data could not be read gets it anew and runs again', async () => {
  const { world, batch } = await open();
  const id = sealId(batch, 1);
  await world.ledger.redis.hset(world.queues.seal.toKey(id), 'data', '"?"');
  const hand = handWorker(world, SEAL);
  await (await hand.take()).moveToFailed(new UnrecoverableError('E_PAYLOAD'), hand.token);
  expect(await mendNow(world, batch)).toEqual(['seal-failed']);
  expect(await mendNow(world, batch)).toEqual([]);
  await expectFinish(world, batch);
});

test('children-lost: jobs that vanished while the parent waits for them are added again', async () => {
  const { world, batch } = await open();
  const { redis } = world.ledger;
  const { createUser } = world.queues;
  await redis.del(createUser.toKey('wait'), createUser.toKey(`${batch}.1.1`));
  expect(await mendNow(world, batch)).toEqual(['children-lost']);
  expect(await createUser.getWaitingCount()).toBe(3);
  expect(await mendNow(world, batch)).toEqual([]);
  await expectFinish(world, batch);
});

test('a job whose hash was evicted while it waited is worked all the same', async () => {
  const { world, batch } = await open();
  await world.ledger.redis.del(world.queues.createUser.toKey(`${batch}.1.1`));
  const workers = await world.startWorkers();
  const bare = async () => (await world.queues.createUser.getFailed())[0]?.failedReason;
  await waitFor(async () => (await bare()) === 'E_PAYLOAD');
  await waitFor(async () => (await world.report(batch)).pending === 1);
  await workers.close();
  expect(await mendNow(world, batch)).toEqual(['failed-child-attached']);
  await expectFinish(world, batch);
});

/** A failed child attached to its parent again, as a producer that resumed by a race leaves it. */
async function attachFailed(world: World, batch: string, row: number): Promise<void> {
  const hand = handWorker(world);
  const job = await hand.take();
  expect(job.id).toBe(childId({ batch, round: 1, row }));
  await job.moveToFailed(stalled(), hand.token);
  const parentKey = world.queues.invite.toKey(parentId(batch, 1));
  await world.ledger.redis.sadd(
    `${parentKey}:dependencies`,
    world.queues.createUser.toKey(job.id ?? ''),
  );
}

test("failed-child-attached: the row fails with the queue's reason and lets the parent go", async () => {
  const { world, batch } = await open();
  await attachFailed(world, batch, 0);
  await world.startWorkers();
  await waitFor(async () => (await world.report(batch)).pending === 1);
  expect(await mendNow(world, batch)).toEqual(['failed-child-attached']);
  await expectFinish(world, batch, 2);
  const [row] = await world.rows(batch);
  expect(row).toMatchObject({ state: 'failed', code: 'job-failed' });
});

test('failed-child-attached: a row that may have an account is looked up instead', async () => {
  const { world, batch } = await open();
  const ref = { batch, round: 1, row: 0 };
  await noteRow(world.ledger, ref, { doubt: { kind: 'posting' } });
  await attachFailed(world, batch, 0);
  await world.queues.createUser.drain();
  expect(await mendNow(world, batch)).toContain('failed-child-attached');
  const job = await world.queues.createUser.getJob(childId(ref));
  expect(await job?.getState()).toBe('waiting');
  await expectFinish(world, batch);
});

test('unsealed: what a producer that died after its intake left is finished', async () => {
  const world = await openWorld();
  // Looks of the producer: one for the lock, two while recording, then one a slice of jobs.
  for (const [index, at] of [4, 5].entries()) {
    const submission = world.submission(people(1050, index * 10_000));
    const producer = world.producer({ signal: endingAt(at) });
    await expect(submit(producer, submission)).rejects.toThrow('killed');
    expect(await mendNow(world, submission.id)).toEqual(['unsealed']);
    expect(await readBatch(world.ledger, submission.id)).toMatchObject({ sealedRound: 1 });
    const parent = await world.queues.invite.getJob(parentId(submission.id, 1));
    expect(await parent?.getDependenciesCount()).toMatchObject({ unprocessed: 1051 });
    expect((await submit(world.producer(), submission)).already).toBe(true);
  }
});

test('a batch still in its intake is left to its producer', async () => {
  const world = await openWorld();
  const submission = world.submission(people(1050));
  await expect(submit(world.producer({ signal: endingAt(3) }), submission)).rejects.toThrow();
  expect(await mendNow(world, submission.id)).toEqual([]);
  expect(await readBatch(world.ledger, submission.id)).toMatchObject({ state: 'intake' });
});

test('a batch that is being submitted is left alone', async () => {
  const { world, batch } = await open();
  await world.queues.seal.remove(sealId(batch, 1));
  await takeLock(world.ledger, batch, { token: 'a producer', timings });
  expect(await mendNow(world, batch)).toEqual([]);
  await world.ledger.redis.del(world.ledger.keys.lock(batch));
  expect(await mendNow(world, batch)).toEqual(['seal-lost']);
  expect(await world.ledger.redis.exists(world.ledger.keys.lock(batch))).toBe(0);
});

test('dependencies are looked at only when nothing has moved since the look before', async () => {
  const { world, batch } = await open();
  await world.submit(people(2, 10));
  await world.ledger.redis.del(world.queues.createUser.toKey(`${batch}.1.1`));
  const remembers = true;
  expect(await mendNow(world, batch, { remembers })).toEqual([]);
  await settle(world, batch, 0);
  expect(await mendNow(world, batch, { remembers })).toEqual([]);
  expect(await mendNow(world, batch, { remembers: false })).toEqual([]);
  expect(await mendNow(world, batch, { remembers })).toEqual(['children-lost']);
});

test('a look is bounded, and the next one goes on where it ended', async () => {
  const world = await openWorld();
  const batch = await world.submit(people(4000));
  const { redis } = world.ledger;
  const keys = people(4000).map((_, row) => world.queues.createUser.toKey(`${batch}.1.${row}`));
  await redis.del(...keys);
  const mendSome = () => mendNow(world, batch, { remembers: true, budget: { left: 1000 } });
  expect(await mendSome()).toEqual([]);
  expect(await mendSome()).toEqual(['children-lost']);
  const added = await redis.exists(...keys);
  expect(added).toBeGreaterThanOrEqual(1000);
  // SSCAN may give some more than was asked for, or a page less, and then there is another one.
  expect(added).toBeLessThan(3000);
  expect((await readLook(world.ledger, batch)).cursor).not.toBe(0);
  for (let looks = 0; looks < 6 && (await redis.exists(...keys)) < 4000; looks += 1) {
    await mendSome();
  }
  expect(await redis.exists(...keys)).toBe(4000);
});
