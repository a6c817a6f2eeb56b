import { expect, test } from 'vitest';
import { openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { freePort, startRedis } from '../support/redis-server.ts';
import { onRelease, redisSpace } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

test('invariant 13: without Redis a producer fails in a few seconds and names the address', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { REDIS_URL: `redis://me:hidden@${address}` };
  const scene = await openScene({ env });
  await scene.write('people.csv', peopleCsv(3));
  const startedAt = Date.now();
  const all = await Promise.all(
    [['submit', 'people.csv'], ['run', 'people.csv'], ['status']].map((args) => scene.run(args)),
  );
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  for (const { code, stdout, stderr } of all) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`E_REDIS_UNREACHABLE: Redis at ${address} cannot be used`);
    expect(stderr).not.toContain('hidden');
  }
});

test('invariant 13: a producer that loses Redis half-way fails within seconds', async () => {
  const redis = await startRedis();
  onRelease(() => redis.stop());
  const scene = await openScene({ env: { REDIS_URL: redis.url } });
  const file = await scene.write('people.csv', peopleCsv(20_000));
  const { redis: client } = redisSpace(redis.url);
  const submitting = scene.start(['submit', file]);
  await waitFor(() => client.exists(`${scene.prefix}:create-user:wait`));
  await redis.kill();
  const killedAt = Date.now();
  const { code, stdout, stderr } = await submitting.ended;
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^E_REDIS_UNREACHABLE: Redis went away/m);
  await redis.restart();
});

test('invariant 13: a worker goes on by itself when Redis is back, and ends in time when it is not', async () => {
  const redis = await startRedis();
  onRelease(() => redis.stop());
  const env = { REDIS_URL: redis.url, ONBOARD_REQUEST_TIMEOUT_MS: '100', ONBOARD_CONCURRENCY: '4' };
  const scene = await openScene({ env, sandbox: { latencyMs: 20 } });
  const file = await scene.write('people.csv', peopleCsv(150));
  expect((await scene.run(['submit', file])).code).toBe(0);
  const worker = scene.start(['worker']);
  await untilCreated(scene.sandbox, 30);
  await redis.restart();
  await waitFor(() => worker.stderr.includes('batch finished'), { timeoutMs: 40_000 });
  expectEverybodyOnce(scene.sandbox, 150);
  await redis.kill();
  await waitFor(() => worker.stderr.includes('redis connection lost'));
  const stoppedAt = Date.now();
  worker.send('SIGTERM');
  expect((await worker.ended).code).toBe(0);
  // The request timeout of 0.1 s and the margin of 10 s for draining.
  expect(Date.now() - stoppedAt).toBeLessThan(13_000);
}, 60_000);
