import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { pause } from '../../src/batch/stop-queues.ts';
import { readJob, readQueueFacts } from '../../src/overview/queue-facts.ts';
import { childId, sealId } from '../../src/queue/job-id.ts';
import { CREATE_USER, SEAL } from '../../src/queue/names.ts';
import { parseWorkerName, workerName } from '../../src/queue/worker-name.ts';
import { read } from '../support/documents.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { handWorker } from '../worker/hand-worker.ts';
import { openReadable } from './open-readable.ts';

test('the queues of a submitted list are shown with its jobs, paused and without a worker', async () => {
  const stage = await openStage();
  await stage.submit(people(3));
  await pause(stage, { by: 'ana', now: 1 });
  const facts = await readQueueFacts(stage);
  const idle = {
    waiting: 0,
    active: 0,
    delayed: 0,
    waitingChildren: 0,
    failed: 0,
    isPaused: false,
  };
  expect(facts).toEqual({
    queues: [
      { ...idle, name: 'create-user', waiting: 3, isPaused: true },
      { ...idle, name: 'invite', waitingChildren: 1, isPaused: true },
      // The seal was promoted.
      { ...idle, name: 'seal', waiting: 1 },
      { ...idle, name: 'notify' },
    ],
    limits: undefined,
    workers: [],
  });
});

test('a worker process is shown with host, version and the jobs in its hands', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 60_000 } });
  const name = workerName({ host: 'host 1', version: '1.2.3', pid: 7 });
  await stage.startWorkers({}, { name, requestsPerMinute: 1200, concurrency: 2 });
  await stage.submit(people(3));
  const busy = async () => {
    const { workers } = await readQueueFacts(stage);
    return workers?.[0]?.jobs === 3 && workers;
  };
  const workers = await waitFor(busy, { what: 'jobs in hand' });
  const process = { host: 'host_1', version: '1.2.3', pid: 7 };
  // One more than requests at a time: its trips to Redis overlap with theirs.
  expect(workers).toEqual([{ ...process, address: '127.0.0.1', jobs: 3 }]);
  const { limits } = await readQueueFacts(stage);
  expect(limits).toEqual({ perMinute: 1200, why: 'configured', writers: 2 });
});

test('the worker of the command line says which version it is', async () => {
  const stage = await openStage();
  await stage.worker();
  const { workers } = await readQueueFacts(stage);
  const { version } = JSON.parse(read('package.json'));
  expect(workers).toMatchObject([{ version, pid: process.pid, jobs: 0 }]);
});

test('a name that another program gave its connection is no worker of a version', () => {
  expect(parseWorkerName('board')).toBeUndefined();
  expect(parseWorkerName(workerName({ host: 'a~b', version: '0.1.0+x', pid: 1 }))).toEqual({
    host: 'a_b',
    version: '0.1.0+x',
    pid: 1,
  });
});

test('a job is shown with its state and why it failed, without an address', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(1));
  const id = childId({ batch, round: 1, row: 0 });
  expect(await readJob(stage, CREATE_USER, id)).toMatchObject({
    state: 'waiting',
    attemptsMade: 0,
    attempts: 4,
    data: { batch, round: 1, row: 0 },
  });
  const hand = handWorker(stage);
  const job = await hand.take();
  const key = `sk-${'ab'.repeat(16)}`;
  await job.moveToFailed(new UnrecoverableError(`no ana@example.com for ${key}`), hand.token);
  await stage.redis.hset(
    stage.queues.createUser.toKey(id),
    'data',
    JSON.stringify({
      batch,
      round: '1',
      row: 0,
      email: 'ana@example.com',
    }),
  );
  const found = await readJob(stage, CREATE_USER, id);
  expect(found).toMatchObject({ attemptsMade: 1, data: { batch, row: 0 } });
  expect(found?.failedReason).toBe('no a***@example.com for [key]');
  expect(JSON.stringify(found)).not.toContain('ana@');
  expect(await readJob(stage, SEAL, sealId(batch, 1))).toMatchObject({ data: { sealed: true } });
});

test('in a long queue the state of a job is found without a search of those that wait', async () => {
  const stage = await openStage();
  const { createUser } = stage.queues;
  const ids = ['b1.1.0', 'b1.1.1', 'b1.1.2', 'b1.1.3'];
  for (const jobId of ids)
    await createUser.add(CREATE_USER, { batch: 'b1', round: 1, row: 0 }, { jobId });
  const hand = handWorker(stage);
  const [failed, later, active] = [await hand.take(), await hand.take(), await hand.take()];
  await failed.moveToFailed(new UnrecoverableError('bad-request'), hand.token);
  await later.moveToDelayed(Date.now() + 3_600_000, hand.token);
  const others = Array.from({ length: 10_001 }, (_, row) => `b2.1.${row}`);
  await stage.redis.lpush(createUser.toKey('wait'), ...others);
  await stage.redis.config('RESETSTAT');
  const states = await Promise.all(
    [failed, later, active, { id: 'b1.1.3' }].map(async ({ id = '' }) => {
      const job = await readJob(stage, CREATE_USER, id);
      return job?.state;
    }),
  );
  expect(states).toEqual(['failed', 'delayed', 'active', 'waiting']);
  // A search of the jobs in hand for each of the four, and none of those that wait.
  expect(await stage.redis.info('commandstats')).toContain('cmdstat_lpos:calls=4,');
});

test('an id that is a key of a queue, and a queue of another name, lead to no job', async () => {
  const readable = openReadable();
  await readable.queues.createUser.setGlobalRateLimit(3, 1000);
  for (const id of ['meta', 'wait', 'b1.1.0', 'b1.1:lock', '', '../x', 'x'.repeat(300)]) {
    expect(await readJob(readable, CREATE_USER, id)).toBeUndefined();
  }
  expect(await readJob(readable, 'constructor', 'b1.1.0')).toBeUndefined();
});
