import { Worker } from 'bullmq';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readHold } from '../../src/ledger/holds.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { processorOf } from '../../src/worker/execute.ts';
import type { Outcome } from '../../src/worker/outcome.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, type World } from '../support/world.ts';

const done: Outcome = { kind: 'completed', result: 'done' };
const hold = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.' };

/** A worker whose handler ends as told, one outcome a start, then completes. */
async function scripted(world: World, outcomes: Outcome[]): Promise<void> {
  const deps = await world.deps();
  await world.queues.createUser.setGlobalRateLimit(1000, 1000);
  const kind = {
    schema: z.object({ batch: z.string() }),
    handle: async () => outcomes.shift() ?? done,
    asksPortal: true,
  };
  const worker = new Worker(CREATE_USER, processorOf(deps, kind), {
    connection: world.space.redis.duplicate(),
    prefix: world.queues.prefix,
    settings: { backoffStrategy: () => 10 },
  });
  onRelease(() => worker.close());
}

/** Adds a job that the worker starts, and returns it as it is once `until` holds. */
async function run(world: World, until: 'completed' | 'failed' | 'delayed' | 'waiting') {
  const { createUser } = world.queues;
  const data = { batch: 'b1', round: 1, row: 0 };
  const options = { jobId: 'job', attempts: 3, backoff: { type: 'onboard' } };
  await createUser.add(CREATE_USER, data, options);
  return waitFor(async () => {
    // Each is read after what it must not be older than: a job waits before its start, too.
    const hasStarted = ((await createUser.getJob('job'))?.attemptsStarted ?? 0) > 0;
    const state = await createUser.getJobState('job');
    const job = await createUser.getJob('job');
    return hasStarted && state === until ? job : undefined;
  });
}

test("completed: the result is the job's value", async () => {
  const world = await openWorld();
  await scripted(world, []);
  expect(await run(world, 'completed')).toMatchObject({ returnvalue: 'done', attemptsMade: 1 });
});

test('retryable: the attempt counts, and the job comes back after its backoff', async () => {
  const world = await openWorld();
  await scripted(world, [{ kind: 'retryable', code: 'timeout' }]);
  const job = await run(world, 'completed');
  expect(job).toMatchObject({ attemptsMade: 2, attemptsStarted: 2 });
});

test('retryable until the attempts are used up: failed, with the code as reason', async () => {
  const world = await openWorld();
  const again: Outcome = { kind: 'retryable', code: 'timeout' };
  await scripted(world, [again, again, again]);
  const job = await run(world, 'failed');
  expect(job).toMatchObject({ attemptsMade: 3, failedReason: 'timeout' });
  expect(new Set(job?.stacktrace)).toEqual(new Set(['RetryLater: timeout']));
});

test('unrecoverable: failed at once, with the code as reason', async () => {
  const world = await openWorld();
  await scripted(world, [{ kind: 'unrecoverable', code: 'bad-request' }]);
  const job = await run(world, 'failed');
  expect(job).toMatchObject({ attemptsStarted: 1, failedReason: 'bad-request' });
});

test.each<[string, Outcome]>([
  ['again', { kind: 'again', delayMs: 0 }],
  ['again, later', { kind: 'again', delayMs: 30 }],
  ['rate-limited', { kind: 'rate-limited', limiter: 'requests', waitMs: 30 }],
  ['outage', { kind: 'outage', code: 'connection-refused' }],
])('%s: the job is started anew and no attempt is burned', async (_, outcome) => {
  const world = await openWorld();
  await scripted(world, [outcome, outcome, outcome, outcome]);
  const job = await run(world, 'completed');
  expect(job).toMatchObject({ attemptsMade: 1, attemptsStarted: 5 });
});

test('again with a delay: the job is delayed by it', async () => {
  const world = await openWorld();
  await scripted(world, [{ kind: 'again', delayMs: 60_000 }]);
  const job = await run(world, 'delayed');
  expect(job.attemptsMade).toBe(0);
  expect(job.delay).toBeGreaterThan(55_000);
});

test('held: the job goes back, both queues stand still and the reason is kept', async () => {
  const world = await openWorld();
  await scripted(world, [{ kind: 'held', hold }]);
  const job = await run(world, 'waiting');
  expect(job.attemptsMade).toBe(0);
  const { createUser, invite } = world.queues;
  expect([await createUser.isPaused(), await invite.isPaused()]).toEqual([true, true]);
  expect(await readHold(world.ledger)).toMatchObject(hold);
});

test('rule 7: a payload that does not parse fails at once, without a retry', async () => {
  const world = await openWorld();
  await world.startWorkers();
  const { createUser } = world.queues;
  const damaged = { batch: 'b1', round: 1, row: -1 };
  await createUser.add(CREATE_USER, damaged, { jobId: 'job', attempts: 3 });
  const job = await waitFor(async () => (await createUser.getFailed())[0]);
  expect(job).toMatchObject({ failedReason: 'E_PAYLOAD', attemptsStarted: 1 });
});
