import { expect, test } from 'vitest';
import { clearHold, readHold, setHold } from '../../src/ledger/stops/holds.ts';
import { openSpace } from './fill.ts';

const unpaid = { code: 'portal-unpaid', reason: 'Unpaid.', remedy: 'Pay.', since: 17 } as const;

test('the first hold stays until it is cleared', async () => {
  const ledger = openSpace();
  const full = { ...unpaid, code: 'quota-exceeded', since: 18, batch: 'b1' } as const;
  const set = await Promise.all([setHold(ledger, unpaid), setHold(ledger, full)]);
  expect(set).toEqual([true, false]);
  expect(await readHold(ledger)).toEqual(unpaid);
  await clearHold(ledger);
  expect(await readHold(ledger)).toBeUndefined();
  expect(await setHold(ledger, full)).toBe(true);
  expect(await readHold(ledger)).toEqual(full);
});

test('a hold of which only a part was written is no hold, and the next one takes its place', async () => {
  const ledger = openSpace();
  await ledger.redis.hset(ledger.keys.hold, 'code', 'key-rejected');
  expect(await readHold(ledger)).toBeUndefined();
  expect(await setHold(ledger, unpaid)).toBe(true);
  expect(await readHold(ledger)).toEqual(unpaid);
});

test('a hold of another version, whose code is unknown here, stays in force', async () => {
  const ledger = openSpace();
  const other = { reason: 'Some cause.', remedy: 'Some remedy.', since: 19 };
  await ledger.redis.hset(ledger.keys.hold, { ...other, code: 'not-known-here' });
  expect(await readHold(ledger)).toEqual({ ...other, code: 'unknown' });
  expect(await setHold(ledger, unpaid)).toBe(false);
});

test('a planted value neither lifts a hold nor hides it', async () => {
  const ledger = openSpace();
  const planted = { code: 'paid', reason: 'x'.repeat(5000), since: 'yesterday', batch: '../x' };
  await ledger.redis.hset(ledger.keys.hold, planted);
  const hold = await readHold(ledger);
  expect(hold).toMatchObject({ code: 'unknown', since: 0, batch: undefined });
  expect(hold?.reason).toHaveLength(1000);
  expect(hold?.remedy).toContain('Update this program');
});
