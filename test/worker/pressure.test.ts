import { expect, test } from 'vitest';
import { resume } from '../../src/batch/stop-queues.ts';
import { readHold } from '../../src/ledger/stops/holds.ts';
import { readOutage } from '../../src/ledger/stops/waits.ts';
import { CREATE_USER, INVITE } from '../../src/queue/names.ts';
import { timings } from '../../src/timings.ts';
import { createPressure, type Pressure } from '../../src/worker/pressure/pressure.ts';
import { silent } from '../support/batches.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { openLimits } from '../support/workers.ts';

const first = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.' } as const;
const quota = { code: 'quota-exceeded', reason: 'The seats.', remedy: 'More.' } as const;
const ok = { kind: 'ok', value: undefined } as const;
const timeout = { kind: 'unknown', code: 'timeout', reason: 'No answer.' } as const;

/** The back-pressure of one process; several share the stage's Redis. */
function process(stage: Stage, backoffMs = 1000): Pressure {
  const { ledger, queues } = stage;
  const backoff = { backoffMs, backoffMaxMs: 60_000, random: () => 1 };
  const waits = { backoff, probeMs: 5000, now: Date.now, limits: openLimits(timings) };
  return createPressure({ ledger, queues, logger: silent, ...waits, timings });
}

async function open(): Promise<Stage> {
  const stage = await openStage();
  for (const queue of queuesOf(stage)) await queue.setGlobalRateLimit(1000, 1000);
  return stage;
}

const queuesOf = ({ queues }: Stage) => [queues.createUser, queues.invite];

/** Remaining wait of both queues, in whole seconds, rounded up. */
async function waits(stage: Stage): Promise<number[]> {
  const left = await Promise.all(queuesOf(stage).map((queue) => queue.getRateLimitTtl()));
  return left.map((ms) => Math.ceil(ms / 1000));
}

async function admitted(pressure: Pressure, token = 'job'): Promise<boolean> {
  return (await pressure.admit(CREATE_USER, token)).waitMs === 0;
}

test('a requested wait stops both queues', async () => {
  const stage = await open();
  await process(stage).slowDown({ limiter: 'requests', waitMs: 7000 });
  expect(await waits(stage)).toEqual([7, 7]);
});

test('a limit on invitations lets creations continue', async () => {
  const stage = await open();
  const pressure = process(stage);
  await pressure.slowDown({ limiter: 'invitations', waitMs: 7000 });
  expect(await waits(stage)).toEqual([0, 7]);
  expect(await admitted(pressure)).toBe(true);
  expect((await pressure.admit(INVITE, 'job')).waitMs).toBeGreaterThan(6000);
});

test('the longest requested wait wins, whatever comes after it and from which process', async () => {
  const stage = await open();
  const [one, other] = [process(stage), process(stage)];
  await one.slowDown({ limiter: 'requests', waitMs: 5000 });
  await other.slowDown({ limiter: 'concurrency', waitMs: 500 });
  expect(await waits(stage)).toEqual([5, 5]);
  await other.slowDown({ limiter: 'daily', waitMs: 60_000 });
  expect(await waits(stage)).toEqual([60, 60]);
});

test('the longest of several requested waits at once wins', async () => {
  const stage = await open();
  const wishes = [20_000, 500, 9000, 250];
  const slow = (waitMs: number) => process(stage).slowDown({ limiter: 'requests', waitMs });
  await Promise.all(wishes.map(slow));
  const { waitMs } = await process(stage).admit(CREATE_USER, 'job');
  expect(Math.ceil(waitMs / 1000)).toBe(20);
});

test("when BullMQ's own wait was cut short, a job is refused anyway", async () => {
  const stage = await open();
  const pressure = process(stage);
  await pressure.slowDown({ limiter: 'requests', waitMs: 5000 });
  await stage.queues.createUser.removeRateLimitKey();
  const { waitMs } = await pressure.admit(CREATE_USER, 'job');
  await pressure.keepWaiting(CREATE_USER, waitMs);
  expect(await waits(stage)).toEqual([5, 5]);
});

test('requests that fail together are one outage, over all processes', async () => {
  const stage = await open();
  const fail = () => process(stage).outage('connection-refused');
  await Promise.all(Array.from({ length: 10 }, fail));
  expect(await waits(stage)).toEqual([1, 1]);
  expect(await stage.ledger.redis.hget(stage.ledger.keys.outage, 'failures')).toBe('1');
});

test('after an outage one job at a time may try, and each failure doubles the wait', async () => {
  const stage = await open();
  const [one, other] = [process(stage, 100), process(stage, 100)];
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
  const stage = await open();
  const [one, other] = [process(stage, 50), process(stage, 50)];
  await one.outage('connection-refused');
  await waitFor(() => admitted(one, 'a'));
  await one.heard(timeout);
  expect(await readOutage(stage.ledger)).toMatchObject({ code: 'connection-refused' });
  expect(await admitted(other, 'b')).toBe(false);
  await one.heard(ok);
  expect(await readOutage(stage.ledger)).toBeUndefined();
  expect(await admitted(other, 'b')).toBe(true);
});

test('a probe that asked the portal nothing makes room for the next job', async () => {
  const stage = await open();
  const pressure = process(stage, 50);
  await pressure.outage('host-not-found');
  await waitFor(() => admitted(pressure, 'a'));
  expect(await admitted(pressure, 'b')).toBe(false);
  await pressure.leave('b');
  expect(await admitted(pressure, 'b')).toBe(false);
  await pressure.leave('a');
  expect(await admitted(pressure, 'b')).toBe(true);
});

test('a hold pauses both queues, and the first one stays', async () => {
  const stage = await open();
  const pressure = process(stage);
  await pressure.hold(first);
  await pressure.hold(quota);
  expect(await Promise.all(queuesOf(stage).map((queue) => queue.isPaused()))).toEqual([true, true]);
  expect(await readHold(stage.ledger)).toMatchObject(first);
});

test('a hold shows in the report of unfinished batches, and resuming lets them continue', async () => {
  const stage = await open();
  await process(stage).hold(quota);
  const batch = await stage.submit(people(2));
  expect((await stage.report(batch)).hold).toBe('quota-exceeded');
  await stage.startWorkers();
  expect((await resume(stage)).hold).toMatchObject(quota);
  expect((await stage.report(batch)).hold).toBeNull();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, hold: null });
  expect((await resume(stage)).hold).toBeUndefined();
});

test('resume ends a requested wait and an outage: the portal is asked again now', async () => {
  const stage = await open();
  const pressure = process(stage);
  await pressure.slowDown({ limiter: 'daily', waitMs: 3_600_000 });
  await pressure.outage('host-not-found');
  const lifted = await resume(stage);
  expect(lifted).toMatchObject({ waits: ['daily', 'outage'] });
  expect(await waits(stage)).toEqual([0, 0]);
  expect(await pressure.admit(CREATE_USER, 'job')).toEqual({ waitMs: 0, isProbe: true });
  // Others still wait for the answer of the one that tries.
  expect(await admitted(pressure, 'other')).toBe(false);
  expect(await resume(await open())).toEqual({ hold: undefined, waits: [] });
});
