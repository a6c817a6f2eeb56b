import { expect, test } from 'vitest';
import { openBatch } from '../../src/ledger/batches.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { keepNotice, parseNotice, readNotice } from '../../src/ledger/notices.ts';
import { redisSpace } from '../support/space.ts';

function open() {
  const { redis, prefix } = redisSpace();
  return openLedger(redis, prefix);
}

test('the first text of a notice stays, and goes to the address that the batch has now', async () => {
  const ledger = open();
  const about = { id: 'b1', digest: 'd', portal: 'https://p.example', inviteType: 'All' } as const;
  const notice = { batch: 'b1', id: 'b1.1.finished.7' };
  await openBatch(ledger, about);
  await keepNotice(ledger, { ...notice, body: 'first' });
  await keepNotice(ledger, { ...notice, body: 'second' });
  expect(await readNotice(ledger, notice)).toBeUndefined();
  await openBatch(ledger, { ...about, notify: 'https://one.example/' });
  await openBatch(ledger, { ...about, notify: 'https://two.example/' });
  expect(await readNotice(ledger, notice)).toEqual({ url: 'https://two.example/', body: 'first' });
});

test('an id tells what happened, and any other text nothing', () => {
  const held = { batch: 'b-1_x', round: 2, event: 'held', at: 1_772_366_400_000 };
  expect(parseNotice('b-1_x.2.held.1772366400000')).toEqual(held);
  expect(['', 'b1', 'b1.1.lost.7'].map(parseNotice)).toEqual([undefined, undefined, undefined]);
});
