import { expect, test } from 'vitest';
import { type Retention, retain } from '../../src/batch/retain.ts';
import { submit } from '../../src/batch/submit.ts';
import { batchIds } from '../../src/ledger/batches.ts';
import { takeLock } from '../../src/ledger/lock.ts';
import { noteDone, readLog } from '../../src/ledger/log.ts';
import { timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { openWorld, type World } from '../support/world.ts';
import { endingAt } from './killed-producer.ts';

const DAY_MS = 86_400_000;
const by = { user: 'worker', host: 'h1', pid: 1 };

/** What is removed when it is so many days later. */
async function after(world: World, days: number, change: Partial<Retention> = {}) {
  const kept = { batchesMs: 30 * DAY_MS, peopleMs: 30 * DAY_MS, logMs: 365 * DAY_MS, ...change };
  const now = Date.now() + days * DAY_MS;
  const removed = await retain(world.producer(), { by, retention: kept, now });
  return removed.map(({ batchId, what }) => [batchId, what]);
}

async function withBatch() {
  const world = await openWorld();
  await world.startWorkers();
  const batch = await world.submit(people(3));
  await world.untilFinished(batch);
  return { world, batch };
}

test('people go first, then the batch; what is left to be done is done once', async () => {
  const { world, batch } = await withBatch();
  const change = { peopleMs: 7 * DAY_MS };
  expect(await after(world, 6, change)).toEqual([]);
  expect(await after(world, 8, change)).toEqual([[batch, 'people']]);
  expect(await after(world, 8, change)).toEqual([]);
  expect(await world.report(batch)).toMatchObject({ created: 3, invited: 3 });
  expect((await world.rows(batch)).map(({ email }) => email)).toEqual(['', '', '']);
  expect(await after(world, 31, change)).toEqual([[batch, 'batch']]);
  expect(await batchIds(world.ledger)).toEqual([]);
});

test('what the retention removes is written into the action log, whose own entries go later', async () => {
  const { world, batch } = await withBatch();
  await noteDone(world.ledger, { action: 'pause', by });
  await after(world, 31);
  const entries = await readLog(world.ledger, { limit: 10 });
  expect(entries).toMatchObject([
    { action: 'purge', batch, outcome: 'done', by, details: { what: 'batch', rows: 3, jobs: 0 } },
    { action: 'pause' },
  ]);
  await after(world, 366);
  expect(await readLog(world.ledger, { limit: 10 })).toEqual([]);
});

test('batches with work left stay, however old; so does one that somebody is at', async () => {
  const { world, batch } = await withBatch();
  await world.queues.createUser.pause();
  const unfinished = await world.submit(people(2, 10));
  await takeLock(world.ledger, batch, { token: 'somebody', timings });
  expect(await after(world, 1000, { peopleMs: DAY_MS })).toEqual([]);
  expect((await batchIds(world.ledger)).sort()).toEqual([batch, unfinished].sort());
});

test('an intake that was given up has nothing worth keeping without its people', async () => {
  const world = await openWorld();
  const submission = world.submission(people(1500));
  await expect(submit(world.producer({ signal: endingAt(2) }), submission)).rejects.toThrow();
  const change = { peopleMs: DAY_MS };
  expect(await after(world, 2, change)).toEqual([[submission.id, 'batch']]);
});

test('people whom another batch has claimed since stay its own', async () => {
  const { world, batch } = await withBatch();
  await world.queues.createUser.pause();
  const newer = await world.submit(people(2));
  expect(await after(world, 31)).toEqual([[batch, 'batch']]);
  const third = await world.submit(people(3));
  expect(await world.report(third)).toMatchObject({ rejected: 2, accepted: 1 });
  expect(await world.report(newer)).toMatchObject({ pending: 2 });
});

test('a purge that ended before its last step is taken up again and does not stop the others', async () => {
  const { world, batch } = await withBatch();
  const next = await world.submit(people(2, 10));
  await world.untilFinished(next);
  await world.ledger.redis.del(world.ledger.keys.record(batch));
  expect(await after(world, 31)).toEqual([
    [batch, 'batch'],
    [next, 'batch'],
  ]);
  expect(await batchIds(world.ledger)).toEqual([]);
});
