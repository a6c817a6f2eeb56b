import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { createPressure } from '../../src/worker/pressure/pressure.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const REFUSED = { limiter: 'concurrency', waitMs: 1, limit: 15 };

/** The back-pressure of one process with 150 writers, and the lines that it logs. */
function processOn({ ledger, queues, timings }: Stage) {
  const lines: unknown[] = [];
  const write = (line: string) => lines.push(JSON.parse(line));
  const logger = createLogger({ level: 'info', destination: { write } });
  const backoff = { backoffMs: 1, backoffMaxMs: 1, random: () => 0 };
  const settings = { concurrency: 150, probeMs: 5000, now: Date.now, timings };
  const pressure = createPressure({ ledger, queues, logger, backoff, ...settings });
  return { pressure, lines };
}

async function open(): Promise<Stage> {
  const stage = await openStage();
  const { createUser, invite } = stage.queues;
  await createUser.setGlobalConcurrency(150);
  for (const queue of [createUser, invite]) await queue.setGlobalRateLimit(1000, 1000);
  return stage;
}

const writers = ({ queues }: Stage) => queues.createUser.getGlobalConcurrency();

test('135 refusals of writers over the limit are one line, and the limit is kept from then on', async () => {
  const stage = await open();
  const { pressure, lines } = processOn(stage);
  await Promise.all(Array.from({ length: 135 }, () => pressure.slowDown(REFUSED)));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 40, writers: 15 });
  expect(await writers(stage)).toBe(15);
});

test('every process keeps the limit that one of them has met, for an hour', async () => {
  const stage = await open();
  const [one, other] = [processOn(stage), processOn(stage)];
  await one.pressure.slowDown(REFUSED);
  await stage.queues.createUser.setGlobalConcurrency(150);
  await other.pressure.admit(CREATE_USER, 'job');
  expect(await writers(stage)).toBe(15);
  const left = await stage.redis.pttl(stage.ledger.keys.writers);
  expect(left).toBeGreaterThan(stage.timings.writersMs * 0.9);
  await stage.redis.del(stage.ledger.keys.writers);
  for (const { pressure } of [one, other]) await pressure.admit(CREATE_USER, 'job');
  expect(await writers(stage)).toBe(150);
});

test('the limit of lookups does not raise that of writers', async () => {
  const stage = await open();
  const { pressure } = processOn(stage);
  await pressure.slowDown(REFUSED);
  await pressure.slowDown({ ...REFUSED, limit: 50 });
  expect(await writers(stage)).toBe(15);
  const other = processOn(stage);
  await other.pressure.slowDown({ ...REFUSED, limit: 50 });
  expect(await writers(stage)).toBe(15);
});

test('a worker that starts again keeps the limit, and people are created within it', async () => {
  const limits = { requestsPerMinute: 0, writesPerDay: 0, concurrentWrites: 3 };
  const stage = await openStage({ sandbox: { latencyMs: 20, limits } });
  const first = await stage.startWorkers({}, { concurrency: 12 });
  await stage.untilFinished(await stage.submit(people(12)));
  expect(await writers(stage)).toBe(3);
  await first.close();
  const refused = () => stage.sandbox.state().rejectedByLimiter.concurrency;
  const before = refused();
  await stage.startWorkers({}, { concurrency: 12 });
  const report = await stage.untilFinished(await stage.submit(people(30, 100)));
  expect(report).toMatchObject({ created: 30, failed: 0 });
  expect(refused()).toBe(before);
});
