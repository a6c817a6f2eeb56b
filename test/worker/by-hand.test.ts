import { describe, expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { childId, parentId, sealId } from '../../src/queue/job-id.ts';
import { endingAt } from '../batch/killed-producer.ts';
import { shapeA } from '../portal/answers.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { emailIn } from './first-post.ts';
import { gate } from './gate.ts';
import { keep } from './keeping.ts';

// Changes of jobs by a person, another board or a script. None may lead to an early or second
// invite, or to an account that is created and forgotten.

const PEOPLE = 30;
/** The portal refuses this person, so that each batch has a failed job. */
const REFUSED = 'p0@example.com';

type Act = (stage: Stage, batch: string) => Promise<unknown>;

const child = (batch: string, row: number) => childId({ batch, round: 1, row });

const acts: [string, Act][] = [
  [
    'children are removed',
    async ({ queues }, batch) => {
      for (const row of [3, 17, 29]) await queues.createUser.remove(child(batch, row));
    },
  ],
  ['the waiting children are cleaned', ({ queues }) => queues.createUser.clean(0, 0, 'wait')],
  ['the children are drained', ({ queues }) => queues.createUser.drain(true)],
  [
    'the children are obliterated',
    ({ queues }) => queues.createUser.obliterate({ force: true, count: 100_000 }),
  ],
  [
    'the parent is removed with its children',
    ({ queues }, batch) => queues.invite.remove(parentId(batch, 1)),
  ],
  [
    'the parent is removed without its children',
    ({ queues }, batch) => queues.invite.remove(parentId(batch, 1), { removeChildren: false }),
  ],
  [
    'the unprocessed children of the parent are removed',
    async ({ queues }, batch) => {
      await (await queues.invite.getJob(parentId(batch, 1)))?.removeUnprocessedChildren();
    },
  ],
  ['the parents are obliterated', ({ queues }) => queues.invite.obliterate({ force: true })],
  ['the seal is removed', ({ queues }, batch) => queues.seal.remove(sealId(batch, 1))],
  ['the seals are obliterated', ({ queues }) => queues.seal.obliterate({ force: true })],
  [
    'everything delayed is promoted',
    ({ queues }) =>
      Promise.all([queues.createUser, queues.invite, queues.seal].map((q) => q.promoteJobs())),
  ],
  [
    'everything failed is retried',
    ({ queues }) =>
      Promise.all([queues.createUser, queues.invite, queues.seal].map((q) => q.retryJobs())),
  ],
];

/** Workers on a portal that refuses one person and lets the invite wait at a gate. */
async function openPortal(stage: Stage) {
  const { passed, open } = gate();
  const { portal, asked } = await faultyPortal(stage.sandbox, async (one) => {
    if (one.what === 'POST /people/invite') await passed;
    const isRefused = one.what === 'POST /people' && emailIn(one) === REFUSED;
    return isRefused ? { before: shapeA(400, 'bad name') } : undefined;
  });
  const invites = () => asked.filter((one) => one.what === 'POST /people/invite').length;
  await stage.startWorkers({ portal }, { concurrency: 3 });
  return { open, invites };
}

/** One accepted invite with exactly the accounts, after the last of them, and nobody posted twice. */
function expectOneInvite({ sandbox }: Stage): void {
  const { accounts, acceptedInvites, refusedInvites, postsByEmail } = sandbox.state();
  expect(accounts).toHaveLength(PEOPLE - 1);
  expect(acceptedInvites).toHaveLength(1);
  expect(refusedInvites).toEqual([]);
  const [invite] = acceptedInvites;
  expect(invite?.emails.toSorted()).toEqual(accounts.map((one) => one.email).toSorted());
  const lastAt = Math.max(...accounts.map((one) => one.registeredAt));
  expect(invite?.at).toBeGreaterThanOrEqual(lastAt);
  expect(new Set(Object.values(postsByEmail))).toEqual(new Set([1]));
}

const over = { created: PEOPLE - 1, failed: 1, pending: 0, invited: PEOPLE - 1, inviteRequests: 1 };

/** Nothing is left to do in any queue. */
async function untilQuiet({ queues }: Stage): Promise<void> {
  const states = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children'] as const;
  await waitFor(async () => {
    const all = [queues.createUser, queues.invite, queues.seal];
    const left = await Promise.all(all.map((queue) => queue.getJobCountByTypes(...states)));
    return left.every((count) => count === 0);
  });
}

describe('nothing that is done to the jobs by hand', () => {
  test.each(acts)('before a worker starts loses anybody: %s', async (_, act) => {
    const stage = await openStage();
    const batch = await stage.submit(people(PEOPLE));
    await act(stage, batch);
    await keep(stage);
    const { open } = await openPortal(stage);
    open();
    expect(await stage.untilFinished(batch)).toMatchObject(over);
    expectOneInvite(stage);
  });

  test.each(acts)('in the middle of the work loses anybody: %s', async (_, act) => {
    const stage = await openStage({ sandbox: { latencyMs: 10 } });
    const { open } = await openPortal(stage);
    await keep(stage);
    const batch = await stage.submit(people(PEOPLE));
    await waitFor(async () => (await stage.report(batch)).created >= 6);
    // BullMQ refuses to remove a job that a worker holds.
    await act(stage, batch).catch(() => undefined);
    open();
    expect(await stage.untilFinished(batch)).toMatchObject(over);
    expectOneInvite(stage);
  });

  test.each(acts)('while the invite is under way leads to another: %s', async (_, act) => {
    const stage = await openStage();
    const { open, invites } = await openPortal(stage);
    await keep(stage);
    const batch = await stage.submit(people(PEOPLE));
    await waitFor(() => invites() === 1);
    await act(stage, batch).catch(() => undefined);
    open();
    expect(await stage.untilFinished(batch)).toMatchObject(over);
    await untilQuiet(stage);
    expect(invites()).toBe(1);
    expectOneInvite(stage);
  });

  test.each<[string, Act]>([
    ['the failed job is retried', ({ queues }) => queues.createUser.retryJobs()],
    [
      'parent and seal are retried',
      ({ queues }) =>
        Promise.all([queues.invite, queues.seal].map((q) => q.retryJobs({ state: 'completed' }))),
    ],
    [
      'the parent is removed with its children',
      ({ queues }, batch) => queues.invite.remove(parentId(batch, 1)),
    ],
  ])('after the end begins it again: %s', async (_, act) => {
    const stage = await openStage();
    const { open, invites } = await openPortal(stage);
    await keep(stage);
    open();
    const batch = await stage.submit(people(PEOPLE));
    await stage.untilFinished(batch);
    await untilQuiet(stage);
    await act(stage, batch);
    await untilQuiet(stage);
    expect(await stage.report(batch)).toMatchObject(over);
    expect(invites()).toBe(1);
    expectOneInvite(stage);
  });

  test.each<[string, Act]>([
    [
      'the seal is promoted',
      async ({ queues }, batch) => (await queues.seal.getJob(sealId(batch, 1)))?.promote(),
    ],
    ['the seal is removed', ({ queues }, batch) => queues.seal.remove(sealId(batch, 1))],
    ['everything delayed is promoted', ({ queues }) => queues.seal.promoteJobs()],
    [
      'the parent is removed with its children',
      ({ queues }, batch) => queues.invite.remove(parentId(batch, 1)),
    ],
  ])('before the batch is sealed lets it invite: %s', async (_, act) => {
    const stage = await openStage();
    const { open } = await openPortal(stage);
    open();
    const submission = stage.submission(people(PEOPLE));
    // The third check is before the only slice of jobs.
    const dying = stage.producer({ signal: endingAt(3) });
    await expect(submit(dying, submission)).rejects.toThrow('killed');
    await act(stage, submission.id);
    const keeper = await keep(stage);
    expect(await stage.untilFinished(submission.id)).toMatchObject(over);
    expect(keeper.repaired()).toContain('unsealed');
    expectOneInvite(stage);
  });
});
