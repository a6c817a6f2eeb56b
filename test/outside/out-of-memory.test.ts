import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { openScene, peopleCsv, type Scene, untilCreated } from '../support/cli.ts';
import { startRedis } from '../support/redis-server.ts';
import { onRelease, redisSpace } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';

const REFUSED = /^E_REDIS_REFUSES: Redis refuses to work \(OOM\): .*maxmemory/m;

async function openStage(env: Record<string, string> = {}, latencyMs = 5) {
  const redis = await startRedis();
  onRelease(() => redis.stop());
  const scene = await openScene({ env: { REDIS_URL: redis.url, ...env }, sandbox: { latencyMs } });
  const { redis: client } = redisSpace(redis.url);
  const limitTo = (memory: string) => client.config('SET', 'maxmemory', memory);
  return { scene, client, limitTo };
}

async function reportOf(scene: Scene, batch: string) {
  return JSON.parse((await scene.run(['status', batch, '--json'])).stdout);
}

test('a Redis out of memory fails nobody: attempts are kept, and all goes on when there is room', async () => {
  // Two attempts: one that is burned shows.
  const { scene, limitTo } = await openStage({ ONBOARD_ATTEMPTS: '2' }, 40);
  const file = await scene.write('people.csv', peopleCsv(200));
  const more = await scene.write('more.csv', peopleCsv(5, 1000));
  expect((await scene.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = scene.start(['worker']);
  await untilCreated(scene.sandbox, 40);
  await limitTo('1mb');
  await waitFor(() => worker.stderr.includes('redis refuses to work'));
  const refused = await Promise.all(
    [
      ['submit', more, '--no-check'],
      ['run', more, '--no-check'],
    ].map((a) => scene.run(a)),
  );
  for (const { code, stdout, stderr } of refused) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(REFUSED);
  }
  const asked = await scene.run(['submit', more]);
  expect([asked.code, asked.stderr]).toEqual([4, expect.stringMatching(/^E_PREFLIGHT: /m)]);
  // Reading takes no memory, so status still tells; and five seconds are over meanwhile, after which
  // BullMQ has asked for jobs again and again.
  expect(await reportOf(scene, 'people')).toMatchObject({ state: 'processing', failed: 0 });
  expect(worker.stderr.match(/redis refuses to work/g)).toHaveLength(1);
  expect(worker.stderr.length).toBeLessThan(5000);
  await limitTo('0');
  await waitFor(() => worker.stderr.includes('batch finished'), { timeoutMs: 40_000 });
  expect(await reportOf(scene, 'people')).toMatchObject({ created: 200, invited: 200, failed: 0 });
  expectEverybodyOnce(scene.sandbox, 200);
}, 60_000);

test('an invite that was accepted while Redis takes no notes is not sent again', async () => {
  const { scene, client, limitTo } = await openStage({ LOG_LEVEL: 'trace' }, 1000);
  const file = await scene.write('people.csv', peopleCsv(5));
  expect((await scene.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = scene.start(['worker']);
  const record = `${scene.prefix}:batch:people`;
  await waitFor(() => client.hexists(record, 'sending'), { what: 'the invite on its way' });
  await limitTo('1mb');
  // The worker has the answer, and its note of it was refused.
  await waitFor(() => /portal request.*invite|invite.*portal request/.test(worker.stderr));
  await waitFor(() => worker.stderr.includes('redis refuses to work'));
  await limitTo('0');
  await waitFor(() => worker.stderr.includes('batch finished'), { timeoutMs: 40_000 });
  expectEverybodyOnce(scene.sandbox, 5);
  expect(await reportOf(scene, 'people')).toMatchObject({ invited: 5, inviteRequests: 1 });
}, 60_000);

test('a list that was cut off by full memory is made good by the same command', async () => {
  const { scene, client, limitTo } = await openStage();
  const file = await scene.write('people.csv', peopleCsv(2500));
  const submit = ['submit', file, '--batch', 'people'];
  // Room for some of the rows, then for some of the jobs, then for all.
  for (const memory of ['2mb', '3mb']) {
    await limitTo(memory);
    expect((await scene.run([...submit, '--no-check'])).stderr).toMatch(REFUSED);
  }
  const queued = await client.llen(`${scene.prefix}:create-user:wait`);
  expect(queued).toBeGreaterThan(0);
  expect(queued).toBeLessThan(2500);
  // The rows are there, so the check does not ask for room for them once more.
  await limitTo('6mb');
  expect(await scene.run(submit)).toMatchObject({ code: 0, stdout: 'people\n' });
  expect(await client.llen(`${scene.prefix}:create-user:wait`)).toBe(2500);
  const worker = scene.start(['worker']);
  await waitFor(() => worker.stderr.includes('batch finished'), { timeoutMs: 60_000 });
  expectEverybodyOnce(scene.sandbox, 2500);
}, 90_000);
