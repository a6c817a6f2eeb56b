import { expect, test } from 'vitest';
import { closeIntake } from '../../src/ledger/batch/batches.ts';
import { rateOf, ratePerSecond } from '../../src/ledger/batch/rate.ts';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { people } from '../support/people.ts';
import { fill, openSpace, settle } from './fill.ts';

/** Index of the ten-second span that has 1,000 s. */
const SPAN = 100;

test.each([
  ['nothing without a settled row', {}, { now: 1_005_000, since: 0 }, 0],
  ['the time since the batch began', { [SPAN]: 40 }, { now: 1_009_000, since: 1_001_000 }, 5],
  ['from the first rows on after a pause', { [SPAN]: 20 }, { now: 1_010_000, since: 0 }, 2],
  ['no more than two minutes', { [SPAN - 12]: 999, [SPAN]: 30 }, { now: 1_003_000, since: 0 }, 10],
  ['two minutes', { [SPAN - 11]: 110, [SPAN]: 116 }, { now: 1_003_000, since: 0 }, 2],
  ['a batch of the same moment', { [SPAN]: 3 }, { now: 1_000_100, since: 1_000_100 }, 3],
])('the rate is taken over %s', (_, spans, at, rate) => {
  expect(rateOf(spans, at)).toBe(rate);
});

test('settling notes each row once, and what is noted expires', async () => {
  const ledger = openSpace();
  await fill(ledger, 'b1', people(20));
  await closeIntake(ledger, 'b1');
  const stale = { '5': 3, '6': 9 };
  await ledger.redis.hset(ledger.keys.settled('b1'), stale);
  for (let row = 0; row < 10; row += 1) await settle(ledger, 'b1', row, 'created');
  await settle(ledger, 'b1', 3, 'failed');
  await noteRow(ledger, { batch: 'b1', round: 1, row: 12 }, { doubt: { kind: 'posting' } });
  const spans = await ledger.redis.hgetall(ledger.keys.settled('b1'));
  const counts = Object.values(spans).map(Number);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(10);
  expect(counts.length).toBeLessThan(4);
  expect(await ledger.redis.pttl(ledger.keys.settled('b1'))).toBeGreaterThan(200_000);
  expect(await ratePerSecond(ledger, { id: 'b1', since: 0 })).toBeGreaterThan(0);
});
