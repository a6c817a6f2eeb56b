import { expect, test } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { createdOn, peopleCsv, untilCreated } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openStage } from '../support/stage.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const portOf = (url: string) => Number(new URL(url).port);
const at = (port: number) => `redis://127.0.0.1:${port}`;

/** A shorter limit of silence than the product's. */
const timings = {
  consumerSilentMs: 4000,
  portalAskMs: 1000,
  producerSilentMs: 2000,
  redisConnectMs: 1000,
  redisFirstConnectMs: 2000,
};

/** Commands connect to Redis directly, or through the proxy, which can cut them off. */
async function openBehindProxy(sandbox: SandboxOptions = {}) {
  const redis = await ownRedis();
  const stage = await openStage({ redis: redis.url, sandbox, timings });
  return { stage, toRedis: await startProxy(portOf(redis.url)) };
}

test('a worker whose Redis is cut off comes back by itself, also when the firewall forgot its connections', async () => {
  const { stage, toRedis } = await openBehindProxy({ latencyMs: 50 });
  const [first, second] = [
    stage.write('first.csv', peopleCsv(400)),
    stage.write('second.csv', peopleCsv(20, 1000)),
  ];
  expect((await stage.run(['submit', first, '--batch', 'first'])).code).toBe(0);
  const other = await stage.worker();
  const cutOff = await stage.process.worker({ env: { REDIS_URL: at(toRedis.port) } });
  await untilCreated(stage.sandbox, createdOn(stage.sandbox).length + 60);
  toRedis.cut();
  // The other worker takes over the jobs of the first when their locks expire.
  await stage.untilFinished('first');
  expectEverybodyOnce(stage.sandbox, 400);
  other.send('SIGTERM');
  expect((await other.ended).code).toBe(0);
  toRedis.mend();
  expect((await stage.run(['submit', second, '--batch', 'second'])).code).toBe(0);
  await waitFor(() => cutOff.stderr.includes('"batchId":"second"'));
  const { postsByEmail, acceptedInvites } = stage.sandbox.state();
  expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
  expect(acceptedInvites.map(({ emails }) => emails.length)).toEqual([400, 20]);
});

test('without a network commands fail within seconds, and a worker resumes when it is back', async () => {
  const { stage, toRedis } = await openBehindProxy({ latencyMs: 30 });
  const toPortal = await startProxy(portOf(stage.sandbox.url));
  const env = {
    REDIS_URL: at(toRedis.port),
    DOCSPACE_URL: `http://127.0.0.1:${toPortal.port}`,
    ONBOARD_REQUEST_TIMEOUT_MS: '2000',
  };
  const file = stage.write('people.csv', peopleCsv(200));
  expect((await stage.run(['submit', file, '--batch', 'people'], { env })).code).toBe(0);
  const worker = stage.process.start(['worker'], { env });
  await untilCreated(stage.sandbox, 40);
  toRedis.cut();
  toPortal.cut();
  const cutAt = Date.now();
  const all = await Promise.all(
    [['submit', file], ['run', file], ['status']].map((args) => stage.run(args, { env })),
  );
  expect(Date.now() - cutAt).toBeLessThan(15_000);
  for (const { code, stdout, stderr } of all) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^E_REDIS_UNREACHABLE: Redis at 127/m);
  }
  toRedis.mend();
  toPortal.mend();
  await waitFor(() => worker.stderr.includes('batch finished'));
  expect(await stage.report('people')).toMatchObject({
    created: 200,
    invited: 200,
    inviteRequests: 1,
  });
  expectEverybodyOnce(stage.sandbox, 200);
});

test('a producer whose Redis falls silent half-way fails within seconds', async () => {
  const { stage, toRedis } = await openBehindProxy();
  const env = { REDIS_URL: at(toRedis.port) };
  const file = stage.write('people.csv', peopleCsv(20_000));
  const submitting = stage.process.start(['submit', file, '--batch', 'people'], { env });
  await waitFor(() => stage.redis.exists(stage.ledger.keys.record('people')));
  toRedis.cut();
  const cutAt = Date.now();
  const { code, stdout, stderr } = await submitting.ended;
  expect(Date.now() - cutAt).toBeLessThan(15_000);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^E_REDIS_UNREACHABLE: Redis went away/m);
});
