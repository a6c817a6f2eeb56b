import { expect, test } from 'vitest';
import { type Retention, retain } from '../../src/batch/retain.ts';
import { submit } from '../../src/batch/submit-batch.ts';
import { batchIds } from '../../src/ledger/batch/batches.ts';
import { takeLock } from '../../src/ledger/batch/lock.ts';
import { logDone } from '../../src/ledger/notes/action-log.ts';
import { readLog } from '../../src/ledger/notes/read-log.ts';
import { type Timings, timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { restless } from '../support/timings.ts';
import { endingAt } from './killed-producer.ts';

const DAY_MS = 86_400_000;
const by = { user: 'worker', host: 'h1', pid: 1 };

/** Removes what is due after this number of days. */
async function after(stage: Stage, days: number, change: Partial<Retention> = {}) {
  const kept = { batchesMs: 30 * DAY_MS, peopleMs: 30 * DAY_MS, logMs: 365 * DAY_MS, ...change };
  const now = Date.now() + days * DAY_MS;
  const removed = await retain(stage.producer(), { by, retention: kept, now });
  return removed.map(({ batchId, what }) => [batchId, what]);
}

async function withBatch(timings: Partial<Timings> = restless) {
  const stage = await openStage({ timings });
  await stage.startWorkers();
  const batch = await stage.submit(people(3));
  await stage.untilFinished(batch);
  return { stage, batch };
}

test('people go first, then the batch; what is left to be done is done once', async () => {
  const { stage, batch } = await withBatch();
  const change = { peopleMs: 7 * DAY_MS };
  expect(await after(stage, 6, change)).toEqual([]);
  expect(await after(stage, 8, change)).toEqual([[batch, 'people']]);
  expect(await after(stage, 8, change)).toEqual([]);
  expect(await stage.report(batch)).toMatchObject({ created: 3, invited: 3 });
  expect((await stage.rows(batch)).map(({ email }) => email)).toEqual(['', '', '']);
  expect(await after(stage, 31, change)).toEqual([[batch, 'batch']]);
  expect(await batchIds(stage.ledger)).toEqual([]);
});

test('what the retention removes is written into the action log, whose own entries go later', async () => {
  const { stage, batch } = await withBatch();
  await logDone(stage.ledger, { action: 'pause', by });
  await after(stage, 31);
  const entries = await readLog(stage.ledger, { limit: 10 });
  expect(entries).toMatchObject([
    { action: 'purge', batch, outcome: 'done', by, details: { what: 'batch', rows: 3, jobs: 0 } },
    { action: 'pause' },
  ]);
  await after(stage, 366);
  expect(await readLog(stage.ledger, { limit: 10 })).toEqual([]);
});

test('batches with work left stay, however old; so does one that somebody is at', async () => {
  const { stage, batch } = await withBatch();
  await stage.queues.createUser.pause();
  const unfinished = await stage.submit(people(2, 10));
  await takeLock(stage.ledger, batch, { token: 'somebody', timings });
  expect(await after(stage, 1000, { peopleMs: DAY_MS })).toEqual([]);
  expect((await batchIds(stage.ledger)).sort()).toEqual([batch, unfinished].sort());
});

test('an intake that was given up has nothing worth keeping without its people', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(1500));
  await expect(submit(stage.producer({ signal: endingAt(2) }), submission)).rejects.toThrow();
  const change = { peopleMs: DAY_MS };
  expect(await after(stage, 2, change)).toEqual([[submission.id, 'batch']]);
});

test('people whom another batch has claimed since stay its own', async () => {
  const { stage, batch } = await withBatch({});
  await stage.queues.createUser.pause();
  const newer = await stage.submit(people(2));
  expect(await after(stage, 31)).toEqual([[batch, 'batch']]);
  const third = await stage.submit(people(3));
  expect(await stage.report(third)).toMatchObject({ rejected: 2, accepted: 1 });
  expect(await stage.report(newer)).toMatchObject({ pending: 2 });
});

test('a purge that ended before its last step is taken up again and does not stop the others', async () => {
  const { stage, batch } = await withBatch();
  const next = await stage.submit(people(2, 10));
  await stage.untilFinished(next);
  await stage.ledger.redis.del(stage.ledger.keys.record(batch));
  expect(await after(stage, 31)).toEqual([
    [batch, 'batch'],
    [next, 'batch'],
  ]);
  expect(await batchIds(stage.ledger)).toEqual([]);
});
