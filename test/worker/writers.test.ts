import { expect, test } from 'vitest';
import { readLimits } from '../../src/ledger/limits/leases.ts';
import { createLogger } from '../../src/process/logger.ts';
import { createPressure } from '../../src/worker/pressure/pressure.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { openLimits } from '../support/workers.ts';

const REFUSED = { limiter: 'concurrency', waitMs: 1, limit: 15 };

/** The back-pressure of one process, and the lines that it logs. */
function processOn({ ledger, queues, timings }: Stage) {
  const lines: unknown[] = [];
  const write = (line: string) => lines.push(JSON.parse(line));
  const logger = createLogger({ level: 'info', destination: { write } });
  const backoff = { backoffMs: 1, backoffMaxMs: 1, random: () => 0 };
  const settings = { probeMs: 5000, now: Date.now, timings, limits: openLimits(timings) };
  const pressure = createPressure({ ledger, queues, logger, backoff, ...settings });
  return { pressure, lines };
}

async function open(): Promise<Stage> {
  const stage = await openStage();
  await stage.startWorkers({}, { concurrency: 150 });
  return stage;
}

const writers = async ({ ledger }: Stage) => (await readLimits(ledger))?.writers;

test('135 refusals of writers over the limit are one line, and the limit is kept for an hour', async () => {
  const stage = await open();
  const { pressure, lines } = processOn(stage);
  await Promise.all(Array.from({ length: 135 }, () => pressure.slowDown(REFUSED)));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ level: 40, writers: 15 });
  expect(await writers(stage)).toBe(15);
  const left = await stage.redis.pttl(stage.ledger.keys.writers);
  expect(left).toBeGreaterThan(stage.timings.writersMs * 0.9);
  await stage.redis.del(stage.ledger.keys.writers);
  expect(await writers(stage)).toBe(150);
});

test('the limit of lookups does not raise that of writers', async () => {
  const stage = await open();
  await processOn(stage).pressure.slowDown(REFUSED);
  await processOn(stage).pressure.slowDown({ ...REFUSED, limit: 50 });
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

test('a process that goes leaves its requests at a time to the others', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 20 } });
  const mine = openLimits(stage.timings);
  await stage.startWorkers({ limits: mine }, { concurrency: 6 });
  expect(mine.writers).toBe(6);
  const other = openLimits(stage.timings);
  const second = await stage.startWorkers({ limits: other }, { concurrency: 6 });
  await waitFor(() => mine.writers === 3 && other.writers === 3);
  await stage.untilFinished(await stage.submit(people(30)));
  expect(stage.sandbox.state().mostInFlight.write).toBe(6);
  await second.close();
  await waitFor(() => mine.writers === 6);
});

test('more processes than requests at a time: those without one take no job', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 5 } });
  for (let process = 0; process < 3; process += 1) await stage.startWorkers({}, { concurrency: 2 });
  const report = await stage.untilFinished(await stage.submit(people(40)));
  expect(report).toMatchObject({ created: 40, invited: 40, failed: 0 });
  expect(stage.sandbox.state().mostInFlight.write).toBeLessThanOrEqual(2);
});
