import { expect, test } from 'vitest';
import { wakeParent } from '../../src/queue/flow.ts';
import { parentId } from '../../src/queue/job-id.ts';
import { INVITE } from '../../src/queue/names.ts';
import { openStage } from '../support/stage.ts';
import { handWorker } from '../worker/hand-worker.ts';

const HOUR_MS = 3_600_000;

test('a release is seen by the job that reads the gate at the same time', async () => {
  const stage = await openStage();
  const { queues, timings } = stage;
  const round = { batch: 'b1', round: 1 };
  await queues.invite.add(INVITE, round, { jobId: parentId('b1', 1) });
  const worker = handWorker(stage, INVITE);
  const job = await worker.take();
  const waking = wakeParent(queues, round, timings);
  // The job has found the gate closed, and goes back for an hour.
  await job.moveToDelayed(Date.now() + HOUR_MS, worker.token);
  await waking;
  expect(await job.getState()).toBe('waiting');
});

test('a job that sends its invite is not waited for longer than the limit', async () => {
  const stage = await openStage();
  const round = { batch: 'b1', round: 1 };
  await stage.queues.invite.add(INVITE, round, { jobId: parentId('b1', 1) });
  const job = await handWorker(stage, INVITE).take();
  await wakeParent(stage.queues, round, { wakeMs: 20, wakePollMs: 5 });
  expect(await job.getState()).toBe('active');
});
