import { expect, test } from 'vitest';
import { cancel } from '../../src/batch/cancel-rows.ts';
import { inviteNow } from '../../src/batch/invite-now.ts';
import { retry } from '../../src/batch/new-round.ts';
import { purge } from '../../src/batch/remove-batch.ts';
import { resume } from '../../src/batch/stop-queues.ts';
import { submit } from '../../src/batch/submit-batch.ts';
import { batchIds } from '../../src/ledger/batch/batches.ts';
import { keepLock, takeLock } from '../../src/ledger/batch/lock.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { timings } from '../../src/timings.ts';
import { shapeA } from '../portal/answers.ts';
import { dump } from '../support/dump.ts';
import { people, person } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { restless } from '../support/timings.ts';
import { waitFor } from '../support/wait-for.ts';
import { firstPost } from '../worker/first-post.ts';
import { endingAt } from './killed-producer.ts';

const refused = { before: shapeA(400, 'bad name', 'System.ArgumentException') };
const bad = {
  kind: 'rejected' as const,
  at: { file: 'people.csv', line: 99 },
  raw: { email: 'odd@example.com', firstName: '', lastName: 'Odd' },
  faults: [{ field: 'firstName', code: 'required', value: 'Oddity', reason: 'Empty.' }],
};

const admin = {
  kind: 'person' as const,
  at: { file: 'people.csv', line: 5 },
  person: {
    email: 'p3@example.com',
    firstName: 'Ana',
    lastName: 'Lee',
    type: 'RoomAdmin' as const,
  },
};

const removal = (what: 'batch' | 'people') => ({ what, now: Date.now() });
const failedJobs = ({ queues }: Stage) => queues.createUser.getFailedCount();

/**
 * A batch of 6 rows: 3 created, 1 failed, 1 duplicate, 1 rejected. It finished a minute ago, or
 * just now if `fresh`.
 */
async function finished(fresh?: 'fresh') {
  const plan = firstPost({ 'p1@example.com': refused });
  const stage = await openStage({ plan, works: true });
  const submission = stage.submission([...people(3), admin, person('P0@example.com', 7), bad]);
  await submit(stage.producer(), submission);
  const report = await stage.untilFinished(submission.id);
  expect(report).toMatchObject({ total: 6, created: 3, failed: 1, duplicates: 1, rejected: 1 });
  await untilParentOver(stage, submission.id);
  if (fresh === undefined) await age(stage, submission.id);
  return { stage, batch: submission.id, submission };
}

const age = ({ ledger }: Stage, batch: string) =>
  ledger.redis.hincrby(ledger.keys.record(batch), 'finishedAt', -60_000);

const untilParentOver = ({ queues }: Stage, batch: string) =>
  waitFor(async () => (await queues.invite.getJobState(`${batch}.1`)) === 'completed');

test('a purged batch leaves no key behind, in the ledger or in the queues', async () => {
  const { stage, batch } = await finished();
  expect(await failedJobs(stage)).toBe(1);
  expect(await purge(stage.producer(), batch, removal('batch'))).toEqual({
    batchId: batch,
    what: 'batch',
    rows: 6,
    jobs: 1,
  });
  const left = await stage.redis.keys(`${stage.prefix}:*`);
  expect(left.filter((key) => key.includes(batch) || key.includes(':claims:'))).toEqual([]);
  expect([await failedJobs(stage), await batchIds(stage.ledger)]).toEqual([0, []]);
});

test('the same list right after its purge is a new batch that invites nobody twice', async () => {
  const { stage, batch, submission } = await finished('fresh');
  await purge(stage.producer(), batch, removal('batch'));
  expect((await submit(stage.producer(), submission)).already).toBe(false);
  expect(await stage.untilFinished(batch)).toMatchObject({ existing: 3, created: 1, invited: 1 });
});

test('without its people a batch keeps its numbers, and nothing else of them', async () => {
  const { stage, batch } = await finished();
  const before = await stage.report(batch);
  expect(before.peopleRemovedAt).toBeNull();
  const removed = await purge(stage.producer(), batch, removal('people'));
  expect(removed).toMatchObject({ what: 'people', rows: 6, jobs: 1 });
  const { peopleRemovedAt, ...after } = await stage.report(batch);
  expect({ ...after, peopleRemovedAt: null }).toEqual(before);
  expect(Date.now() - Date.parse(peopleRemovedAt ?? '')).toBeLessThan(60_000);
  const rows = await stage.rows(batch);
  expect(rows.map(({ state }) => state)).toEqual([
    'created',
    'failed',
    'created',
    'created',
    'duplicate',
    'rejected',
  ]);
  expect(rows[1]).toMatchObject({ file: '', line: 3, code: 'bad-request', attempts: 1 });
  expect(rows.map(({ email, name, reason, portalId }) => email + name + reason + portalId)).toEqual(
    rows.map(() => ''),
  );
  const kept = await dump(stage, /./);
  expect(kept).toContain(`:batch:${batch}:rows:0`);
  expect(kept).not.toMatch(/example\.com|Ana|Lee|Odd|:claims:|:emails:/);
});

test('nobody of a batch without its people is retried; they may be in a new one', async () => {
  const { stage, batch } = await finished('fresh');
  await purge(stage.producer(), batch, removal('people'));
  await expect(retry(stage.producer(), batch)).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
  });
  expect((await stage.report(batch)).state).toBe('finished');
  const again = await stage.submit(people(4));
  expect(await stage.untilFinished(again)).toMatchObject({ accepted: 4, existing: 3, created: 1 });
  expect(await purge(stage.producer(), batch, removal('people'))).toMatchObject({ rows: 6 });
  expect(await purge(stage.producer(), batch, removal('batch'))).toMatchObject({ rows: 6 });
});

test('those who were cancelled without an invite cannot be invited once they are gone', async () => {
  const stage = await openStage({ timings: restless });
  await stage.startWorkers();
  const batch = await stage.submit(people(3), { inviteHeld: true });
  await waitFor(async () => (await stage.report(batch)).gate !== null);
  await cancel(stage.producer(), batch, { invite: false });
  await waitFor(async () => (await stage.report(batch)).state === 'cancelled');
  await purge(stage.producer(), batch, removal('people'));
  await expect(inviteNow(stage.producer(), batch)).rejects.toMatchObject({ code: 'E_BATCH_STATE' });
  expect(stage.sandbox.state().acceptedInvites).toEqual([]);
});

test('a batch with work left is refused and loses nothing', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  for (const what of ['batch', 'people'] as const) {
    await expect(purge(stage.producer(), batch, removal(what))).rejects.toMatchObject({
      code: 'E_BATCH_STATE',
      message: expect.stringContaining(`onboard cancel ${batch}`),
    });
  }
  await stage.startWorkers();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 3, invited: 3 });
});

test('while jobs of a cancelled batch are skipped, only its people can be removed', async () => {
  const stage = await openStage({ timings: restless });
  const batch = await stage.submit(people(1500));
  const other = await stage.submit(people(2, 5000));
  const workers = await stage.startWorkers({}, { requestsPerMinute: 600, concurrency: 2 });
  await waitFor(async () => (await stage.report(batch)).created > 3);
  await cancel(stage.producer(), batch, { invite: true });
  await waitFor(async () => (await stage.report(batch)).state === 'cancelled');
  await expect(purge(stage.producer(), batch, removal('batch'))).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
    message: expect.stringContaining('still in the queue'),
  });
  expect(await purge(stage.producer(), batch, removal('people'))).toMatchObject({ rows: 1500 });
  await workers.close();
  await stage.startWorkers();
  expect(await stage.untilFinished(other)).toMatchObject({ created: 2, invited: 2 });
  await untilParentOver(stage, batch);
  expect(await purge(stage.producer(), batch, removal('batch'))).toMatchObject({ rows: 1500 });
  expect((await stage.queues.invite.getFailedCount()) + (await failedJobs(stage))).toBe(0);
});

test('an intake that was given up goes, one whose producer lives stays', async () => {
  const stage = await openStage();
  const submission = stage.submission(people(1500));
  await expect(submit(stage.producer({ signal: endingAt(2) }), submission)).rejects.toThrow();
  await takeLock(stage.ledger, submission.id, { token: 'its producer', timings });
  const alive = setInterval(
    () => keepLock(stage.ledger, submission.id, { token: 'its producer', timings }),
    1000,
  );
  onRelease(() => clearInterval(alive));
  const stop = new AbortController();
  const waiting = purge(stage.producer({ signal: stop.signal }), submission.id, removal('batch'));
  stop.abort(new Error('waited'));
  await expect(waiting).rejects.toThrow('waited');
  clearInterval(alive);
  await stage.ledger.redis.del(stage.ledger.keys.lock(submission.id));
  await purge(stage.producer(), submission.id, removal('batch'));
  expect(await batchIds(stage.ledger)).toEqual([]);
});

test('two purges and a retry at once: one after the other, and nobody is invited twice', async () => {
  const { stage, batch } = await finished();
  const [retried, ...purged] = await Promise.allSettled([
    retry(stage.producer(), batch),
    purge(stage.producer(), batch, removal('batch')),
    purge(stage.producer(), batch, removal('batch')),
  ]);
  const wasRetried = retried?.status === 'fulfilled';
  for (const end of [retried, ...purged]) {
    if (end?.status === 'rejected') expect(end.reason.code).toMatch(/^E_BATCH_(STATE|UNKNOWN)$/);
  }
  if (purged.every(({ status }) => status === 'rejected')) await stage.untilFinished(batch);
  else expect(await stage.redis.keys(`${stage.prefix}:*${batch}*`)).toEqual([]);
  const invited = stage.sandbox.state().acceptedInvites.flatMap(({ emails }) => emails);
  const expected = ['p0', 'p2', 'p3', ...(wasRetried ? ['p1'] : [])].sort();
  expect(invited.sort()).toEqual(expected.map((name) => `${name}@example.com`));
});

test('the rest before a purge counts from the end of the last round', async () => {
  const { stage, batch } = await finished();
  await retry(stage.producer(), batch);
  await stage.untilFinished(batch);
  const end = Date.now();
  await waitFor(async () => (await stage.queues.invite.getJobState(`${batch}.2`)) === 'completed');
  await purge(stage.producer(), batch, removal('batch'));
  expect(Date.now() - end).toBeGreaterThan(2500);
});

test('a hold about a batch that is purged can be lifted', async () => {
  const { stage, batch } = await finished();
  await purge(stage.producer(), batch, removal('batch'));
  const about = { code: 'too-many-failures', reason: 'r', remedy: 'm' } as const;
  const hold = { ...about, since: 1, batch };
  await setHold(stage.ledger, hold);
  expect((await resume(stage)).hold).toEqual(hold);
  expect((await resume(stage)).hold).toBeUndefined();
  expect(await stage.ledger.redis.exists(stage.ledger.keys.record(batch))).toBe(0);
});

test('a purge that is cut short keeps its people from being retried, and is taken up again', async () => {
  const { stage, batch } = await finished();
  // Checks of the signal: lock, rest, failed jobs, round, then the first rows.
  const cut = purge(stage.producer({ signal: endingAt(5) }), batch, removal('batch'));
  await expect(cut).rejects.toThrow('killed');
  expect((await stage.report(batch)).peopleRemovedAt).not.toBeNull();
  const retried = retry(stage.producer(), batch);
  await expect(retried).rejects.toMatchObject({ code: 'E_BATCH_STATE' });
  await purge(stage.producer(), batch, removal('batch'));
  expect(await batchIds(stage.ledger)).toEqual([]);
});
