import { expect, test } from 'vitest';
import { followBatch } from '../../src/commands/follow/follow.ts';
import { isSettled } from '../../src/ledger/batch/batch-state.ts';
import { finish } from '../../src/ledger/batch/batches.ts';
import type { Report } from '../../src/ledger/batch/numbers.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const never = new AbortController().signal;
const isEnough = (report: Report) => isSettled(report) || report.hold !== null;

function follow(stage: Stage, batch: string, signal = never) {
  const seen: string[] = [];
  const live = { show: ({ report }: { report: Report }) => seen.push(report.state) };
  const following = {
    batch,
    live: { ...live, end: () => undefined },
    signal,
    timings: stage.timings,
  };
  return { seen, end: followBatch(stage, following, isEnough) };
}

test('following ends when the batch is over', async () => {
  const stage = await openStage();
  const batch = await stage.submit([]);
  await finish(stage.ledger, batch);
  const { seen, end } = follow(stage, batch);
  expect((await end).report).toMatchObject({ batchId: batch, state: 'finished' });
  expect(seen).toEqual(['finished']);
});

test('following ends when a hold stops the batch', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  await setHold(stage.ledger, { code: 'quota-exceeded', reason: 'r', remedy: 'm', since: 1 });
  const { report } = await follow(stage, batch).end;
  expect(report).toMatchObject({ state: 'processing', hold: 'quota-exceeded', pending: 2 });
});

test('a signal ends the following with the batch as it stands', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  const { report } = await follow(stage, batch, AbortSignal.abort()).end;
  expect(report).toMatchObject({ state: 'processing', pending: 2 });
});

test('a batch that is not open yet is waited for until the signal', async () => {
  const stage = await openStage();
  const stop = new AbortController();
  const { end } = follow(stage, 'nosuch', stop.signal);
  stop.abort(new Error('enough'));
  await expect(end).rejects.toThrow('enough');
});
