import { expect, test } from 'vitest';
import { openBatch } from '../../src/ledger/batch/batches.ts';
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

test('the first text of a notification stays, and goes to the address that the batch has now', async () => {
  const ledger = open();
  const about = { id: 'b1', digest: 'd', portal: 'https://p.example', inviteType: 'All' } as const;
  const notification = { batch: 'b1', id: 'b1.1.finished.7' };
  await openBatch(ledger, about);
  await storeNotification(ledger, { ...notification, body: 'first' });
  await storeNotification(ledger, { ...notification, body: 'second' });
  expect(await readNotification(ledger, notification)).toBeUndefined();
  await openBatch(ledger, { ...about, notify: 'https://one.example/' });
  await openBatch(ledger, { ...about, notify: 'https://two.example/' });
  expect(await readNotification(ledger, notification)).toEqual({
    url: 'https://two.example/',
    body: 'first',
  });
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
