import { expect, test } from 'vitest';
import { cancel } from '../../src/batch/cancel-rows.ts';
import { inviteNow } from '../../src/batch/invite-now.ts';
import { submit } from '../../src/batch/submit-batch.ts';
import { claimInvite } from '../../src/ledger/batch/lock.ts';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { halfFailed, invitees } from './half-failed.ts';
import { endingAt } from './killed-producer.ts';

test('cancel: rows not begun are cancelled at once, those created are invited', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(40));
  const workers = await stage.startWorkers({}, { requestsPerMinute: 600, concurrency: 2 });
  await waitFor(async () => (await stage.report(batch)).created > 3);
  const cancelled = await cancel(stage.producer(), batch, { invite: true });
  const report = await stage.until(batch, 'cancelled');
  expect(report).toMatchObject({ pending: 0, failed: 0 });
  // A job that a worker took but did not begin leaves its row to be cancelled later.
  expect(report.cancelled).toBeGreaterThanOrEqual(cancelled);
  expect(report.created + report.cancelled).toBe(40);
  expect(report.invited).toBe(report.created);
  expect(Object.keys(stage.sandbox.state().postsByEmail)).toHaveLength(report.created);
  await workers.close();
});

test('cancel: the end does not wait for the jobs of those who were cancelled', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(1500));
  await stage.startWorkers({}, { requestsPerMinute: 600, concurrency: 2 });
  await waitFor(async () => (await stage.report(batch)).created > 3);
  await cancel(stage.producer(), batch, { invite: true });
  const report = await stage.until(batch, 'cancelled');
  expect(report).toMatchObject({ pending: 0, invited: report.created, inviteRequests: 1 });
  expect((await stage.queues.createUser.getWaitingCount()) > 1000).toBe(true);
});

test('cancel: a batch whose producer died is over at once, and its people are free', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const submission = stage.submission(people(1500));
  await expect(submit(stage.producer({ signal: endingAt(3) }), submission)).rejects.toThrow();
  await cancel(stage.producer(), submission.id, { invite: true });
  const { cancelled, created } = await stage.until(submission.id, 'cancelled');
  expect(cancelled + created).toBe((await stage.report(submission.id)).accepted);
  const again = await stage.submit(people(3));
  expect(await stage.untilFinished(again)).toMatchObject({ accepted: 3, rejected: 0 });
});

test('cancel: a batch with nothing to send is over at once, also while the portal is not asked', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(5));
  expect(await cancel(stage.producer(), batch, { invite: true })).toBe(5);
  expect(await stage.report(batch)).toMatchObject({ state: 'cancelled', cancelled: 5, pending: 0 });
});

test('cancel without an invite ends at once at the gate, also without a worker', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2), { inviteHeld: true });
  const workers = await stage.startWorkers();
  await waitFor(async () => (await stage.report(batch)).gate !== null);
  await workers.close();
  await cancel(stage.producer(), batch, { invite: false });
  expect(await stage.report(batch)).toMatchObject({ state: 'cancelled', created: 2, invited: 0 });
});

test('cancel: people in doubt and an invite under way are waited for', async () => {
  const stage = await openStage();
  const [doubtful, inviting] = [await stage.submit(people(2)), await stage.submit(people(2, 9))];
  const row = { batch: doubtful, round: 1, row: 0 };
  await noteRow(stage.ledger, row, { doubt: { kind: 'posting' } });
  await cancel(stage.producer(), doubtful, { invite: true });
  expect(await stage.report(doubtful)).toMatchObject({ state: 'processing', pending: 1 });
  await claimInvite(stage.ledger, inviting, { job: 'another', forMs: 60_000 });
  await cancel(stage.producer(), inviting, { invite: true });
  expect((await stage.report(inviting)).state).toBe('processing');
});

test('cancel without an invite, also at the gate; those created may be invited late', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(5), { inviteHeld: true });
  await stage.startWorkers();
  await waitFor(async () => (await stage.report(batch)).gate !== null);
  await cancel(stage.producer(), batch, { invite: false });
  expect(await stage.until(batch, 'cancelled')).toMatchObject({ created: 5, invited: 0 });
  expect(invitees(stage)).toEqual([]);
  expect(await inviteNow(stage.producer(), batch)).toBe('sent-next');
  expect(await stage.untilFinished(batch)).toMatchObject({ invited: 5, inviteRequests: 1 });
});

test('cancel: what is over is not cancelled', async () => {
  const { stage, batch } = await halfFailed();
  await expect(cancel(stage.producer(), batch, { invite: true })).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
  });
});
