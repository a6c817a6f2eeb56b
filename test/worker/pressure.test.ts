import { expect, test } from 'vitest';
import { resume } from '../../src/batch/resume.ts';
import { readHold } from '../../src/ledger/holds.ts';
import { readOutage } from '../../src/ledger/pauses.ts';
import { CREATE_USER, INVITE } from '../../src/queue/names.ts';
import { timings } from '../../src/timings.ts';
import { createPressure, type Pressure } from '../../src/worker/pressure.ts';
import { people } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, silent, type World } from '../support/world.ts';

const first = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.' };
const quota = { code: 'quota-exceeded', reason: 'The seats.', remedy: 'More.' };
const ok = { kind: 'ok', value: undefined } as const;
const timeout = { kind: 'unknown', code: 'timeout', reason: 'No answer.' } as const;

/** Back-pressure as a process of its own has it; several share the world's Redis. */
function process(world: World, backoffMs = 1000): Pressure {
  const { ledger, queues } = world;
  const backoff = { backoffMs, backoffMaxMs: 60_000, random: () => 1 };
  const waits = { backoff, probeMs: 5000, now: Date.now };
  return createPressure({ ledger, queues, logger: silent, ...waits, timings });
}

async function open(): Promise<World> {
  const world = await openWorld();
  for (const queue of queuesOf(world)) await queue.setGlobalRateLimit(1000, 1000);
  return world;
}

const queuesOf = ({ queues }: World) => [queues.createUser, queues.invite];

/** How long both queues still stand still, in whole seconds, rounded up. */
async function waits(world: World): Promise<number[]> {
  const left = await Promise.all(queuesOf(world).map((queue) => queue.getRateLimitTtl()));
  return left.map((ms) => Math.ceil(ms / 1000));
}

async function admitted(pressure: Pressure, token = 'job'): Promise<boolean> {
  return (await pressure.admit(CREATE_USER, token)).waitMs === 0;
}

test('a wish to slow down stops both queues', async () => {
  const world = await open();
  await process(world).slowDown({ limiter: 'requests', waitMs: 7000 });
  expect(await waits(world)).toEqual([7, 7]);
});

test('a limit on invitations lets creations go on', async () => {
  const world = await open();
  const pressure = process(world);
  await pressure.slowDown({ limiter: 'invitations', waitMs: 7000 });
  expect(await waits(world)).toEqual([0, 7]);
  expect(await admitted(pressure)).toBe(true);
  expect((await pressure.admit(INVITE, 'job')).waitMs).toBeGreaterThan(6000);
});

test('the longest wish wins, whatever comes after it and from which process', async () => {
  const world = await open();
  const [one, other] = [process(world), process(world)];
  await one.slowDown({ limiter: 'requests', waitMs: 5000 });
  await other.slowDown({ limiter: 'concurrency', waitMs: 500 });
  expect(await waits(world)).toEqual([5, 5]);
  await other.slowDown({ limiter: 'daily', waitMs: 60_000 });
  expect(await waits(world)).toEqual([60, 60]);
});

test('the longest of several wishes at once wins', async () => {
  const world = await open();
  const wishes = [20_000, 500, 9000, 250];
  const slow = (waitMs: number) => process(world).slowDown({ limiter: 'requests', waitMs });
  await Promise.all(wishes.map(slow));
  const { waitMs } = await process(world).admit(CREATE_USER, 'job');
  expect(Math.ceil(waitMs / 1000)).toBe(20);
});

test("when BullMQ's own wait was cut short, a job is turned away all the same", async () => {
  const world = await open();
  const pressure = process(world);
  await pressure.slowDown({ limiter: 'requests', waitMs: 5000 });
  await world.queues.createUser.removeRateLimitKey();
  const { waitMs } = await pressure.admit(CREATE_USER, 'job');
  await pressure.keepWaiting(CREATE_USER, waitMs);
  expect(await waits(world)).toEqual([5, 5]);
});

test('requests that fail together are one outage, over all processes', async () => {
  const world = await open();
  const fail = () => process(world).outage('connection-refused');
  await Promise.all(Array.from({ length: 10 }, fail));
  expect(await waits(world)).toEqual([1, 1]);
  expect(await world.ledger.redis.hget(world.ledger.keys.outage, 'failures')).toBe('1');
});

test('after an outage one job at a time may try, and each failure doubles the wait', async () => {
  const world = await open();
  const [one, other] = [process(world, 100), process(world, 100)];
  await one.outage('connection-refused');
  const failures: number[] = [];
  for (const expected of [200, 400]) {
    expect(await admitted(one, 'a')).toBe(false);
    await waitFor(() => admitted(one, 'a'));
    expect(await admitted(other, 'b')).toBe(false);
    await one.outage('connection-refused');
    failures.push((await other.admit(CREATE_USER, 'b')).waitMs / expected);
  }
  for (const share of failures) {
    expect(share).toBeGreaterThan(0.5);
    expect(share).toBeLessThanOrEqual(1);
  }
});

test('an answer ends the outage for all; a lost one does not', async () => {
  const world = await open();
  const [one, other] = [process(world, 50), process(world, 50)];
  await one.outage('connection-refused');
  await waitFor(() => admitted(one, 'a'));
  await one.heard(timeout);
  expect(await readOutage(world.ledger)).toMatchObject({ code: 'connection-refused' });
  expect(await admitted(other, 'b')).toBe(false);
  await one.heard(ok);
  expect(await readOutage(world.ledger)).toBeUndefined();
  expect(await admitted(other, 'b')).toBe(true);
});

test('a probe that asked the portal nothing makes room for the next job', async () => {
  const world = await open();
  const pressure = process(world, 50);
  await pressure.outage('host-not-found');
  await waitFor(() => admitted(pressure, 'a'));
  expect(await admitted(pressure, 'b')).toBe(false);
  await pressure.leave('b');
  expect(await admitted(pressure, 'b')).toBe(false);
  await pressure.leave('a');
  expect(await admitted(pressure, 'b')).toBe(true);
});

test('a hold pauses both queues, and the first one stays', async () => {
  const world = await open();
  const pressure = process(world);
  await pressure.hold(first);
  await pressure.hold(quota);
  expect(await Promise.all(queuesOf(world).map((queue) => queue.isPaused()))).toEqual([true, true]);
  expect(await readHold(world.ledger)).toMatchObject(first);
});

test('a hold shows in the report of unfinished batches, and resuming lets them go on', async () => {
  const world = await open();
  await process(world).hold(quota);
  const batch = await world.submit(people(2));
  expect((await world.report(batch)).hold).toBe('quota-exceeded');
  await world.startWorkers();
  expect(await resume(world)).toMatchObject(quota);
  expect((await world.report(batch)).hold).toBeNull();
  expect(await world.untilFinished(batch)).toMatchObject({ created: 2, hold: null });
  expect(await resume(world)).toBeUndefined();
});
