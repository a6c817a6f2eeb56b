import { expect, test } from 'vitest';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { freePort } from '../support/ports.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

test('without Redis a producer fails in a few seconds and names the address', async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { REDIS_URL: `redis://me:hidden@${address}` };
  const stage = await openStage({ env, timings: { redisFirstConnectMs: 2000 } });
  stage.write('people.csv', peopleCsv(3));
  const startedAt = Date.now();
  const all = await Promise.all(
    [['submit', 'people.csv'], ['run', 'people.csv'], ['status']].map((args) => stage.run(args)),
  );
  expect(Date.now() - startedAt).toBeLessThan(15_000);
  for (const { code, stdout, stderr } of all) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`E_REDIS_UNREACHABLE: Redis at ${address} cannot be used`);
    expect(stderr).not.toContain('hidden');
  }
});

test('a producer that loses Redis half-way fails within seconds', async () => {
  const redis = await ownRedis();
  const stage = await openStage({
    redis: redis.url,
    timings: { silenceMs: 1000, silencePollMs: 100, failedCloseMs: 500 },
  });
  const file = stage.write('people.csv', peopleCsv(20_000));
  const submitting = stage.process.start(['submit', file]);
  await waitFor(() => stage.redis.exists(`${stage.prefix}:create-user:wait`));
  await redis.kill();
  const killedAt = Date.now();
  const { code, stdout, stderr } = await submitting.ended;
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^E_REDIS_UNREACHABLE: Redis went away/m);
  await redis.restart();
});

test('a worker resumes by itself when Redis is back, and ends in time when it is not', async () => {
  const redis = await ownRedis();
  const env = { ONBOARD_REQUEST_TIMEOUT_MS: '100', ONBOARD_CONCURRENCY: '4' };
  const timings = { drainMarginMs: 3000 };
  const stage = await openStage({ redis: redis.url, env, timings, sandbox: { latencyMs: 20 } });
  const file = stage.write('people.csv', peopleCsv(150));
  expect((await stage.run(['submit', file])).code).toBe(0);
  const worker = await stage.worker();
  await untilCreated(stage.sandbox, 30);
  await redis.restart();
  await waitFor(() => worker.stderr.includes('batch finished'));
  expectEverybodyOnce(stage.sandbox, 150);
  await redis.kill();
  await waitFor(() => worker.stderr.includes('redis connection lost'));
  const stoppedAt = Date.now();
  worker.send('SIGTERM');
  expect((await worker.ended).code).toBe(0);
  // The request timeout of 0.1 s, the margin of 3 s for draining, and time for a busy machine.
  expect(Date.now() - stoppedAt).toBeLessThan(10_000);
});
