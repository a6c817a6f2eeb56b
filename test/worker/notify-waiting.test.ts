import { expect, test } from 'vitest';
import { announce } from '../../src/batch/announce.ts';
import { purge } from '../../src/batch/remove-batch.ts';
import { dump } from '../support/dump.ts';
import { people } from '../support/people.ts';
import { startReceiver } from '../support/receiver.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { restless } from '../support/timings.ts';
import { waitFor } from '../support/wait-for.ts';

const untold = ({ ledger }: Stage) => ledger.redis.scard(ledger.keys.unqueued);

/** Waits until no notification is queued. */
async function quiet(stage: Stage): Promise<void> {
  await waitFor(async () => {
    const counts = await stage.queues.notify.getJobCounts('waiting', 'active', 'delayed');
    const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return jobs + (await untold(stage)) === 0;
  });
}

test('notifications go with their batch, and one of a batch that is gone is not sent', async () => {
  const stage = await openStage({ timings: restless });
  const receiver = await startReceiver();
  await stage.startWorkers();
  const batch = await stage.submit(people(1), { notify: receiver.url });
  await stage.untilFinished(batch);
  await quiet(stage);
  const now = Date.now() + 120_000;
  expect(await purge(stage.producer(), batch, { what: 'batch', now })).toMatchObject({ rows: 1 });
  expect(await dump(stage, /:batch:/)).not.toContain(batch);
  await stage.ledger.redis.sadd(stage.ledger.keys.unqueued, `${batch}.1.finished.1`);
  await announce(stage);
  expect([await untold(stage), receiver.received.length]).toEqual([0, 1]);
});

test.each([
  [{ inviteHeld: true }, /waits for a person: the invite is held back .*onboard invite /],
  [{ limit: 1 }, /waits for a person: 2 people are held back;.*onboard continue /],
])('a batch that waits for a person with %j is notified once', async (options, text) => {
  const stage = await openStage();
  const receiver = await startReceiver();
  await stage.startWorkers();
  const batch = await stage.submit(people(3), { notify: receiver.url, ...options });
  await waitFor(() => receiver.received.length > 0);
  await announce(stage);
  await quiet(stage);
  expect(receiver.told()).toMatchObject([{ event: 'waiting', batchId: batch }]);
  expect(receiver.told()[0]?.text).toMatch(text);
  expect(receiver.received[0]?.body).not.toContain('@');
});

test('a batch that only waits for its time is not notified before', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  await stage.startWorkers();
  const inviteAt = Date.now() + 60_000;
  const batch = await stage.submit(people(1), { notify: receiver.url, inviteAt });
  await waitFor(async () => (await stage.report(batch)).gate !== null);
  await quiet(stage);
  expect(receiver.received).toEqual([]);
});
