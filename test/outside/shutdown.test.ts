import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { openScene, peopleCsv, type Running, untilCreated } from '../support/cli.ts';
import { startRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

/** Five seconds of silence, two for what is left, and what a busy machine adds; a drain has 40. */
const SOON_MS = 15_000;

async function stopping(process: Running, signal: 'SIGTERM' | 'SIGINT') {
  const askedAt = Date.now();
  process.send(signal);
  const { code, stderr } = await process.ended;
  return { code, stderr, tookMs: Date.now() - askedAt };
}

test('SIGTERM in mid-request while Redis is down: the worker leaves soon, and nobody is created twice', async () => {
  const redis = await startRedis();
  onRelease(() => redis.stop());
  const scene = await openScene({ env: { REDIS_URL: redis.url }, sandbox: { latencyMs: 1000 } });
  const file = await scene.write('people.csv', peopleCsv(40));
  expect((await scene.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = scene.start(['worker']);
  await untilCreated(scene.sandbox, 10);
  await redis.kill();
  await waitFor(() => worker.stderr.includes('redis connection lost'));
  const { code, tookMs } = await stopping(worker, 'SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(SOON_MS);
  await redis.restart();
  scene.sandbox.setFaults({ latencyMs: 5 });
  const next = scene.start(['worker']);
  await waitFor(() => next.stderr.includes('batch finished'), { timeoutMs: 60_000 });
  expectEverybodyOnce(scene.sandbox, 40);
}, 90_000);

test('a Redis that does not answer any more holds up neither worker nor run', async () => {
  const redis = await startRedis();
  onRelease(() => redis.stop());
  const proxy = await startProxy(Number(new URL(redis.url).port));
  const env = { REDIS_URL: `redis://127.0.0.1:${proxy.port}` };
  const scene = await openScene({ env, sandbox: { latencyMs: 1000 } });
  const file = await scene.write('people.csv', peopleCsv(100));
  const [worker, run] = [scene.start(['worker']), scene.start(['run', file])];
  await untilCreated(scene.sandbox, 10);
  await waitFor(() => worker.stderr.includes('worker ready'));
  proxy.cut();
  const [first, second] = await Promise.all([stopping(worker, 'SIGTERM'), stopping(run, 'SIGINT')]);
  expect([first.code, second.code]).toEqual([0, 130]);
  expect(second.stderr).toContain('interrupted: the same command goes on from here');
  expect(first.tookMs).toBeLessThan(SOON_MS);
  expect(second.tookMs).toBeLessThan(SOON_MS);
}, 60_000);
