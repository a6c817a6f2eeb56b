import { expect, test } from 'vitest';
import { inviteNow } from '../../src/batch/invite-now.ts';
import { continueBatch, retry } from '../../src/batch/new-round.ts';
import { submit } from '../../src/batch/submit-batch.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { firstPost } from '../worker/first-post.ts';
import { halfFailed, invitees, refused } from './half-failed.ts';

test('retry: failed people are a new round, and only they are invited by it', async () => {
  const { stage, batch } = await halfFailed();
  expect(await retry(stage.producer(), batch)).toBe(2);
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ round: 2, created: 4, failed: 0, invited: 4, inviteRequests: 2 });
  expect(invitees(stage)).toEqual([
    ['p0@example.com', 'p3@example.com'],
    ['p1@example.com', 'p2@example.com'],
  ]);
});

test('retry: only the rows that are picked are opened, the others keep their reason', async () => {
  const { stage, batch } = await halfFailed();
  const picked = await retry(stage.producer(), batch, { emails: ['p2@example.com'] });
  expect(picked).toBe(1);
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 3, failed: 1, invited: 3 });
  expect(await retry(stage.producer(), batch, { reasons: ['no-such-code'] })).toBe(0);
  const rows = await stage.rows(batch);
  expect(rows[1]).toMatchObject({ state: 'failed', code: 'bad-request' });
});

test('retry: an unfinished batch is not retried', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  await expect(retry(stage.producer(), batch)).rejects.toMatchObject({
    code: 'E_BATCH_STATE',
  });
});

test('retry: two at once make one round', async () => {
  const { stage, batch } = await halfFailed();
  const both = await Promise.allSettled([
    retry(stage.producer(), batch),
    retry(stage.producer(), batch),
  ]);
  const opened = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(opened.reduce((sum, rows) => sum + rows, 0)).toBe(2);
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ created: 4, failed: 0, invited: 4 });
  expect(invitees(stage).flat().sort()).toEqual([0, 1, 2, 3].map((n) => `p${n}@example.com`));
});

test('a person whom another unfinished batch has by now is not retried', async () => {
  const { stage, batch } = await halfFailed();
  await stage.queues.createUser.pause();
  const other = await stage.submit(people(1, 1));
  expect(await retry(stage.producer(), batch)).toBe(1);
  await stage.queues.createUser.resume();
  expect(await stage.untilFinished(other)).toMatchObject({ created: 1, invited: 1 });
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 3, failed: 1, invited: 3 });
});

test('a row keeps what became of it in earlier rounds', async () => {
  const { stage, batch } = await halfFailed();
  await retry(stage.producer(), batch);
  await stage.untilFinished(batch);
  const { redis, keys } = stage.ledger;
  const outcome = JSON.parse((await redis.hget(`${keys.outcomes(batch)}0`, '1')) ?? '{}');
  const { portalId, attempts, history } = outcome;
  expect([typeof portalId, attempts]).toEqual(['string', 1]);
  expect(history).toMatchObject([{ state: 'failed', round: 1, code: 'bad-request', attempts: 1 }]);
});

test('a canary: the first people are a round of their own, the others wait for a person', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const batch = await stage.submit(people(30), { limit: 4 });
  const first = await stage.until(batch, 'waiting');
  expect(first).toMatchObject({ accepted: 30, pending: 26, created: 4, invited: 4 });
  const second = await stage.submit(people(30), { inviteType: 'User' });
  expect(await stage.report(second)).toMatchObject({ rejected: 30 });
  expect(await continueBatch(stage.producer(), batch)).toBe(26);
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ round: 2, created: 30, invited: 30, inviteRequests: 2 });
  expect(invitees(stage).map((emails) => emails.length)).toEqual([4, 26]);
});

test('a gate holds the invite back until a person releases it', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const batch = await stage.submit(people(3), { inviteHeld: true });
  const held = await waitFor(async () => {
    const report = await stage.report(batch);
    return report.gate === null ? undefined : report;
  });
  expect(held).toMatchObject({ state: 'inviting', gate: { code: 'invite-held' }, invited: 0 });
  expect(await inviteNow(stage.producer(), batch)).toBe('sent-next');
  expect(await stage.untilFinished(batch)).toMatchObject({ invited: 3, gate: null });
  expect(await inviteNow(stage.producer(), batch)).toBe('nobody-left');
});

test('retry: failed people join those whose invite is held back, and all are in one', async () => {
  const plan = firstPost({ 'p1@example.com': refused, 'p2@example.com': refused });
  const stage = await openStage({ plan, works: true });
  const batch = await stage.submit(people(4), { inviteHeld: true });
  const atGate = (round: number) =>
    waitFor(async () => {
      const report = await stage.report(batch);
      return report.gate !== null && report.round === round;
    });
  await atGate(1);
  expect(await retry(stage.producer(), batch)).toBe(2);
  await atGate(2);
  expect(await stage.report(batch)).toMatchObject({ created: 4, failed: 0, invited: 0 });
  expect(await inviteNow(stage.producer(), batch)).toBe('sent-next');
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ round: 2, created: 4, invited: 4, inviteRequests: 1 });
  const everyone = [0, 1, 2, 3].map((n) => `p${n}@example.com`);
  expect(invitees(stage)).toEqual([everyone]);
  // The first round's parent is over, too.
  await waitFor(async () => (await stage.queues.invite.getJobState(`${batch}.1`)) === 'completed');
});

test('no round begins while the invite of the one before is on its way', async () => {
  const { stage, batch } = await halfFailed();
  const { redis, keys } = stage.ledger;
  await redis.hset(keys.record(batch), { state: 'inviting', inviteHeld: 1 });
  for (const onTheWay of [keys.inviter(batch), undefined]) {
    if (onTheWay !== undefined) await redis.set(onTheWay, 'job');
    else await redis.hset(keys.record(batch), 'sending', '{}');
    await expect(retry(stage.producer(), batch)).rejects.toMatchObject({
      code: 'E_BATCH_STATE',
    });
    if (onTheWay !== undefined) await redis.del(onTheWay);
  }
  await redis.hdel(keys.record(batch), 'sending');
  expect(await retry(stage.producer(), batch)).toBe(2);
});

test('a gate opens by itself at its time', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const inviteAt = Date.now() + 2500;
  const batch = await stage.submit(people(3), { inviteAt });
  await waitFor(async () => (await stage.report(batch)).gate?.code === 'invite-at');
  await stage.untilFinished(batch);
  expect(stage.sandbox.state().acceptedInvites[0]?.at).toBeGreaterThanOrEqual(inviteAt);
});

test('too few accounts hold the invite back, and a retry that helps releases it', async () => {
  const plan = firstPost({ 'p1@example.com': refused, 'p2@example.com': refused });
  const stage = await openStage({ plan, works: true });
  const batch = await stage.submit(people(4), { minCreatedPercent: 75 });
  await waitFor(async () => (await stage.report(batch)).gate?.code === 'too-few-created');
  expect(await inviteNow(stage.producer(), batch)).toBe('sent-next');
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, invited: 2 });
});

test('a submission again does not open what is over', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const submission = stage.submission(people(6), { limit: 2 });
  await submit(stage.producer(), submission);
  await stage.until(submission.id, 'waiting');
  expect(await submit(stage.producer(), submission)).toMatchObject({ already: true });
  expect((await stage.report(submission.id)).state).toBe('waiting');
});
