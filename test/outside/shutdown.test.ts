import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import type { Running } from '../support/running.ts';
import { openStage } from '../support/stage.ts';
import { startProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

/** One second of silence, two for the rest, and time for a busy machine; a drain has 40 s. */
const SOON_MS = 15_000;
const timings = { silenceMs: 1000, silencePollMs: 100 };

async function stopping(process: Running, signal: 'SIGTERM' | 'SIGINT') {
  const askedAt = Date.now();
  process.send(signal);
  const { code, stderr } = await process.ended;
  return { code, stderr, tookMs: Date.now() - askedAt };
}

test('SIGTERM in mid-request while Redis is down: the worker leaves soon, and nobody is created twice', async () => {
  const redis = await ownRedis();
  const stage = await openStage({ redis: redis.url, timings, sandbox: { latencyMs: 1000 } });
  const file = stage.write('people.csv', peopleCsv(40));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = stage.process.start(['worker']);
  await untilCreated(stage.sandbox, 10);
  await redis.kill();
  await waitFor(() => worker.stderr.includes('redis connection lost'));
  const { code, tookMs } = await stopping(worker, 'SIGTERM');
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(SOON_MS);
  await redis.restart();
  stage.sandbox.setFaults({ latencyMs: 5 });
  await stage.startWorkers();
  await stage.untilFinished('people');
  expectEverybodyOnce(stage.sandbox, 40);
});

test('a Redis that does not answer any more holds up neither worker nor run', async () => {
  const redis = await ownRedis();
  const proxy = await startProxy(Number(new URL(redis.url).port));
  const stage = await openStage({
    redis: `redis://127.0.0.1:${proxy.port}`,
    timings,
    sandbox: { latencyMs: 1000 },
  });
  const file = stage.write('people.csv', peopleCsv(100));
  const worker = stage.process.start(['worker']);
  const run = stage.process.start(['run', file]);
  await untilCreated(stage.sandbox, 10);
  await waitFor(() => worker.stderr.includes('worker ready'));
  proxy.cut();
  const [first, second] = await Promise.all([stopping(worker, 'SIGTERM'), stopping(run, 'SIGINT')]);
  expect([first.code, second.code]).toEqual([0, 130]);
  expect(second.stderr).toContain('interrupted: run the same command to continue');
  expect(first.tookMs).toBeLessThan(SOON_MS);
  expect(second.tookMs).toBeLessThan(SOON_MS);
});
