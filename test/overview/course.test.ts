import { expect, test } from 'vitest';
import { closeIntake, finish } from '../../src/ledger/batch/batches.ts';
import { beginRound, closeRound, reopen } from '../../src/ledger/batch/rounds.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { removeBatch } from '../../src/ledger/removal/retention.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { clearHold, setHold } from '../../src/ledger/stops/holds.ts';
import {
  clearOutage,
  endWaits,
  extendQueueWait,
  noteOutage,
} from '../../src/ledger/stops/waits.ts';
import { type Course, readCourse } from '../../src/overview/course.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { fill, openSpace } from '../ledger/fill.ts';
import { people } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;

async function opened(count: number): Promise<Ledger> {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(count));
  await closeIntake(ledger, 'b1');
  return ledger;
}

/** Settles a row as the first one of its ten seconds. */
async function settle(ledger: Ledger, row: number, state: 'created' | 'failed', round = 1) {
  await ledger.redis.del(ledger.keys.settled('b1'));
  await settleRow(ledger, { batch: 'b1', round, row }, { state, outcome: { code: 'c' } });
}

/** Replaces the samples by some that were taken this long ago, ms. */
async function sampledBefore(ledger: Ledger, ...agesMs: number[]): Promise<void> {
  const key = ledger.keys.course('b1');
  await ledger.redis.del(key);
  const now = Date.now();
  await ledger.redis.rpush(key, ...agesMs.map((age) => `${now - age} 1 2 3 4`));
}

const counts = ({ samples }: Course) =>
  samples.map(({ created, existing, failed, cancelled }) => [created, existing, failed, cancelled]);

const length = (ledger: Ledger) => ledger.redis.llen(ledger.keys.course('b1'));

test('the course begins with nobody, grows with the people and ends with the numbers of now', async () => {
  const ledger = await opened(4);
  expect(counts(await readCourse({ ledger }, 'b1'))).toEqual([
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ]);
  await settle(ledger, 0, 'created');
  await settle(ledger, 1, 'failed');
  await settle(ledger, 2, 'created');
  const course = await readCourse({ ledger }, 'b1');
  const last = course.samples.at(-1);
  expect(last).toMatchObject({ created: 2, existing: 0, failed: 1, cancelled: 0 });
  const times = course.samples.map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(last?.at).toBeCloseTo(Date.now(), -4);
});

test('within the first ten minutes a sample is taken every ten seconds, later every minute', async () => {
  const ledger = await opened(6);
  await sampledBefore(ledger, MINUTE, 4000);
  await settle(ledger, 0, 'created');
  expect(await length(ledger)).toBe(2);
  await sampledBefore(ledger, MINUTE, 11_000);
  await settle(ledger, 1, 'created');
  expect(await length(ledger)).toBe(3);
  await sampledBefore(ledger, 11 * MINUTE, 40_000);
  await settle(ledger, 2, 'created');
  expect(await length(ledger)).toBe(2);
  await sampledBefore(ledger, 11 * MINUTE, 61_000);
  await settle(ledger, 3, 'created');
  expect(await length(ledger)).toBe(3);
});

test('a pause of three hours is a flat line, not a slow rise', async () => {
  const ledger = await opened(3);
  await settle(ledger, 0, 'created');
  await ledger.redis.hset(ledger.keys.record('b1'), 'acceptedAt', Date.now() - 181 * MINUTE);
  await sampledBefore(ledger, 180 * MINUTE);
  await settle(ledger, 1, 'created');
  const { samples } = await readCourse({ ledger }, 'b1');
  expect(samples[1]).toMatchObject({ created: 1, existing: 2, failed: 3, cancelled: 4 });
  const flat = samples.slice(-3, -1);
  expect(flat.map(({ created }) => created)).toEqual([1, 1]);
  expect((flat[1]?.at ?? 0) - (flat[0]?.at ?? 0)).toBeGreaterThan(170 * MINUTE);
  expect(samples.at(-1)?.created).toBe(2);
});

test('after 400 samples every second one is dropped, within 20 KB', async () => {
  const ledger = await opened(2);
  await ledger.redis.hset(ledger.keys.record('b1'), 'acceptedAt', Date.now() - 501 * MINUTE);
  const ages = Array.from({ length: 400 }, (_, index) => (500 - index) * MINUTE);
  await sampledBefore(ledger, ...ages);
  await settle(ledger, 0, 'created');
  const { samples } = await readCourse({ ledger }, 'b1');
  expect(await length(ledger)).toBeGreaterThan(195);
  expect(await length(ledger)).toBeLessThan(205);
  expect(samples.at(-1)).toMatchObject({ created: 1 });
  expect(samples.length).toBeGreaterThan(190);
  expect(await ledger.redis.memory('USAGE', ledger.keys.course('b1'))).toBeLessThan(20_000);
});

test('a sample of the millisecond in which the batch was accepted is kept', async () => {
  const ledger = await opened(1);
  const at = Date.now() - MINUTE;
  await ledger.redis.hset(ledger.keys.record('b1'), 'acceptedAt', at);
  await ledger.redis.rpush(ledger.keys.course('b1'), `${at} 0 0 1 0`);
  const { samples } = await readCourse({ ledger }, 'b1');
  expect(samples.map(({ failed }) => failed)).toEqual([0, 1, 0]);
});

test('a retry is marked, and its people leave those who failed', async () => {
  const ledger = await opened(2);
  await settle(ledger, 0, 'failed');
  await settle(ledger, 1, 'created');
  await finish(ledger, 'b1');
  await beginRound(ledger, 'b1', ['finished']);
  await reopen(ledger, 'b1', [0]);
  await closeRound(ledger, 'b1');
  await settle(ledger, 0, 'created', 2);
  await finish(ledger, 'b1');
  const course = await readCourse({ ledger }, 'b1');
  expect(course.rounds).toEqual([
    { round: 1, at: course.samples[0]?.at },
    { round: 2, at: expect.closeTo(Date.now(), -4) },
  ]);
  const failed = course.samples.map((sample) => sample.failed);
  expect([Math.max(...failed), failed.at(-1)]).toEqual([1, 0]);
  expect(failed.slice(failed.indexOf(1)).includes(0)).toBe(true);
  expect(course.samples.at(-1)).toMatchObject({ created: 2, failed: 0 });
});

test('holds, pauses, limits and outages are bands with their codes, begin and end', async () => {
  const ledger = await opened(1);
  await setHold(ledger, { code: 'paused', reason: 'Paused by ana.', remedy: 'r', since: 1 });
  await setHold(ledger, { code: 'portal-unpaid', reason: 'r', remedy: 'r', since: 1 });
  await clearHold(ledger);
  await setHold(ledger, { code: 'portal-unpaid', reason: 'r', remedy: 'r', since: 1 });
  const failure = { code: 'reset', firstMs: 1, mostMs: 1, random: 0.5 };
  await noteOutage(ledger, failure);
  await noteOutage(ledger, failure);
  await clearOutage(ledger);
  await extendQueueWait(ledger, { queue: CREATE_USER, limiter: 'writes', waitMs: 50 });
  await extendQueueWait(ledger, { queue: CREATE_USER, limiter: 'writes', waitMs: 60_000 });
  await extendQueueWait(ledger, { queue: CREATE_USER, limiter: 'writes', waitMs: 90_000 });
  const isDone = async () => (await readCourse({ ledger }, 'b1')).bands.length === 4;
  await waitFor(isDone, { what: 'four bands' });
  const { bands } = await readCourse({ ledger }, 'b1');
  expect(bands.map(({ kind, code, isOpen }) => [kind, code, isOpen])).toEqual([
    ['paused', 'paused', false],
    ['held', 'portal-unpaid', true],
    ['away', 'reset', false],
    ['limited', 'writes', true],
  ]);
  expect(bands.every(({ from, until }) => from <= until && until <= Date.now())).toBe(true);
  expect(await endWaits(ledger, [CREATE_USER])).toEqual(['writes']);
  await clearHold(ledger);
  const after = await readCourse({ ledger }, 'b1');
  expect(after.bands.map(({ isOpen }) => isOpen)).toEqual([false, false, false, false]);
  expect(JSON.stringify(after)).not.toContain('ana');
});

test('limits that follow each other are one band, and the list of bands is bounded', async () => {
  const ledger = await opened(1);
  const wait = { queue: CREATE_USER, limiter: 'writes', waitMs: 20_000 };
  for (const _ of Array(3)) {
    await extendQueueWait(ledger, wait);
    await ledger.redis.del(ledger.keys.waits + CREATE_USER);
  }
  expect(await ledger.redis.llen(ledger.keys.stops)).toBe(1);
  for (let index = 0; index < 450; index += 1) {
    await setHold(ledger, { code: 'portal-unpaid', reason: 'r', remedy: 'r', since: index + 1 });
    await clearHold(ledger);
  }
  expect(await ledger.redis.llen(ledger.keys.stops)).toBe(400);
});

test('bands before a batch are not its own, and its samples go with it', async () => {
  const ledger = openSpace();
  await setHold(ledger, { code: 'portal-unpaid', reason: 'r', remedy: 'r', since: 1 });
  await clearHold(ledger);
  await fill(ledger, 'b1', people(1));
  await closeIntake(ledger, 'b1');
  await ledger.redis.hincrby(ledger.keys.record('b1'), 'acceptedAt', 1000);
  expect((await readCourse({ ledger }, 'b1')).bands).toEqual([]);
  await settle(ledger, 0, 'created');
  expect(await length(ledger)).toBe(1);
  await removeBatch(ledger, 'b1', async () => undefined);
  expect(await ledger.redis.exists(ledger.keys.course('b1'))).toBe(0);
});

test('a damaged course stops neither a row nor a hold, and shows what can be read', async () => {
  const ledger = await opened(2);
  await ledger.redis.set(ledger.keys.course('b1'), 'x');
  await ledger.redis.set(ledger.keys.stops, 'x');
  await settle(ledger, 0, 'created');
  const hold = { code: 'portal-unpaid', reason: 'r', remedy: 'r', since: 1 } as const;
  expect(await setHold(ledger, hold)).toBe(true);
  await clearHold(ledger);
  await ledger.redis.del(ledger.keys.course('b1'), ledger.keys.stops);
  await ledger.redis.rpush(ledger.keys.course('b1'), 'x', '1 2', `${Date.now()} 1 0 0 0`);
  await ledger.redis.rpush(ledger.keys.stops, 'x', '{"kind":"other","from":1}');
  await settle(ledger, 1, 'created');
  const course = await readCourse({ ledger }, 'b1');
  expect([course.samples.at(-1)?.created, course.bands]).toEqual([2, []]);
});
