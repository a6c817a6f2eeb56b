import { ReplyError } from 'ioredis';
import { expect, test } from 'vitest';
import { batchIds, openBatch, readBatch } from '../../src/ledger/batch/batches.ts';
import { damageOf, unlessDamaged } from '../../src/ledger/damaged.ts';
import { readBatchList } from '../../src/overview/batch-list.ts';
import { openSpace } from './fill.ts';

const about = { digest: 'd', portal: 'https://p.example', inviteType: 'All' as const };

function reply(message: string): Error {
  return new ReplyError(message);
}

test.each([
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'ERR hash value is not an integer',
  'ERR user_script:7: attempt to compare nil with number script: f_1, on @user_script:7.',
])('a value that somebody planted is named as damage: %s', (message) => {
  expect(damageOf(reply(message))).toMatchObject({ code: 'E_LEDGER_DAMAGED' });
});

test.each([
  reply("OOM command not allowed when used memory > 'maxmemory'. script: f_1, on @user_script:22."),
  reply('NOPERM this user has no permissions script: f_1, on @user_script:2.'),
  new Error('Connection is closed.'),
  'WRONGTYPE',
])('trouble of Redis, and whatever is no answer of it, is no damage: %#', async (error) => {
  expect(damageOf(error)).toBeUndefined();
  await expect(unlessDamaged(Promise.reject(error), 'otherwise')).rejects.toBe(error);
});

test('one planted record hides no other batch from the list, and names its fields', async () => {
  const ledger = openSpace();
  const { redis, keys } = ledger;
  for (const id of ['good', 'forged', 'replaced']) await openBatch(ledger, { id, ...about });
  await redis.hset(keys.record('forged'), { state: 'paid', round: 'NaN' });
  await redis.multi().del(keys.record('replaced')).rpush(keys.record('replaced'), 'x').exec();
  await expect(readBatch(ledger, 'forged')).rejects.toMatchObject({
    code: 'E_LEDGER_DAMAGED',
    message: expect.stringMatching(/^batch forged cannot be read: .*\(state, round\)/),
  });
  const { reports, unreadable } = await readBatchList(ledger, await batchIds(ledger), Date.now());
  expect(reports.map(({ batchId }) => batchId)).toEqual(['good']);
  expect(unreadable.map(({ batchId }) => batchId).sort()).toEqual(['forged', 'replaced']);
});
