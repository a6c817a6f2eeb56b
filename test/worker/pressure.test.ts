import { expect, test } from 'vitest';
import { readHold } from '../../src/ledger/holds.ts';
import { createPressure, type Pressure } from '../../src/worker/pressure.ts';
import { clock } from '../sandbox/support.ts';
import { people } from '../support/people.ts';
import { openWorld, silent, type World } from '../support/world.ts';

const backoff = { backoffMs: 1000, backoffMaxMs: 60_000, random: () => 1 };
const first = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.' };
const second = { code: 'portal-unpaid', reason: 'The bill.', remedy: 'Pay.' };

async function open(): Promise<{
  world: World;
  pressure: Pressure;
  advance: (ms: number) => void;
}> {
  const world = await openWorld();
  const { ledger, queues } = world;
  for (const queue of [queues.createUser, queues.invite])
    await queue.setGlobalRateLimit(1000, 1000);
  const { now, advance } = clock(Date.now());
  const pressure = createPressure({ ledger, queues, logger: silent, backoff, now });
  return { world, pressure, advance };
}

/** How long both queues still stand still, in whole seconds, rounded up. */
async function waits({ queues }: World): Promise<number[]> {
  const left = await Promise.all(
    [queues.createUser, queues.invite].map((q) => q.getRateLimitTtl()),
  );
  return left.map((ms) => Math.ceil(ms / 1000));
}

test('a wish to slow down stops both queues', async () => {
  const { world, pressure } = await open();
  await pressure.slowDown({ limiter: 'requests', waitMs: 7000 });
  expect(await waits(world)).toEqual([7, 7]);
});

test('the longest wish wins, whatever comes after it', async () => {
  const { world, pressure } = await open();
  await pressure.slowDown({ limiter: 'requests', waitMs: 5000 });
  await pressure.slowDown({ limiter: 'concurrency', waitMs: 500 });
  expect(await waits(world)).toEqual([5, 5]);
  await pressure.slowDown({ limiter: 'daily', waitMs: 60_000 });
  expect(await waits(world)).toEqual([60, 60]);
});

test('the longest of several wishes at once wins', async () => {
  const { world, pressure } = await open();
  const wishes = [20_000, 500, 9000, 250];
  await Promise.all(wishes.map((waitMs) => pressure.slowDown({ limiter: 'requests', waitMs })));
  expect(await waits(world)).toEqual([20, 20]);
});

test('an outage pauses longer each time, and an answer makes the next one short again', async () => {
  const { world, pressure, advance } = await open();
  await pressure.outage('connection-refused');
  expect(await waits(world)).toEqual([1, 1]);
  advance(1000);
  await pressure.outage('connection-refused');
  expect(await waits(world)).toEqual([2, 2]);
  advance(2000);
  await pressure.outage('connection-refused');
  expect(await waits(world)).toEqual([4, 4]);
  advance(4000);
  pressure.answered();
  for (const queue of [world.queues.createUser, world.queues.invite]) {
    await queue.removeRateLimitKey();
  }
  await pressure.outage('connection-refused');
  expect(await waits(world)).toEqual([1, 1]);
});

test('requests that fail together are one outage', async () => {
  const { world, pressure } = await open();
  await Promise.all(Array.from({ length: 10 }, () => pressure.outage('connection-refused')));
  expect(await waits(world)).toEqual([1, 1]);
});

test('a hold pauses both queues, and the first one stays', async () => {
  const { world, pressure } = await open();
  await pressure.hold(first);
  await pressure.hold(second);
  const { createUser, invite } = world.queues;
  expect([await createUser.isPaused(), await invite.isPaused()]).toEqual([true, true]);
  expect(await readHold(world.ledger)).toMatchObject(first);
});

test('a hold shows in the report of unfinished batches, and its end lets them go on', async () => {
  const { world, pressure } = await open();
  await pressure.hold(first);
  const batch = await world.submit(people(2));
  expect((await world.report(batch)).hold).toBe('key-rejected');
  await pressure.release();
  expect(await readHold(world.ledger)).toBeUndefined();
  expect((await world.report(batch)).hold).toBeNull();
  await world.startWorkers();
  expect(await world.untilFinished(batch)).toMatchObject({ created: 2, hold: null });
});

test('starting a worker lifts a hold', async () => {
  const { world, pressure } = await open();
  await pressure.hold(first);
  await world.startWorkers();
  const { createUser, invite } = world.queues;
  expect([await createUser.isPaused(), await invite.isPaused()]).toEqual([false, false]);
  expect(await readHold(world.ledger)).toBeUndefined();
});
