import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { mostWithin, startsOf } from './starts.ts';

const WORKER = join(import.meta.dirname, '../../src/worker/start-workers.ts');

test('no worker has a limiter of its own', () => {
  const source = readFileSync(WORKER, 'utf8');
  expect(source.match(/new (?:Patient)?Worker\(/g)).toHaveLength(4);
  expect(source).not.toMatch(/\blimiter\s*[:,}]/);
});

test('the limits are those of the queues, for all processes, set again at every start', async () => {
  const stage = await openStage();
  const { createUser, invite } = stage.queues;
  await stage.startWorkers({}, { requestsPerMinute: 300, concurrency: 3 });
  await stage.startWorkers({}, { requestsPerMinute: 1500, concurrency: 7 });
  expect(await createUser.getGlobalConcurrency()).toBe(7);
  expect(await createUser.getGlobalRateLimit()).toEqual({ max: 5, duration: 205 });
  expect(await invite.getGlobalRateLimit()).toEqual({ max: 5, duration: 205 });
});

test('two worker processes together never exceed the concurrency', async () => {
  const sandbox = { latencyMs: 20, limits: { requestsPerMinute: 0, concurrentWrites: 4 } };
  const stage = await openStage({ sandbox });
  const pace = { concurrency: 4 };
  await Promise.all([stage.startWorkers({}, pace), stage.startWorkers({}, pace)]);
  const batch = await stage.submit(people(120));
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 120, invited: 120 });
  const { mostInFlight, rejectedByLimiter } = stage.sandbox.state();
  expect(mostInFlight.write).toBe(4);
  expect(rejectedByLimiter.concurrency).toBe(0);
});

test('two worker processes together never exceed the rate', async () => {
  const stage = await openStage();
  const pace = { requestsPerMinute: 1500, concurrency: 10 };
  await Promise.all([stage.startWorkers({}, pace), stage.startWorkers({}, pace)]);
  const batch = await stage.submit(people(75));
  await stage.untilFinished(batch);
  const starts = await startsOf(stage);
  expect(starts).toHaveLength(75);
  expect(mostWithin(starts, 200)).toBeLessThanOrEqual(10);
  // 26 were measured; fixed windows of 5 in 205 ms allow 29 at worst, if one opens early and fills late.
  expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(29);
  const [from = 0] = starts;
  // 15 windows, the last of which may be over at once: 14 x 205 ms lie between.
  expect(Math.max(...starts) - from).toBeGreaterThanOrEqual(14 * 205 - 10);
});

test('processes share the concurrency, and take it back when one has gone', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 20 } });
  const first = await stage.startWorkers({}, { concurrency: 6 });
  const second = await stage.startWorkers({}, { concurrency: 6 });
  await first.share();
  await second.close();
  const mostWrites = () => stage.sandbox.state().mostInFlight.write;
  await stage.untilFinished(await stage.submit(people(30)));
  expect(mostWrites()).toBe(3);
  await first.share();
  await stage.untilFinished(await stage.submit(people(60, 100)));
  expect(mostWrites()).toBe(6);
});

test('429s pause both queues and burn no attempt, even the only one', async () => {
  const stage = await openStage();
  const limited = { status: 429, headers: { 'retry-after': '1' }, body: '' };
  let refusals = 6;
  const { portal } = await faultyPortal(stage.sandbox, ({ what }) =>
    what === 'POST /people' && refusals-- > 0 ? { before: limited } : undefined,
  );
  await stage.startWorkers({ portal });
  const submission = stage.submission(people(20));
  await submit(stage.producer({ attempts: 1 }), submission);
  await waitFor(async () => (await stage.queues.invite.getRateLimitTtl()) > 0);
  expect(await stage.untilFinished(submission.id)).toMatchObject({ created: 20, failed: 0 });
  const rows = await stage.rows(submission.id);
  expect(new Set(rows.map((row) => row.attempts))).toEqual(new Set([1]));
  const starts = (await startsOf(stage)).sort((a, b) => a - b);
  const gaps = starts.map((at, index) => at - (starts[index - 1] ?? at));
  expect(Math.max(...gaps)).toBeGreaterThan(900);
});

test('a closed worker takes nothing new, and another one finishes', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 10 } });
  const first = await stage.startWorkers({}, { concurrency: 2 });
  const batch = await stage.submit(people(40));
  await waitFor(async () => (await stage.report(batch)).created > 4);
  await first.close();
  const { created, pending } = await stage.report(batch);
  expect(created + pending).toBe(40);
  expect(await stage.queues.createUser.getActiveCount()).toBe(0);
  await stage.startWorkers();
  await stage.untilFinished(batch);
  expect(new Set(Object.values(stage.sandbox.state().postsByEmail))).toEqual(new Set([1]));
});

test('a log that somebody replaced in Redis keeps no worker from its work', async () => {
  const stage = await openStage();
  await stage.redis.set(stage.ledger.keys.log, 'forged');
  await stage.startWorkers();
  expect(await stage.untilFinished(await stage.submit(people(2)))).toMatchObject({ created: 2 });
});
