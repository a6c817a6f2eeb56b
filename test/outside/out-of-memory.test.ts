import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectRefused } from './expect-refused.ts';

const REFUSED = /^E_REDIS_REFUSES: Redis refuses to work \(OOM\): .*maxmemory/m;

async function openLimited(env: Record<string, string> = {}, latencyMs = 5) {
  const redis = await ownRedis();
  const stage = await openStage({ redis: redis.url, env, sandbox: { latencyMs } });
  const client = stage.redis;
  const limitTo = (memory: string) => client.config('SET', 'maxmemory', memory);
  return { stage, client, limitTo };
}

test('a Redis out of memory fails nobody: no attempt is used, and workers resume when it has room', async () => {
  // With two attempts, a burned one shows.
  const { stage, limitTo } = await openLimited({ ONBOARD_ATTEMPTS: '2' }, 40);
  const file = stage.write('people.csv', peopleCsv(200));
  const more = stage.write('more.csv', peopleCsv(5, 1000));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = await stage.worker();
  await untilCreated(stage.sandbox, 40);
  await limitTo('1mb');
  await waitFor(() => worker.stderr.includes('redis refuses to work'));
  await expectRefused(stage, more, REFUSED);
  // Reading takes no memory, so `status` works. Five seconds pass meanwhile, in which BullMQ asks
  // for jobs repeatedly.
  expect(await stage.report('people')).toMatchObject({ state: 'processing', failed: 0 });
  expect(worker.stderr.match(/redis refuses to work/g)).toHaveLength(1);
  expect(worker.stderr.length).toBeLessThan(5000);
  await limitTo('0');
  await stage.untilFinished('people');
  expect(await stage.report('people')).toMatchObject({ created: 200, invited: 200, failed: 0 });
  expectEverybodyOnce(stage.sandbox, 200);
});

test('an invite that was accepted while Redis takes no notes is not sent again', async () => {
  const { stage, client, limitTo } = await openLimited({ LOG_LEVEL: 'trace' }, 1000);
  const file = stage.write('people.csv', peopleCsv(5));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = await stage.worker();
  const record = `${stage.prefix}:batch:people`;
  await waitFor(() => client.hexists(record, 'sending'), { what: 'the invite on its way' });
  await limitTo('1mb');
  // The worker has the answer, and Redis refused its note.
  await waitFor(() => /portal request.*invite|invite.*portal request/.test(worker.stderr));
  await waitFor(() => worker.stderr.includes('redis refuses to work'));
  await limitTo('0');
  await stage.untilFinished('people');
  expectEverybodyOnce(stage.sandbox, 5);
  expect(await stage.report('people')).toMatchObject({ invited: 5, inviteRequests: 1 });
});

test('a list that was cut off by full memory is completed by the same command', async () => {
  const { stage, client, limitTo } = await openLimited();
  const file = stage.write('people.csv', peopleCsv(2500));
  const submit = ['submit', file, '--batch', 'people'];
  // Room for some of the rows, then for some of the jobs, then for all.
  let queued = 0;
  for (let memory = 2_000_000; queued === 0; memory += 300_000) {
    await limitTo(String(memory));
    expect((await stage.run([...submit, '--no-check'])).stderr).toMatch(REFUSED);
    queued = await client.llen(`${stage.prefix}:create-user:wait`);
  }
  expect(queued).toBeLessThan(2500);
  // The rows are recorded, so the check asks for no more room for them.
  await limitTo('6mb');
  expect(await stage.run(submit)).toMatchObject({ code: 0, stdout: 'people\n' });
  expect(await client.llen(`${stage.prefix}:create-user:wait`)).toBe(2500);
  await stage.startWorkers();
  await stage.untilFinished('people');
  expectEverybodyOnce(stage.sandbox, 2500);
});
