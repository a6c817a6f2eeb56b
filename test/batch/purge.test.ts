import { expect, test } from 'vitest';
import { cancel } from '../../src/batch/cancel.ts';
import { inviteNow } from '../../src/batch/invite-now.ts';
import { purge } from '../../src/batch/purge.ts';
import { retry } from '../../src/batch/redrive.ts';
import { resume } from '../../src/batch/resume.ts';
import { submit } from '../../src/batch/submit.ts';
import { batchIds } from '../../src/ledger/batches.ts';
import { setHold } from '../../src/ledger/holds.ts';
import { keepLock, takeLock } from '../../src/ledger/lock.ts';
import { timings } from '../../src/timings.ts';
import { shapeA } from '../portal/answers.ts';
import { people, person } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, type World } from '../support/world.ts';
import { dump } from '../worker/dump.ts';
import { firstPost, working } from '../worker/working.ts';
import { endingAt } from './killed-producer.ts';

const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
const bad = {
  kind: 'rejected' as const,
  at: { file: 'people.csv', line: 99 },
  raw: { email: 'odd@example.com', firstName: '', lastName: 'Odd' },
  faults: [{ field: 'firstName', code: 'required', value: 'Oddity', reason: 'Empty.' }],
};

const removal = (what: 'batch' | 'people') => ({ what, now: Date.now() });
const failedJobs = ({ queues }: World) => queues.createUser.getFailedCount();

/**
 * A finished batch of 6 rows: 3 created, 1 failed, 1 duplicate, 1 rejected; unless it is to be `fresh`,
 * it has been over for a minute.
 */
async function finished(fresh?: 'fresh') {
  const { world } = await working(firstPost({ 'p1@example.com': refused }));
  const submission = world.submission([...people(4), person('P0@example.com', 7), bad]);
  await submit(world.producer(), submission);
  const report = await world.untilFinished(submission.id);
  expect(report).toMatchObject({ total: 6, created: 3, failed: 1, duplicates: 1, rejected: 1 });
  await untilParentOver(world, submission.id);
  if (fresh === undefined) await age(world, submission.id);
  return { world, batch: submission.id, submission };
}

const age = ({ ledger }: World, batch: string) =>
  ledger.redis.hincrby(ledger.keys.record(batch), 'finishedAt', -60_000);

const untilParentOver = ({ queues }: World, batch: string) =>
  waitFor(async () => (await queues.invite.getJobState(`${batch}.1`)) === 'completed');

test('a purged batch leaves no key behind, in the ledger or in the queues', async () => {
  const { world, batch } = await finished();
  expect(await failedJobs(world)).toBe(1);
  expect(await purge(world.producer(), batch, removal('batch'))).toEqual({
    batchId: batch,
    what: 'batch',
    rows: 6,
    jobs: 1,
  });
  const left = await world.space.redis.keys(`${world.space.prefix}:*`);
  expect(left.filter((key) => key.includes(batch) || key.includes(':claims:'))).toEqual([]);
  expect([await failedJobs(world), await batchIds(world.ledger)]).toEqual([0, []]);
});

test('rule 2: the same list right after its purge is a new batch that invites nobody twice', async () => {
  const { world, batch, submission } = await finished('fresh');
  await purge(world.producer(), batch, removal('batch'));
  expect((await submit(world.producer(), submission)).already).toBe(false);
  expect(await world.untilFinished(batch)).toMatchObject({ existing: 3, created: 1, invited: 1 });
});

test('without its people a batch keeps its numbers, and nothing else of them', async () => {
  const { world, batch } = await finished();
  const before = await world.report(batch);
  expect(before.peopleRemovedAt).toBeNull();
  const removed = await purge(world.producer(), batch, removal('people'));
  expect(removed).toMatchObject({ what: 'people', rows: 6, jobs: 1 });
  const { peopleRemovedAt, ...after } = await world.report(batch);
  expect({ ...after, peopleRemovedAt: null }).toEqual(before);
  expect(Date.now() - Date.parse(peopleRemovedAt ?? '')).toBeLessThan(60_000);
  const rows = await world.rows(batch);
  expect(rows.map(({ state }) => state)).toEqual([
    'created',
    'failed',
    'created',
    'created',
    'duplicate',
    'rejected',
  ]);
  expect(rows[1]).toMatchObject({ file: 'people.csv', line: 3, code: 'bad-request', attempts: 1 });
  expect(rows.map(({ email, name, reason, portalId }) => email + name + reason + portalId)).toEqual(
    rows.map(() => ''),
  );
  const kept = await dump(world.space, /./);
  expect(kept).toContain(`:batch:${batch}:rows:0`);
  expect(kept).not.toMatch(/example\.com|Ana|Lee|Odd|:claims:|:emails:/);
});

test('nobody of a batch without its people is retried; they may be in a new one', async () => {
  const { world, batch } = await finished('fresh');
  await purge(world.producer(), batch, removal('people'));
  await expect(retry(world.producer(), batch, () => true)).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
  });
  expect((await world.report(batch)).state).toBe('finished');
  const again = await world.submit(people(4));
  expect(await world.untilFinished(again)).toMatchObject({ accepted: 4, existing: 3, created: 1 });
  expect(await purge(world.producer(), batch, removal('people'))).toMatchObject({ rows: 6 });
  expect(await purge(world.producer(), batch, removal('batch'))).toMatchObject({ rows: 6 });
});

test('those who were cancelled without an invite cannot be invited once they are gone', async () => {
  const world = await openWorld();
  await world.startWorkers();
  const batch = await world.submit(people(3), { inviteHeld: true });
  await waitFor(async () => (await world.report(batch)).gate !== null);
  await cancel(world.producer(), batch, { invite: false });
  await waitFor(async () => (await world.report(batch)).state === 'cancelled');
  await purge(world.producer(), batch, removal('people'));
  await expect(inviteNow(world.producer(), batch)).rejects.toMatchObject({ code: 'E_BATCH_STATE' });
  expect(world.sandbox.state().acceptedInvites).toEqual([]);
});

test('a batch with work left is refused and loses nothing', async () => {
  const world = await openWorld();
  const batch = await world.submit(people(3));
  for (const what of ['batch', 'people'] as const) {
    await expect(purge(world.producer(), batch, removal(what))).rejects.toMatchObject({
      code: 'E_BATCH_STATE',
      message: expect.stringContaining(`onboard cancel ${batch}`),
    });
  }
  await world.startWorkers();
  expect(await world.untilFinished(batch)).toMatchObject({ created: 3, invited: 3 });
});

test('while jobs of a cancelled batch are passed over, only its people can be removed', async () => {
  const world = await openWorld();
  const batch = await world.submit(people(1500));
  const other = await world.submit(people(2, 5000));
  const workers = await world.startWorkers({}, { requestsPerMinute: 600, concurrency: 2 });
  await waitFor(async () => (await world.report(batch)).created > 3);
  await cancel(world.producer(), batch, { invite: true });
  await waitFor(async () => (await world.report(batch)).state === 'cancelled');
  await expect(purge(world.producer(), batch, removal('batch'))).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
    message: expect.stringContaining('still in the queue'),
  });
  expect(await purge(world.producer(), batch, removal('people'))).toMatchObject({ rows: 1500 });
  await workers.close();
  await world.startWorkers();
  expect(await world.untilFinished(other)).toMatchObject({ created: 2, invited: 2 });
  await untilParentOver(world, batch);
  expect(await purge(world.producer(), batch, removal('batch'))).toMatchObject({ rows: 1500 });
  expect((await world.queues.invite.getFailedCount()) + (await failedJobs(world))).toBe(0);
});

test('an intake that was given up goes, one whose producer lives stays', async () => {
  const world = await openWorld();
  const submission = world.submission(people(1500));
  await expect(submit(world.producer({ signal: endingAt(2) }), submission)).rejects.toThrow();
  await takeLock(world.ledger, submission.id, { token: 'its producer', timings });
  const alive = setInterval(
    () => keepLock(world.ledger, submission.id, { token: 'its producer', timings }),
    1000,
  );
  onRelease(() => clearInterval(alive));
  const stop = new AbortController();
  const waiting = purge(world.producer({ signal: stop.signal }), submission.id, removal('batch'));
  stop.abort(new Error('waited'));
  await expect(waiting).rejects.toThrow('waited');
  clearInterval(alive);
  await world.ledger.redis.del(world.ledger.keys.lock(submission.id));
  await purge(world.producer(), submission.id, removal('batch'));
  expect(await batchIds(world.ledger)).toEqual([]);
});

test('two purges and a retry at once: one after the other, and nobody is invited twice', async () => {
  const { world, batch } = await finished();
  const [retried, ...purged] = await Promise.allSettled([
    retry(world.producer(), batch, () => true),
    purge(world.producer(), batch, removal('batch')),
    purge(world.producer(), batch, removal('batch')),
  ]);
  const wasRetried = retried?.status === 'fulfilled';
  for (const end of [retried, ...purged]) {
    if (end?.status === 'rejected') expect(end.reason.code).toMatch(/^E_BATCH_(STATE|UNKNOWN)$/);
  }
  if (purged.every(({ status }) => status === 'rejected')) await world.untilFinished(batch);
  else expect(await world.space.redis.keys(`${world.space.prefix}:*${batch}*`)).toEqual([]);
  const invited = world.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
  const expected = ['p0', 'p2', 'p3', ...(wasRetried ? ['p1'] : [])].sort();
  expect(invited.sort()).toEqual(expected.map((name) => `${name}@example.com`));
});

test('rule 2: the rest before a purge counts from the end of the last round', async () => {
  const { world, batch } = await finished();
  await retry(world.producer(), batch, () => true);
  await world.untilFinished(batch);
  const end = Date.now();
  await waitFor(async () => (await world.queues.invite.getJobState(`${batch}.2`)) === 'completed');
  await purge(world.producer(), batch, removal('batch'));
  expect(Date.now() - end).toBeGreaterThan(2500);
});

test('a hold about a batch that is purged can be lifted', async () => {
  const { world, batch } = await finished();
  await purge(world.producer(), batch, removal('batch'));
  const hold = { code: 'too-many-failures', reason: 'r', remedy: 'm', since: 1, batch };
  await setHold(world.ledger, hold);
  expect(await resume(world)).toEqual(hold);
  expect(await resume(world)).toBeUndefined();
  expect(await world.ledger.redis.exists(world.ledger.keys.record(batch))).toBe(0);
});

test('a purge that is cut short keeps its people from being retried, and is taken up again', async () => {
  const { world, batch } = await finished();
  // It looks at its signal for the lock, the rest, failed jobs and the round, then for the first rows.
  const cut = purge(world.producer({ signal: endingAt(5) }), batch, removal('batch'));
  await expect(cut).rejects.toThrow('killed');
  expect((await world.report(batch)).peopleRemovedAt).not.toBeNull();
  const retried = retry(world.producer(), batch, () => true);
  await expect(retried).rejects.toMatchObject({ code: 'E_BATCH_STATE' });
  await purge(world.producer(), batch, removal('batch'));
  expect(await batchIds(world.ledger)).toEqual([]);
});
