import { expect, test } from 'vitest';
import { clearHold, readHold, setHold } from '../../src/ledger/holds.ts';
import { openSpace } from './fill.ts';

const unpaid = { code: 'portal-unpaid', reason: 'Unpaid.', remedy: 'Pay.', since: 17 };

test('the first hold stays until it is cleared', async () => {
  const ledger = openSpace();
  const full = { ...unpaid, code: 'quota-exceeded', since: 18, batch: 'b1' };
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
