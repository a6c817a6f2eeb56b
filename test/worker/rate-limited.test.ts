import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { gate } from './gate.ts';

const AT_ONCE = 10;
/** Requested waits of the ten answers, s; the longest is neither the first nor the last. */
const WISHES = [1, 2, 1, 1, 3, 1, 2, 1, 1, 1];
const LONGEST_MS = Math.max(...WISHES) * 1000;

test('of ten 429s at once the longest requested wait stops everything, and none is an attempt', async () => {
  const stage = await openStage();
  const { passed, open } = gate();
  let onRejected = 0;
  const posts: number[] = [];
  const { portal } = await faultyPortal(stage.sandbox, async ({ what }) => {
    if (what !== 'POST /people') return undefined;
    posts.push(Date.now());
    if (onRejected === AT_ONCE) return undefined;
    const wish = String(WISHES[onRejected]);
    onRejected += 1;
    if (onRejected === AT_ONCE) open();
    await passed;
    return { before: { status: 429, headers: { 'retry-after': wish }, body: '' } };
  });
  await stage.startWorkers({ portal }, { concurrency: AT_ONCE });
  const submission = stage.submission(people(40));
  await submit(stage.producer({ attempts: 1 }), submission);
  await waitFor(() => onRejected === AT_ONCE);
  const limitedAt = Date.now();
  const { createUser, invite } = stage.queues;
  await waitFor(async () => (await createUser.getRateLimitTtl()) > LONGEST_MS / 2);
  // A batch without people needs the invite queue only: it must wait as well.
  const empty = await stage.submit([]);

  const { finishedAt } = await stage.untilFinished(empty);
  expect(Date.parse(finishedAt ?? '') - limitedAt).toBeGreaterThanOrEqual(LONGEST_MS - 100);
  const report = await stage.untilFinished(submission.id);
  expect(report).toMatchObject({ created: 40, failed: 0, invited: 40, inviteRequests: 1 });
  const before = posts.filter((at) => at <= limitedAt);
  const after = posts.filter((at) => at > limitedAt);
  expect(before).toHaveLength(AT_ONCE);
  expect(Math.min(...after) - limitedAt).toBeGreaterThanOrEqual(LONGEST_MS - 100);
  expect(after).toHaveLength(40);
  const attempts = (await stage.rows(submission.id)).map((row) => row.attempts);
  expect(new Set(attempts)).toEqual(new Set([1]));
  expect(await invite.getFailedCount()).toBe(0);
});
