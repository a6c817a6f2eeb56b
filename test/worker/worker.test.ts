import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit.ts';
import { people } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld } from '../support/world.ts';
import { faultyPortal } from './faulty-portal.ts';
import { mostWithin, startsOf } from './starts.ts';

const WORKER = join(import.meta.dirname, '../../src/worker/worker.ts');

test('invariant 11: no worker has a limiter of its own', () => {
  const source = readFileSync(WORKER, 'utf8');
  expect(source.match(/new (?:Patient)?Worker\(/g)).toHaveLength(4);
  expect(source).not.toMatch(/\blimiter\s*[:,}]/);
});

test('the limits are those of the queues, for all processes, set again at every start', async () => {
  const world = await openWorld();
  const { createUser, invite } = world.queues;
  await world.startWorkers({}, { requestsPerMinute: 300, concurrency: 3 });
  await world.startWorkers({}, { requestsPerMinute: 1500, concurrency: 7 });
  expect(await createUser.getGlobalConcurrency()).toBe(7);
  expect(await createUser.getGlobalRateLimit()).toEqual({ max: 5, duration: 205 });
  expect(await invite.getGlobalRateLimit()).toEqual({ max: 5, duration: 205 });
});

test('invariant 11: two worker processes together never exceed the concurrency', async () => {
  const sandbox = { latencyMs: 20, limits: { requestsPerMinute: 0, concurrentWrites: 4 } };
  const world = await openWorld({ sandbox });
  const pace = { concurrency: 4 };
  await Promise.all([world.startWorkers({}, pace), world.startWorkers({}, pace)]);
  const batch = await world.submit(people(120));
  expect(await world.untilFinished(batch)).toMatchObject({ created: 120, invited: 120 });
  const { mostInFlight, rejectedByLimiter } = world.sandbox.state();
  expect(mostInFlight.write).toBe(4);
  expect(rejectedByLimiter.concurrency).toBe(0);
});

test('invariant 11: two worker processes together never exceed the rate', async () => {
  const world = await openWorld();
  const pace = { requestsPerMinute: 1500, concurrency: 10 };
  await Promise.all([world.startWorkers({}, pace), world.startWorkers({}, pace)]);
  const batch = await world.submit(people(75));
  await world.untilFinished(batch);
  const starts = await startsOf(world);
  expect(starts).toHaveLength(75);
  expect(mostWithin(starts, 200)).toBeLessThanOrEqual(10);
  // 26 were measured; fixed windows of 5 in 205 ms allow 29 at worst, if one opens early and fills late.
  expect(mostWithin(starts, 1000)).toBeLessThanOrEqual(29);
  const [from = 0] = starts;
  // 15 windows, the last of which may be over at once: 14 x 205 ms lie between.
  expect(Math.max(...starts) - from).toBeGreaterThanOrEqual(14 * 205 - 10);
});

test('processes share the concurrency, and take it back when one has gone', async () => {
  const world = await openWorld({ sandbox: { latencyMs: 20 } });
  const first = await world.startWorkers({}, { concurrency: 6 });
  const second = await world.startWorkers({}, { concurrency: 6 });
  await first.share();
  await second.close();
  const mostWrites = () => world.sandbox.state().mostInFlight.write;
  await world.untilFinished(await world.submit(people(30)));
  expect(mostWrites()).toBe(3);
  await first.share();
  await world.untilFinished(await world.submit(people(60, 100)));
  expect(mostWrites()).toBe(6);
});

test('rule 5: 429s pause both queues and burn no attempt, even the only one', async () => {
  const world = await openWorld();
  const limited = { status: 429, headers: { 'retry-after': '1' }, body: '' };
  let refusals = 6;
  const { portal } = await faultyPortal(world.sandbox, ({ what }) =>
    what === 'POST /people' && refusals-- > 0 ? { before: limited } : undefined,
  );
  await world.startWorkers({ portal });
  const submission = world.submission(people(20));
  await submit(world.producer({ attempts: 1 }), submission);
  await waitFor(async () => (await world.queues.invite.getRateLimitTtl()) > 0);
  expect(await world.untilFinished(submission.id)).toMatchObject({ created: 20, failed: 0 });
  const rows = await world.rows(submission.id);
  expect(new Set(rows.map((row) => row.attempts))).toEqual(new Set([1]));
  const starts = (await startsOf(world)).sort((a, b) => a - b);
  const gaps = starts.map((at, index) => at - (starts[index - 1] ?? at));
  expect(Math.max(...gaps)).toBeGreaterThan(900);
});

test('a closed worker takes nothing new, and another one finishes', async () => {
  const world = await openWorld({ sandbox: { latencyMs: 10 } });
  const first = await world.startWorkers({}, { concurrency: 2 });
  const batch = await world.submit(people(40));
  await waitFor(async () => (await world.report(batch)).created > 4);
  await first.close();
  const { created, pending } = await world.report(batch);
  expect(created + pending).toBe(40);
  expect(await world.queues.createUser.getActiveCount()).toBe(0);
  await world.startWorkers();
  await world.untilFinished(batch);
  expect(new Set(Object.values(world.sandbox.state().postsByEmail))).toEqual(new Set([1]));
});
