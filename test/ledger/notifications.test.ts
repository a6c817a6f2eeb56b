import { expect, test } from 'vitest';
import { openBatch } from '../../src/ledger/batch/batches.ts';
import { reportOf } from '../../src/ledger/batch/numbers.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import {
  parseNotification,
  readNotification,
  storeNotification,
} from '../../src/ledger/notes/notifications.ts';
import { redisSpace } from '../support/space.ts';

function open() {
  const { redis, prefix } = redisSpace();
  return openLedger(redis, prefix);
}

test('the first numbers of a notification stay, and go to the address that the batch has now', async () => {
  const ledger = open();
  const about = { id: 'b1', digest: 'd', portal: 'https://p.example', inviteType: 'All' } as const;
  const notification = { batch: 'b1', id: 'b1.1.finished.7' };
  await openBatch(ledger, about);
  const first = await reportOf(ledger, 'b1', Date.now());
  await storeNotification(ledger, { id: notification.id, report: first });
  await storeNotification(ledger, { id: notification.id, report: { ...first, created: 5 } });
  expect(await readNotification(ledger, notification)).toBeUndefined();
  await openBatch(ledger, { ...about, notify: 'https://one.example/' });
  await openBatch(ledger, { ...about, notify: 'https://two.example/' });
  const url = 'https://two.example/';
  expect(await readNotification(ledger, notification)).toEqual({ url, report: first });
});

test.each([
  'forged',
  '{"report":{"batchId":"b1","text":"forged"}}',
  (report: object) => JSON.stringify({ report: { ...report, hold: 'pay here' } }),
  (report: object) => JSON.stringify({ report: { ...report, batchId: 'other' } }),
])('a writer of Redis cannot store a text to be sent: %#', async (forged) => {
  const ledger = open();
  const about = { id: 'b1', digest: 'd', portal: 'https://p.example', inviteType: 'All' } as const;
  const url = 'https://one.example/';
  await openBatch(ledger, { ...about, notify: url });
  const report = await reportOf(ledger, 'b1', Date.now());
  const stored = typeof forged === 'string' ? forged : forged(report);
  await ledger.redis.hset(ledger.keys.notifications('b1'), 'b1.1.finished.7', stored);
  const found = await readNotification(ledger, { batch: 'b1', id: 'b1.1.finished.7' });
  expect(found).toEqual({ url, report: undefined });
});

test('an id tells what happened, and any other text nothing', () => {
  const held = { batch: 'b-1_x', round: 2, event: 'held', at: 1_772_366_400_000 };
  expect(parseNotification('b-1_x.2.held.1772366400000')).toEqual(held);
  expect(['', 'b1', 'b1.1.lost.7'].map(parseNotification)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
