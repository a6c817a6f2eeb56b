import { expect, test } from 'vitest';
import {
  admit,
  clearOutage,
  extendQueueWait,
  noteOutage,
  readWaits,
} from '../../src/ledger/stops/waits.ts';
import { waitFor } from '../support/wait-for.ts';
import { openSpace } from './fill.ts';

const ask = { queue: 'create-user', token: 'a', probeMs: 10_000, pollMs: 1000 };
const outage = { code: 'connection-refused', firstMs: 40, mostMs: 60_000, random: 1 };

test('a wait is never shortened, and ends by itself', async () => {
  const ledger = openSpace();
  const wish = { queue: 'invite', limiter: 'requests' };
  expect(await extendQueueWait(ledger, { ...wish, waitMs: 300 })).toBe(300);
  expect(await extendQueueWait(ledger, { ...wish, waitMs: 10 })).toBeGreaterThan(10);
  expect(await readWaits(ledger, ['create-user', 'invite'])).toMatchObject([wish]);
  await waitFor(async () => (await readWaits(ledger, ['invite'])).length === 0);
  expect(await admit(ledger, { ...ask, queue: 'invite' })).toMatchObject({
    waitMs: 0,
    isProbe: false,
  });
});

test('without an outage nobody is a probe', async () => {
  expect(await admit(openSpace(), ask)).toMatchObject({ waitMs: 0, isProbe: false });
});

test('a probe whose worker was killed makes room after its time', async () => {
  const ledger = openSpace();
  await noteOutage(ledger, outage);
  const short = { ...ask, probeMs: 300 };
  await waitFor(async () => (await admit(ledger, short)).isProbe);
  const { waitMs } = await admit(ledger, { ...short, token: 'b' });
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(300);
  await waitFor(async () => (await admit(ledger, { ...short, token: 'b' })).isProbe);
});

test("an outage is over, not longer, when Redis' clock is put back", async () => {
  const ledger = openSpace();
  await noteOutage(ledger, { ...outage, firstMs: 60_000 });
  expect((await admit(ledger, ask)).waitMs).toBeGreaterThan(50_000);
  const later = String(Date.now() + 3_600_000);
  await ledger.redis.hset(ledger.keys.outage, 'until', later);
  expect(await admit(ledger, ask)).toMatchObject({ waitMs: 0, isProbe: true });
  await ledger.redis.hset(ledger.keys.outage, 'probeUntil', later);
  expect(await admit(ledger, { ...ask, token: 'b' })).toMatchObject({ waitMs: 0, isProbe: true });
});

test('the wait doubles up to the longest, and an answer starts it anew', async () => {
  const ledger = openSpace();
  const waits: number[] = [];
  const fail = async () => {
    await waitFor(async () => (await admit(ledger, ask)).waitMs === 0);
    waits.push((await noteOutage(ledger, { ...outage, mostMs: 100 })).waitMs);
  };
  for (let times = 4; times > 0; times -= 1) await fail();
  expect(waits).toEqual([40, 80, 100, 100]);
  expect([await clearOutage(ledger), await clearOutage(ledger)]).toEqual([true, false]);
  expect((await noteOutage(ledger, outage)).waitMs).toBe(40);
});
