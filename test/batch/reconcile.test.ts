import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { reconcile } from '../../src/batch/reconcile.ts';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { SEAL } from '../../src/queue/names.ts';
import { people } from '../support/people.ts';
import { handWorker } from '../worker/hand-worker.ts';
import { type HandlerCase, openCase } from '../worker/handler-case.ts';

async function run(at: HandlerCase): Promise<boolean> {
  return reconcile(at.deps, await readBatch(at.stage.ledger, at.batch));
}

const waiting = (at: HandlerCase) => at.stage.queues.createUser.getWaitingCount();

test('a settled round needs nothing', async () => {
  const at = await openCase({ rows: people(2) });
  await at.created(0, 1);
  expect(await run(at)).toBe(true);
  expect(await at.states()).toEqual(['created', 'created']);
});

test('a job that failed without our code settles its row, with the reason of the queue', async () => {
  const at = await openCase();
  const hand = handWorker(at.stage);
  const job = await hand.take();
  const stalled = new UnrecoverableError('job stalled more than allowable limit');
  await job.moveToFailed(stalled, hand.token);
  expect(await run(at)).toBe(true);
  expect(await at.outcome()).toEqual({
    code: 'job-failed',
    reason: 'The job failed without an answer: job stalled more than allowable limit.',
    attempts: 1,
  });
  expect(await at.states()).toEqual(['failed']);
});

test('children that vanished are added again, to the same parent', async () => {
  const at = await openCase({ rows: people(3) });
  const { createUser, invite } = at.stage.queues;
  await createUser.remove(`${at.batch}.1.1`);
  expect(await waiting(at)).toBe(2);
  expect(await run(at)).toBe(false);
  expect(await waiting(at)).toBe(3);
  const parent = await invite.getJob(parentId(at.batch, 1));
  // The three children and the seal, which nobody has run.
  expect(await parent?.getDependenciesCount()).toMatchObject({ unprocessed: 4 });
});

test('a seal that was lost before the round was sealed is put back, unsealed', async () => {
  const at = await openCase();
  const { ledger, queues } = at.stage;
  await ledger.redis.hset(ledger.keys.record(at.batch), 'sealedRound', 0);
  await queues.seal.remove(sealId(at.batch, 1));
  expect(await run(at)).toBe(false);
  const seal = await queues.seal.getJob(sealId(at.batch, 1));
  expect(seal?.data).toMatchObject({ sealed: false });
  expect(await seal?.isDelayed()).toBe(true);
});

test('a job that failed although its row may have an account is added anew, to be looked up', async () => {
  const at = await openCase({ rows: people(2) });
  const { ledger, queues } = at.stage;
  await at.created(1);
  const ref = { batch: at.batch, round: 1, row: 0 };
  await noteRow(ledger, ref, { doubt: { kind: 'posting' } });
  const hand = handWorker(at.stage);
  await (await hand.take()).moveToFailed(new UnrecoverableError('job stalled'), hand.token);
  expect(await run(at)).toBe(false);
  expect(await at.states()).toEqual(['pending', 'created']);
  expect(await at.outcome()).toEqual({ doubt: { kind: 'posting' } });
  const job = await queues.createUser.getJob(childId(ref));
  expect(job).toMatchObject({ attemptsMade: 0, attemptsStarted: 0, stalledCounter: 0 });
  const parent = await queues.invite.getJob(parentId(at.batch, 1));
  const { unprocessed } = (await parent?.getDependencies({ unprocessed: { count: 100 } })) ?? {};
  expect(unprocessed).toContain(queues.createUser.toKey(childId(ref)));
});

test('1,000 lost children and more are found in slices and added again', async () => {
  const at = await openCase({ rows: people(2100) });
  await at.stage.queues.createUser.drain();
  expect(await run(at)).toBe(false);
  expect(await waiting(at)).toBe(2100);
});

test.each(['failed', 'completed'])(
  'an unsealed round whose seal has %s gets a new one, which its parent waits for',
  async (end) => {
    const at = await openCase();
    const { ledger, queues } = at.stage;
    const hand = handWorker(at.stage, SEAL);
    const seal = await hand.take();
    if (end === 'completed') await seal.moveToCompleted('by hand', hand.token, false);
    else await seal.moveToFailed(new UnrecoverableError('E_PAYLOAD'), hand.token);
    await ledger.redis.hset(ledger.keys.record(at.batch), 'sealedRound', 0);
    expect(await run(at)).toBe(false);
    const added = await queues.seal.getJob(sealId(at.batch, 1));
    expect(await added?.isDelayed()).toBe(true);
    expect(added?.data).toMatchObject({ sealed: false });
    const parent = await queues.invite.getJob(parentId(at.batch, 1));
    expect(await parent?.getDependenciesCount()).toMatchObject({ unprocessed: 2 });
  },
);
