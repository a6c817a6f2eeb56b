import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { readLimits } from '../../src/ledger/limits/leases.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { startsOf } from './starts.ts';

const WORKER = join(import.meta.dirname, '../../src/worker/start-workers.ts');

test('no worker has a limiter of its own', () => {
  const source = readFileSync(WORKER, 'utf8');
  expect(source.match(/new (?:Patient)?Worker\(/g)).toHaveLength(4);
  expect(source).not.toMatch(/\blimiter\s*[:,}]/);
});

test('the limits are those of the last worker that started, for all processes', async () => {
  const stage = await openStage();
  const { createUser, invite } = stage.queues;
  await createUser.setGlobalConcurrency(5);
  await stage.startWorkers({}, { requestsPerMinute: 300, concurrency: 3 });
  await stage.startWorkers({}, { requestsPerMinute: 1500, concurrency: 7 });
  const limits = { perMinute: 1500, why: 'configured', writers: 7 };
  expect(await readLimits(stage.ledger)).toEqual(limits);
  expect(await createUser.getGlobalConcurrency()).toBeNull();
  // A queue without a limit would ignore a wait that the portal asks for.
  for (const queue of [createUser, invite]) {
    expect(await queue.getGlobalRateLimit()).toEqual({ max: 1_000_000, duration: 1000 });
  }
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

test('two worker processes together never exceed the rate, lookups included', async () => {
  const existing = people(30).flatMap((row) => (row.kind === 'person' ? row.person.email : []));
  const stage = await openStage({ sandbox: { existing } });
  const pace = { requestsPerMinute: 1500, concurrency: 10 };
  await Promise.all([stage.startWorkers({}, pace), stage.startWorkers({}, pace)]);
  const from = performance.now();
  await stage.untilFinished(await stage.submit(people(60)));
  const seconds = (performance.now() - from) / 1000;
  // 60 creations, 30 lookups and an invite. Each process makes up for 0.2 s of lost time at most.
  expect(91 / seconds).toBeLessThanOrEqual((1500 / 60) * (1 + 0.4 / seconds));
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
