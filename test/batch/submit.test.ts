import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { takeLock } from '../../src/ledger/batch/lock.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { createLogger } from '../../src/process/logger.ts';
import { parentId, sealId } from '../../src/queue/job-id.ts';
import { timings } from '../../src/timings.ts';
import { people, person } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { endingAt } from './killed-producer.ts';

/** Jobs of all three queues, in any state. */
async function jobCount({ queues }: Stage): Promise<number> {
  const all = [queues.createUser, queues.invite, queues.seal];
  const counts = await Promise.all(all.map((queue) => queue.getJobCounts()));
  return counts.flatMap((each) => Object.values(each)).reduce((sum, count) => sum + count, 0);
}

test('a list becomes rows, jobs, a parent that waits, and a seal that says how many', async () => {
  const stage = await openStage();
  const faults = [{ field: 'email', code: 'email-form', value: 'x', reason: 'no address' }];
  const bad: NewRow = { kind: 'rejected', at: { file: 'f', line: 9 }, raw: {}, faults };
  const rows = [...people(1100), bad, person('P3@example.com')];
  const submission = stage.submission(rows);
  const { batch, already } = await submit(stage.producer(), submission);
  expect(already).toBe(false);
  const { id } = batch;
  expect(batch).toMatchObject({ state: 'processing', round: 1, sealedRound: 1, expected: 1100 });
  expect(await stage.report(id)).toMatchObject({ total: 1102, rejected: 1, duplicates: 1 });
  expect(await stage.queues.createUser.getWaitingCount()).toBe(1100);
  const seal = await stage.queues.seal.getJob(sealId(id, 1));
  expect(seal?.data).toEqual({ batch: id, round: 1, sealed: true, expected: 1100 });
  const parent = await stage.queues.invite.getJob(parentId(id, 1));
  expect(await parent?.getState()).toBe('waiting-children');
});

test('the same twice is one batch, before and after it has finished', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(5));
  await submit(stage.producer(), submission);
  const jobs = await jobCount(stage);
  const again = await submit(stage.producer(), submission);
  expect(again).toMatchObject({ already: true, batch: { id: submission.id } });
  expect(await jobCount(stage)).toBe(jobs);
  await stage.startWorkers();
  await stage.untilFinished(submission.id);
  expect((await submit(stage.producer(), submission)).already).toBe(true);
  expect(await stage.queues.createUser.getWaitingCount()).toBe(0);
  expect(await stage.report(submission.id)).toMatchObject({ created: 5, inviteRequests: 1 });
});

test.each<[string, NewRow[]]>([
  ['an empty list', []],
  [
    'a list of rejected rows',
    [{ kind: 'rejected', at: { file: 'f', line: 2 }, raw: {}, faults: [] }],
  ],
])('%s finishes without a request', async (_, rows) => {
  const stage = await openStage();
  await stage.startWorkers();
  const batch = await stage.submit(rows);
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ total: rows.length, accepted: 0, inviteRequests: 0 });
  expect(stage.sandbox.state().requests).toEqual({});
});

test('other content under the same id is refused and leaves the batch as it was', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(2));
  await submit(stage.producer(), submission);
  const other = { ...submission, digest: 'other' };
  await expect(submit(stage.producer(), other)).rejects.toMatchObject({ code: 'E_BATCH_CONFLICT' });
  expect(await stage.report(submission.id)).toMatchObject({ total: 2 });
  expect((await submit(stage.producer(), submission)).already).toBe(true);
});

test('a second producer waits for the first one and then continues', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(2));
  const { redis, keys } = stage.ledger;
  await takeLock(stage.ledger, submission.id, { token: 'the first', timings });
  const said: string[] = [];
  const destination = { write: (line: string) => void said.push(line) };
  const logger = createLogger({ level: 'info', destination });
  const second = submit(stage.producer({ logger }), submission);
  await waitFor(() => said.some((line) => line.includes('waiting for another producer')));
  expect(await redis.exists(keys.record(submission.id))).toBe(0);
  await redis.del(keys.lock(submission.id));
  expect((await second).batch.sealedRound).toBe(1);
});

test('a producer that waits for the lock can be stopped', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(2));
  await takeLock(stage.ledger, submission.id, { token: 'the first', timings });
  const second = submit(stage.producer({ signal: endingAt(2) }), submission);
  await expect(second).rejects.toThrow('killed');
});

test('a producer whose lock ran out stops at the next slice and leaves the new owner in peace', async () => {
  const stage = await openStage();
  const { redis, keys } = stage.ledger;
  const rows = people(1500);
  const submission = stage.submission(rows, {
    rows: async function* () {
      yield* rows.slice(0, 1200);
      await redis.set(keys.lock(submission.id), 'the next');
      yield* rows.slice(1200);
    },
  });
  const submitted = submit(stage.producer(), submission);
  await expect(submitted).rejects.toMatchObject({ code: 'E_BATCH_BUSY' });
  expect(await redis.get(keys.lock(submission.id))).toBe('the next');
  expect(await stage.report(submission.id)).toMatchObject({ state: 'intake', total: 1000 });
});

test('a list that cannot be read to its end adds nothing to the queue', async () => {
  const stage = await openStage();
  const submission = stage.submission([], {
    rows: async function* () {
      yield* people(1100);
      throw new Error('broken quote in line 1102');
    },
  });
  await expect(submit(stage.producer(), submission)).rejects.toThrow('broken quote');
  expect(await jobCount(stage)).toBe(0);
  expect(await stage.ledger.redis.exists(stage.ledger.keys.lock(submission.id))).toBe(0);
});

test('job payloads and options hold keys only, never a name or an address', async () => {
  const stage = await openStage();
  await stage.submit(people(3));
  const { createUser, invite, seal } = stage.queues;
  const jobs = [
    ...(await createUser.getJobs()),
    ...(await invite.getJobs()),
    ...(await seal.getJobs()),
  ];
  expect(jobs).toHaveLength(5);
  expect(JSON.stringify(jobs.map((job) => job.toJSON()))).not.toMatch(/@|Ana|Lee/);
});
