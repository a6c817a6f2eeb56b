import { expect, test } from 'vitest';
import { proceed, withLock } from '../../src/batch/producer.ts';
import { isLocked, takeLock } from '../../src/ledger/batch/lock.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Twice the longest hang of an event loop on a busy machine. */
const LOCK_MS = 3000;

test('a producer keeps its lock during work of any length, and nobody else gets it', async () => {
  const stage = await openStage();
  const producer = stage.producer();
  producer.timings = { ...producer.timings, producerLockMs: LOCK_MS };
  let taken = 0;
  await withLock(producer, 'long', async () => {
    const until = performance.now() + LOCK_MS + 1000;
    await waitFor(async () => {
      const other = { token: 'another', timings: producer.timings };
      if (await takeLock(stage.ledger, 'long', other)) taken += 1;
      return performance.now() > until;
    });
    await proceed(producer, 'long');
  });
  expect(taken).toBe(0);
  expect(await isLocked(stage.ledger, 'long')).toBe(false);
});

test('a lock that was lost on the way ends the work before its next slice', async () => {
  const stage = await openStage();
  const producer = stage.producer();
  const work = withLock(producer, 'lost', async () => {
    await stage.redis.del(stage.ledger.keys.lock('lost'));
    await proceed(producer, 'lost');
  });
  await expect(work).rejects.toMatchObject({ code: 'E_BATCH_BUSY' });
});
