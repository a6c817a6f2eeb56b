import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { readBatch } from '../../src/ledger/batches.ts';
import { parentId, sealId } from '../../src/queue/job-id.ts';
import { reconcile } from '../../src/worker/reconcile.ts';
import { people } from '../support/people.ts';
import { handWorker } from './hand-worker.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

async function run(at: HandlerCase): Promise<boolean> {
  return reconcile(at.deps, await readBatch(at.world.ledger, at.batch));
}

const waiting = (at: HandlerCase) => at.world.queues.createUser.getWaitingCount();

test('a settled round needs nothing', async () => {
  const at = await openCase({ rows: people(2) });
  await at.created(0, 1);
  expect(await run(at)).toBe(true);
  expect(await at.states()).toEqual(['created', 'created']);
});

test('a job that failed without our code settles its row, with the reason of the queue', async () => {
  const at = await openCase();
  const hand = handWorker(at.world);
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
  const { createUser, invite } = at.world.queues;
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
  const { ledger, queues } = at.world;
  await ledger.redis.hset(ledger.keys.record(at.batch), 'sealedRound', 0);
  await queues.seal.remove(sealId(at.batch, 1));
  expect(await run(at)).toBe(false);
  const seal = await queues.seal.getJob(sealId(at.batch, 1));
  expect(seal?.data).toMatchObject({ sealed: false });
  expect(await seal?.isDelayed()).toBe(true);
});
