import { Worker } from 'bullmq';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readHold } from '../../src/ledger/stops/holds.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { admitRequests, processorOf } from '../../src/worker/execute.ts';
import {
  done,
  fail,
  held,
  type Outcome,
  putBack,
  retry,
  snooze,
} from '../../src/worker/outcome.ts';
import { onRelease } from '../support/resources.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const hold = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.' } as const;

/** A worker whose handler returns these outcomes, one a start, then completes. */
async function scripted(stage: Stage, outcomes: Outcome[]): Promise<void> {
  const deps = stage.deps();
  await stage.queues.createUser.setGlobalRateLimit(1000, 1000);
  const kind = {
    schema: z.object({ batch: z.string() }),
    handle: async () => outcomes.shift() ?? done('done'),
    admit: admitRequests,
  };
  const worker = new Worker(
    CREATE_USER,
    processorOf(deps, kind, () => undefined),
    {
      connection: stage.redis.duplicate(),
      prefix: stage.queues.prefix,
      settings: { backoffStrategy: () => 10 },
    },
  );
  onRelease(() => worker.close());
}

/** Adds a job for the worker, and returns it once `until` holds. */
async function run(stage: Stage, until: 'completed' | 'failed' | 'delayed' | 'waiting') {
  const { createUser } = stage.queues;
  const data = { batch: 'b1', round: 1, row: 0 };
  const options = { jobId: 'job', attempts: 3, backoff: { type: 'onboard' } };
  await createUser.add(CREATE_USER, data, options);
  return waitFor(async () => {
    // Each value is read after the event that it must follow: a job waits before its start, too.
    const hasStarted = ((await createUser.getJob('job'))?.attemptsStarted ?? 0) > 0;
    const state = await createUser.getJobState('job');
    const job = await createUser.getJob('job');
    return hasStarted && state === until ? job : undefined;
  });
}

test("completed: the result is the job's value", async () => {
  const stage = await openStage();
  await scripted(stage, []);
  expect(await run(stage, 'completed')).toMatchObject({ returnvalue: 'done', attemptsMade: 1 });
});

test('retryable: the attempt counts, and the job comes back after its backoff', async () => {
  const stage = await openStage();
  await scripted(stage, [retry('timeout')]);
  const job = await run(stage, 'completed');
  expect(job).toMatchObject({ attemptsMade: 2, attemptsStarted: 2 });
});

test('retryable until the attempts are used up: failed, with the code as reason', async () => {
  const stage = await openStage();
  const again = retry('timeout');
  await scripted(stage, [again, again, again]);
  const job = await run(stage, 'failed');
  expect(job).toMatchObject({ attemptsMade: 3, failedReason: 'timeout' });
  expect(new Set(job?.stacktrace)).toEqual(new Set(['RetryLater: timeout']));
});

test('unrecoverable: failed at once, with the code as reason', async () => {
  const stage = await openStage();
  await scripted(stage, [fail('bad-request')]);
  const job = await run(stage, 'failed');
  expect(job).toMatchObject({ attemptsStarted: 1, failedReason: 'bad-request' });
});

test.each<[string, Outcome]>([
  ['again', snooze()],
  ['again, later', snooze(30)],
  ['rate-limited', putBack({ kind: 'slow-down', limiter: 'requests', waitMs: 30 })],
  ['outage', putBack({ kind: 'outage', code: 'connection-refused' })],
])('%s: the job is started anew and no attempt is burned', async (_, outcome) => {
  const stage = await openStage();
  await scripted(stage, [outcome, outcome, outcome, outcome]);
  const job = await run(stage, 'completed');
  expect(job).toMatchObject({ attemptsMade: 1, attemptsStarted: 5 });
});

test('again with a delay: the job is delayed by it', async () => {
  const stage = await openStage();
  await scripted(stage, [snooze(60_000)]);
  const job = await run(stage, 'delayed');
  expect(job.attemptsMade).toBe(0);
  expect(job.delay).toBeGreaterThan(55_000);
});

test('held: the job goes back, both queues stand still and the reason is kept', async () => {
  const stage = await openStage();
  await scripted(stage, [held(hold)]);
  const job = await run(stage, 'waiting');
  expect(job.attemptsMade).toBe(0);
  const { createUser, invite } = stage.queues;
  expect([await createUser.isPaused(), await invite.isPaused()]).toEqual([true, true]);
  expect(await readHold(stage.ledger)).toMatchObject(hold);
});

test('a payload that does not parse fails at once, without a retry', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const { createUser } = stage.queues;
  const damaged = { batch: 'b1', round: 1, row: -1 };
  await createUser.add(CREATE_USER, damaged, { jobId: 'job', attempts: 3 });
  const job = await waitFor(async () => (await createUser.getFailed())[0]);
  expect(job).toMatchObject({ failedReason: 'E_PAYLOAD', attemptsStarted: 1 });
});
