import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { openBatch } from '../../src/ledger/batch/batches.ts';
import { openFlow } from '../../src/queue/flow.ts';
import { parentId, sealId } from '../../src/queue/job-id.ts';
import { timings } from '../../src/timings.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { seal } from '../../src/worker/seal.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const round = { batch: 'b1', round: 1 };

test('only a seal that says so completes', async () => {
  const early = await seal({ timings }, { ...round, sealed: false, expected: 0 });
  expect(early).toEqual(snooze(60_000));
  const sealed = await seal({ timings }, { ...round, sealed: true, expected: 7 });
  expect(sealed).toEqual(done('expected 7'));
});

/** A stage with an open flow without children. */
async function openRound() {
  const stage = await openStage();
  const submission = stage.submission(people(2), { id: 'b1' });
  const { rows: _, ...about } = submission;
  await openBatch(stage.ledger, about);
  await openFlow(stage.queues, round);
  return { stage, submission };
}

async function sealIn(stage: Stage) {
  const job = await stage.queues.seal.getJob(sealId('b1', 1));
  if (job === undefined) throw new Error('no seal');
  return job;
}

test('a seal promoted early goes back, and the parent waits on', async () => {
  const { stage, submission } = await openRound();
  await stage.startWorkers();
  await (await sealIn(stage)).promote();
  await waitFor(async () => {
    const early = await sealIn(stage);
    return early.attemptsStarted > 0 && (await early.isDelayed());
  });
  const parent = await stage.queues.invite.getJob(parentId('b1', 1));
  expect(await parent?.getState()).toBe('waiting-children');
  await submit(stage.producer(), submission);
  const report = await stage.untilFinished('b1');
  expect(report).toMatchObject({ created: 2, invited: 2, inviteRequests: 1 });
});

test('a seal promoted by hand while no worker runs is still sealed', async () => {
  const { stage, submission } = await openRound();
  await (await sealIn(stage)).promote();
  await submit(stage.producer(), submission);
  await stage.startWorkers();
  expect(await stage.untilFinished('b1')).toMatchObject({ created: 2, invited: 2 });
});
