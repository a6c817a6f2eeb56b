import { UnrecoverableError } from 'bullmq';
import { expect, test } from 'vitest';
import { parentId } from '../../src/queue/job-id.ts';
import { CREATE_USER, INVITE } from '../../src/queue/names.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { emailIn } from './first-post.ts';
import { gate } from './gate.ts';
import { handWorker } from './hand-worker.ts';

test('the invite comes after the last account', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  const batch = await stage.submit(people(50));
  await stage.untilFinished(batch);
  const { accounts, acceptedInvites } = stage.sandbox.state();
  expect(accounts).toHaveLength(50);
  const lastAt = Math.max(...accounts.map((account) => account.registeredAt));
  expect(acceptedInvites[0]?.at).toBeGreaterThanOrEqual(lastAt);
});

test('every way that a child can end is in the report once, with its reason', async () => {
  const stage = await openStage({
    plan: (one) => {
      if (one.what !== 'POST /people') return undefined;
      if (emailIn(one) === 'p1@example.com') return { before: shapeA(400, 'bad name') };
      if (emailIn(one) === 'p2@example.com') {
        return { before: shapeA(400, 'Duplicate UserName', 'System.ArgumentException') };
      }
      return undefined;
    },
    works: true,
  });
  const batch = await stage.submit(people(4));
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ created: 2, failed: 2, invited: 2, inviteRequests: 1 });
  const rows = await stage.rows(batch);
  expect(rows.map(({ state, code, attempts }) => [state, code, attempts])).toEqual([
    ['created', '', 1],
    ['failed', 'bad-request', 1],
    ['failed', 'duplicate', 4],
    ['created', '', 1],
  ]);
  expect(rows[1]?.reason).toContain('bad name');
});

test('a child that the queue gave up (stall limit) fails with that reason', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  const hand = handWorker(stage);
  const stalled = await hand.take();
  const reason = 'job stalled more than allowable limit';
  await stalled.moveToFailed(new UnrecoverableError(reason), hand.token);
  await stage.startWorkers();
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ created: 2, failed: 1, invited: 2 });
  const [row] = (await stage.rows(batch)).filter((each) => each.state === 'failed');
  expect(row).toMatchObject({ code: 'job-failed', attempts: 1 });
  expect(row?.reason).toContain(reason);
});

test('children removed by hand are added again before the invite', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(4));
  for (const row of [1, 2]) await stage.queues.createUser.remove(`${batch}.1.${row}`);
  await stage.startWorkers();
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ created: 4, invited: 4, inviteRequests: 1 });
  expect(stage.sandbox.state().acceptedInvites).toHaveLength(1);
});

test('every child removed by hand, which lets the parent go, loses nobody', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  const jobs = await stage.queues.createUser.getJobs();
  for (const job of jobs) await job.remove();
  await stage.startWorkers();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 3, invited: 3 });
});

test.each(['a late child is added', 'a failed child is retried'])(
  '%s while the parent is active: one request, and the batch finishes',
  async (how) => {
    const { passed, open } = gate();
    const stage = await openStage({
      plan: async (one) => {
        if (one.what === 'POST /people' && emailIn(one) === 'p0@example.com') {
          return { before: shapeA(400, 'bad name') };
        }
        if (one.what === 'POST /people/invite') await passed;
        return undefined;
      },
      works: true,
    });
    const batch = await stage.submit(people(3));
    const invites = () => stage.asked.filter((one) => one.what === 'POST /people/invite').length;
    await waitFor(() => invites() === 1);
    const { createUser, invite } = stage.queues;
    if (how === 'a failed child is retried') {
      await (await createUser.getJob(`${batch}.1.0`))?.retry();
    } else {
      const parent = { id: parentId(batch, 1), queue: `${stage.queues.prefix}:${INVITE}` };
      const data = { batch, round: 1, row: 2 };
      await createUser.add(CREATE_USER, data, { jobId: 'late', parent, removeOnComplete: true });
    }
    open();
    expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, failed: 1, invited: 2 });
    await waitFor(
      async () => (await invite.getJobCountByTypes('active', 'waiting', 'delayed')) === 0,
    );
    expect(invites()).toBe(1);
  },
);

test('a parent that is started again after the end sends nothing', async () => {
  const stage = await openStage({ plan: () => undefined, works: true });
  const batch = await stage.submit(people(2));
  await stage.untilFinished(batch);
  const { invite } = stage.queues;
  await invite.add(INVITE, { batch, round: 1 }, { jobId: 'again' });
  await waitFor(async () => (await invite.getJobState('again')) === 'completed');
  expect(stage.asked.filter((one) => one.what === 'POST /people/invite')).toHaveLength(1);
});
