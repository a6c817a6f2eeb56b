import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { takeLock } from '../../src/ledger/batch/lock.ts';
import { readKeeperNote } from '../../src/ledger/notes/keeper-notes.ts';
import { parentId, sealId } from '../../src/queue/job-id.ts';
import { timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { endingAt } from './killed-producer.ts';
import { openBatch, repairNow, settle } from './repair-stage.ts';

test('unsealed: what a producer that died after its intake left is finished', async () => {
  const stage = await openStage();
  // Checks of the signal: one for the lock, two while recording, then one a slice of jobs.
  for (const [index, at] of [4, 5].entries()) {
    const submission = stage.submission(people(1050, index * 10_000));
    const producer = stage.producer({ signal: endingAt(at) });
    await expect(submit(producer, submission)).rejects.toThrow('killed');
    expect(await repairNow(stage, submission.id)).toEqual(['unsealed']);
    expect(await readBatch(stage.ledger, submission.id)).toMatchObject({ sealedRound: 1 });
    const parent = await stage.queues.invite.getJob(parentId(submission.id, 1));
    expect(await parent?.getDependenciesCount()).toMatchObject({ unprocessed: 1051 });
    expect((await submit(stage.producer(), submission)).already).toBe(true);
  }
});

test('a batch still in its intake is left to its producer', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(1050));
  await expect(submit(stage.producer({ signal: endingAt(3) }), submission)).rejects.toThrow();
  expect(await repairNow(stage, submission.id)).toEqual([]);
  expect(await readBatch(stage.ledger, submission.id)).toMatchObject({ state: 'intake' });
});

test('a batch that is being submitted is left alone', async () => {
  const { stage, batch } = await openBatch();
  await stage.queues.seal.remove(sealId(batch, 1));
  await takeLock(stage.ledger, batch, { token: 'a producer', timings });
  expect(await repairNow(stage, batch)).toEqual([]);
  await stage.ledger.redis.del(stage.ledger.keys.lock(batch));
  expect(await repairNow(stage, batch)).toEqual(['seal-lost']);
  expect(await stage.ledger.redis.exists(stage.ledger.keys.lock(batch))).toBe(0);
});

test('dependencies are inspected only when nothing has moved since the run before', async () => {
  const { stage, batch } = await openBatch();
  await stage.submit(people(2, 10));
  await stage.ledger.redis.del(stage.queues.createUser.toKey(`${batch}.1.1`));
  const remembers = true;
  expect(await repairNow(stage, batch, { remembers })).toEqual([]);
  await settle(stage, batch, 0);
  expect(await repairNow(stage, batch, { remembers })).toEqual([]);
  expect(await repairNow(stage, batch, { remembers: false })).toEqual([]);
  expect(await repairNow(stage, batch, { remembers })).toEqual(['children-lost']);
});

test('a keeper run is bounded, and the next run continues where it ended', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(4000));
  const { redis } = stage.ledger;
  const keys = people(4000).map((_, row) => stage.queues.createUser.toKey(`${batch}.1.${row}`));
  await redis.del(...keys);
  const repairSome = () => repairNow(stage, batch, { remembers: true, budget: { left: 1000 } });
  expect(await repairSome()).toEqual([]);
  expect(await repairSome()).toEqual(['children-lost']);
  const added = await redis.exists(...keys);
  expect(added).toBeGreaterThanOrEqual(1000);
  // SSCAN may return more than COUNT, or fewer on a page and then another page.
  expect(added).toBeLessThan(3000);
  expect((await readKeeperNote(stage.ledger, batch)).cursor).not.toBe(0);
  for (let looks = 0; looks < 6 && (await redis.exists(...keys)) < 4000; looks += 1) {
    await repairSome();
  }
  expect(await redis.exists(...keys)).toBe(4000);
});
