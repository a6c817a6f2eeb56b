import { expect, test } from 'vitest';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { createdOn, peopleCsv, untilCreated } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Five slices, so that there is time to kill the producer after the first one. */
const PEOPLE = 5000;
/** Recording takes 0.03 s a slice, half of what adding to the queue takes. */
const PEOPLE_TO_READ = 20_000;
test('a producer killed with SIGKILL half-way and run again adds nobody twice', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 0 } });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const submitAll = ['submit', 'people.csv', '--batch', 'halves', '--json'];
  const first = stage.process.start(submitAll);
  const jobs = jobsOf(stage);
  await waitFor(async () => (await jobs.waiting()) > 0, { what: 'the first slice' });
  first.send('SIGKILL');
  await first.ended;
  expect(await jobs.waiting()).toBeLessThan(PEOPLE);
  expect(await jobs.batch()).toMatchObject({ state: 'processing', sealedRound: 0 });

  await jobs.endLock();
  const second = await stage.run(submitAll);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ total: PEOPLE, accepted: PEOPLE });
  expect(await jobs.waiting()).toBe(PEOPLE);
  expect(await jobs.children()).toBe(PEOPLE + 1);
  expect(await jobs.batch()).toMatchObject({ sealedRound: 1, expected: PEOPLE });
  expect(createdOn(stage.sandbox)).toEqual([]);

  await stage.startWorkers({}, { concurrency: 15 });
  // Each job has the id of its row; a tenth of them shows that they work.
  await untilCreated(stage.sandbox, PEOPLE / 10);
  const { postsByEmail } = stage.sandbox.state();
  expect(Object.values(postsByEmail).filter((posts) => posts !== 1)).toEqual([]);
});

test('a producer killed with SIGKILL while it reads leaves a batch that the same command continues', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(PEOPLE_TO_READ));
  const submitAll = ['submit', 'people.csv', '--batch', 'intake', '--json'];
  const first = stage.process.start(submitAll);
  const jobs = jobsOf(stage);
  await waitFor(() => jobs.batch(), { what: 'the batch' });
  first.send('SIGKILL');
  await first.ended;
  expect(await jobs.batch()).toMatchObject({ state: 'intake' });
  await jobs.endLock();
  const second = await stage.run(submitAll);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ accepted: PEOPLE_TO_READ, duplicates: 0 });
  expect(await jobs.waiting()).toBe(PEOPLE_TO_READ);
  expect(createdOn(stage.sandbox)).toEqual([]);
});

test('a batch whose producer was killed with SIGKILL half-way is completed by status, without its file', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 0 } });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const first = stage.process.start(['submit', 'people.csv', '--batch', 'orphan']);
  const jobs = jobsOf(stage);
  await waitFor(async () => (await jobs.waiting()) > 0, { what: 'the first slice' });
  first.send('SIGKILL');
  await first.ended;
  expect((await stage.run(['status', 'orphan'])).stdout).not.toContain('half-way');
  await jobs.endLock();
  const { stdout } = await stage.run(['status', 'orphan']);
  expect(stdout).toContain('its submission had stopped half-way: completed');
  expect(await jobs.batch()).toMatchObject({ sealedRound: 1, expected: PEOPLE });
  expect(await jobs.waiting()).toBe(PEOPLE);
  expect(await jobs.children()).toBe(PEOPLE + 1);
});

/** Reads the queue's and the ledger's data of a stage's only batch. */
function jobsOf(stage: Stage) {
  const { redis, ledger } = stage;
  const only = async () => (await redis.zrange(ledger.keys.batches, '0', '-1'))[0];
  return {
    waiting: () => redis.llen(`${stage.prefix}:create-user:wait`),
    /** Stands for the time that the other test waits. */
    endLock: async () => redis.del(ledger.keys.lock(String(await only()))),
    children: async () => redis.scard(`${stage.prefix}:invite:${await only()}.1:dependencies`),
    batch: async () => {
      const id = await only();
      return id === undefined ? undefined : readBatch(ledger, id);
    },
  };
}
