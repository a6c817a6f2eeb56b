import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLedger } from '../../src/ledger/ledger.ts';
import {
  boundWriters,
  type Lease,
  lease,
  lowerPace,
  readLimits,
  release,
  setLimits,
} from '../../src/ledger/limits/leases.ts';
import { redisSpace } from '../support/space.ts';

const FOR_MS = 60_000;

function opened() {
  const { redis, prefix } = redisSpace();
  const ledger = openLedger(redis, prefix);
  const ask = (id: string, inUse = 0, dead: string[] = [], deadMs = 0) =>
    lease(ledger, { id, forMs: FOR_MS, inUse, dead, deadMs });
  return { ledger, redis, ask };
}

test('one process has all, and a second gets its half once the first has given it up', async () => {
  const { ledger, ask } = opened();
  await setLimits(ledger, { concurrency: 9, requestsPerMinute: 1500 });
  expect(await ask('a')).toEqual({ writers: 9, fair: 9, total: 9, perMinute: 1500 });
  expect(await ask('b')).toMatchObject({ writers: 0, fair: 4 });
  // The first may still use nine until it has the answer.
  expect(await ask('a', 9)).toMatchObject({ writers: 5 });
  expect(await ask('b')).toMatchObject({ writers: 0 });
  await ask('a', 5);
  expect(await ask('b')).toMatchObject({ writers: 4 });
  await release(ledger, 'a');
  expect(await ask('b')).toMatchObject({ writers: 9 });
});

test('a process that is dead, or silent for too long, leaves its share to the others', async () => {
  const { ledger, redis, ask } = opened();
  await setLimits(ledger, { concurrency: 4 });
  await ask('dead', 4);
  expect(await ask('b')).toMatchObject({ writers: 0 });
  // The portal may still be at its last requests.
  expect(await ask('b', 0, ['dead'], FOR_MS)).toMatchObject({ writers: 0, fair: 4 });
  expect(await ask('b', 0, ['dead'])).toMatchObject({ writers: 0 });
  expect(await ask('b', 0, ['dead'])).toMatchObject({ writers: 4 });
  const now = Number((await redis.time())[0]) * 1000;
  await redis.hset(ledger.keys.leases, 'silent', `${now - 1000} 4`, 'garbled', 'x');
  expect(await ask('b')).toMatchObject({ writers: 4 });
  // A clock that was set back must not make a lease endless.
  await redis.hset(ledger.keys.leases, 'ahead', `${now + 10 * FOR_MS} 4`);
  expect(await ask('b')).toMatchObject({ writers: 4 });
});

/** Steps of up to four processes: one asks, has its answer a step later, or leaves. */
const steps = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    does: fc.constantFrom('ask', 'ask', 'hear', 'hear', 'end', 'leave'),
  }),
  { maxLength: 60 },
);

test('processes join, work and leave in any order, and requests in flight never exceed the limit', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), steps, async (concurrency, plan) => {
      const { ledger, ask } = opened();
      await setLimits(ledger, { concurrency });
      /** Writers that a process uses now, all of them, and requests that it had before. */
      const uses = new Map<string, { writers: number; inFlight: number }>();
      const answers = new Map<string, Lease>();
      for (const { id, does } of plan) {
        const { writers = 0, inFlight = 0 } = uses.get(id) ?? {};
        const inUse = Math.max(writers, inFlight);
        if (does === 'leave') {
          for (const known of [uses, answers]) known.delete(id);
          await release(ledger, id);
        } else if (does === 'ask') {
          if (!answers.has(id)) answers.set(id, await ask(id, inUse));
        } else if (does === 'hear') {
          const answer = answers.get(id);
          answers.delete(id);
          if (answer !== undefined) uses.set(id, { writers: answer.writers, inFlight: inUse });
        } else uses.set(id, { writers, inFlight: 0 });
        const all = [...uses.values()].map((each) => Math.max(each.writers, each.inFlight));
        expect(all.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(concurrency);
      }
    }),
    { numRuns: 100 },
  );
});

test('everybody has an equal share once all have asked often enough', async () => {
  const { ledger, ask } = opened();
  await setLimits(ledger, { concurrency: 10 });
  for (let round = 0; round < 3; round += 1) for (const id of 'abc') await ask(id);
  const shares = await Promise.all([...'abc'].map((id) => ask(id)));
  expect(shares.map(({ writers }) => writers)).toEqual([4, 3, 3]);
});

test('the portal bounds the writers of all', async () => {
  const { ledger, ask } = opened();
  await setLimits(ledger, { concurrency: 150 });
  await boundWriters(ledger, { most: 15, forMs: FOR_MS });
  expect(await ask('a')).toMatchObject({ writers: 15, total: 15 });
});

test("a portal's own limit is the pace while it is believed, unless the configured one is lower", async () => {
  const { ledger, redis } = opened();
  await setLimits(ledger, { requestsPerMinute: 1500 });
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 1500, why: 'configured' });
  expect(await lowerPace(ledger, { limit: 600, forMs: FOR_MS })).toBe(true);
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 600, why: 'portal' });
  await setLimits(ledger, { requestsPerMinute: 300 });
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 300, why: 'configured' });
  await setLimits(ledger, { requestsPerMinute: 1500 });
  await redis.hset(ledger.keys.limits, 'limitUntil', 1);
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 1500, why: 'configured' });
});

test('a worker without a limit takes the one that the portal names, and none that it does not', async () => {
  const { ledger } = opened();
  await setLimits(ledger, { requestsPerMinute: 0 });
  expect(await lowerPace(ledger, { forMs: FOR_MS })).toBe(false);
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 0 });
  await lowerPace(ledger, { limit: 1500, forMs: FOR_MS });
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 1500, why: 'portal' });
});

test('where others use the limit too, the pace falls by a quarter at once and rises slowly', async () => {
  const { ledger, redis } = opened();
  await setLimits(ledger, { requestsPerMinute: 1000 });
  const refused = () => lowerPace(ledger, { limit: 1000, forMs: FOR_MS });
  const age = (ms: number) => redis.hincrby(ledger.keys.limits, 'loweredAt', -ms);
  expect(await refused()).toBe(true);
  // Refusals of requests that were under way together.
  for (let each = 0; each < 9; each += 1) expect(await refused()).toBe(false);
  const pace = async () => (await readLimits(ledger))?.perMinute ?? 0;
  expect(await pace()).toBeCloseTo(750, 0);
  await age(60_000);
  expect(await pace()).toBeCloseTo(765, 0);
  expect(await readLimits(ledger)).toMatchObject({ why: 'shared' });
  await refused();
  expect(await pace()).toBeCloseTo(765 * 0.75, 0);
  await age(45 * 60_000);
  expect(await readLimits(ledger)).toMatchObject({ perMinute: 1000, why: 'configured' });
});

test.each([1000, 600, 150])(
  'once it has settled beside others, one refusal comes in ten minutes at most (%i left of 1,000)',
  async (left) => {
    const { ledger, redis } = opened();
    await setLimits(ledger, { requestsPerMinute: 1000 });
    const refusedAt: number[] = [];
    const paces: number[] = [];
    for (let minute = 0; minute < 180; minute += 1) {
      const { perMinute = 0 } = (await readLimits(ledger)) ?? {};
      if (perMinute > left) {
        refusedAt.push(minute);
        await lowerPace(ledger, { limit: 1000, forMs: FOR_MS });
      } else paces.push(perMinute);
      await redis.hincrby(ledger.keys.limits, 'loweredAt', -60_000);
    }
    const settled = refusedAt.filter((minute) => minute > 60);
    const gaps = settled.map((minute, index) => minute - (settled[index - 1] ?? -10));
    expect(Math.min(...gaps, 10)).toBeGreaterThanOrEqual(10);
    const used = paces.slice(-100);
    expect(used.reduce((sum, each) => sum + each, 0) / used.length / left).toBeGreaterThan(0.8);
  },
);

test('damaged limits stop no worker', async () => {
  const { ledger, redis, ask } = opened();
  await redis.hset(ledger.keys.limits, { concurrency: 'x', requestsPerMinute: 'y', lowered: 'z' });
  expect(await ask('a')).toEqual({ writers: 1, fair: 1, total: 1, perMinute: 0 });
});
