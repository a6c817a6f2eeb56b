import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { createdOn, openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { startRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const portOf = (url: string) => Number(new URL(url).port);
const at = (port: number) => `redis://127.0.0.1:${port}`;

async function openStage(options: Parameters<typeof openScene>[0] = {}) {
  const redis = await startRedis();
  onRelease(() => redis.stop());
  const env = { REDIS_URL: redis.url, ...options.env };
  const scene = await openScene({ ...options, env });
  return { scene, toRedis: await startProxy(portOf(redis.url)) };
}

test('a worker whose Redis is cut off comes back by itself, also when the firewall forgot its connections', async () => {
  const { scene, toRedis } = await openStage({ sandbox: { latencyMs: 50 } });
  const [first, second] = [
    await scene.write('first.csv', peopleCsv(400)),
    await scene.write('second.csv', peopleCsv(20, 1000)),
  ];
  expect((await scene.run(['submit', first, '--batch', 'first'])).code).toBe(0);
  const other = scene.start(['worker']);
  const cutOff = scene.start(['worker'], { env: { REDIS_URL: at(toRedis.port) } });
  await waitFor(() => cutOff.stderr.includes('worker ready'));
  await untilCreated(scene.sandbox, createdOn(scene.sandbox).length + 60);
  toRedis.cut();
  // The other one takes over what the first had in hand once its locks ran out.
  await waitFor(() => other.stderr.includes('batch finished'), { timeoutMs: 60_000 });
  expectEverybodyOnce(scene.sandbox, 400);
  other.send('SIGTERM');
  expect((await other.ended).code).toBe(0);
  toRedis.mend();
  expect((await scene.run(['submit', second, '--batch', 'second'])).code).toBe(0);
  await waitFor(() => cutOff.stderr.includes('"batchId":"second"'), { timeoutMs: 60_000 });
  const { postsByEmail, acceptedInvites } = scene.sandbox.state();
  expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
  expect(acceptedInvites.map(({ emails }) => emails.length)).toEqual([400, 20]);
}, 180_000);

test('without a network commands fail within seconds, and a worker goes on when it is back', async () => {
  const { scene, toRedis } = await openStage({ sandbox: { latencyMs: 30 } });
  const toPortal = await startProxy(portOf(scene.sandbox.url));
  const env = {
    REDIS_URL: at(toRedis.port),
    DOCSPACE_URL: `http://127.0.0.1:${toPortal.port}`,
    ONBOARD_REQUEST_TIMEOUT_MS: '2000',
  };
  const file = await scene.write('people.csv', peopleCsv(200));
  expect((await scene.run(['submit', file, '--batch', 'people'], { env })).code).toBe(0);
  const worker = scene.start(['worker'], { env });
  await untilCreated(scene.sandbox, 40);
  toRedis.cut();
  toPortal.cut();
  const cutAt = Date.now();
  const all = await Promise.all(
    [['submit', file], ['run', file], ['status']].map((args) => scene.run(args, { env })),
  );
  expect(Date.now() - cutAt).toBeLessThan(15_000);
  for (const { code, stdout, stderr } of all) {
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^E_REDIS_UNREACHABLE: Redis at 127/m);
  }
  toRedis.mend();
  toPortal.mend();
  await waitFor(() => worker.stderr.includes('batch finished'), { timeoutMs: 60_000 });
  const { stdout } = await scene.run(['status', 'people', '--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject({ created: 200, invited: 200, inviteRequests: 1 });
  expectEverybodyOnce(scene.sandbox, 200);
}, 120_000);

test('a producer whose Redis falls silent half-way fails within seconds', async () => {
  const { scene, toRedis } = await openStage();
  const env = { REDIS_URL: at(toRedis.port) };
  const file = await scene.write('people.csv', peopleCsv(20_000));
  const submitting = scene.start(['submit', file, '--batch', 'people'], { env });
  await waitFor(async () => (await scene.run(['status', 'people'])).code === 0);
  toRedis.cut();
  const cutAt = Date.now();
  const { code, stdout, stderr } = await submitting.ended;
  expect(Date.now() - cutAt).toBeLessThan(15_000);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^E_REDIS_UNREACHABLE: Redis went away/m);
}, 60_000);
