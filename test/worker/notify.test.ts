import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { announce } from '../../src/batch/announce.ts';
import { cancel } from '../../src/batch/cancel-rows.ts';
import { retry } from '../../src/batch/new-round.ts';
import { pause, resume } from '../../src/batch/stop-queues.ts';
import { finish } from '../../src/ledger/batch/batches.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { shapeA } from '../portal/answers.ts';
import { silent } from '../support/batches.ts';
import { dump } from '../support/dump.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { HOOK_PATH, type Receiver, startReceiver } from '../support/receiver.ts';
import { onRelease } from '../support/resources.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { keep } from './keeping.ts';

const by = { by: 'test', now: Date.now() };
const untold = ({ ledger }: Stage) => ledger.redis.scard(ledger.keys.unqueued);
const toldOf = (receiver: Receiver) => receiver.told().map(({ event }) => event);

/** Waits until no notification is queued. */
async function quiet(stage: Stage): Promise<void> {
  await waitFor(async () => {
    const counts = await stage.queues.notify.getJobCounts('waiting', 'active', 'delayed');
    const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return jobs + (await untold(stage)) === 0;
  });
}

test('the end of a batch is notified once, in numbers, and no job holds the address', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  await stage.startWorkers();
  const batch = await stage.submit(people(3), { notify: receiver.url });
  const report = await stage.untilFinished(batch);
  await waitFor(() => receiver.received.length > 0);
  await quiet(stage);
  expect(receiver.told()).toEqual([
    {
      event: 'finished',
      batchId: batch,
      text: `Batch ${batch} is finished. 3 people: 3 created, 0 existing, 0 failed; 3 invited.`,
      report: { ...report, hold: null },
      at: report.finishedAt,
    },
  ]);
  const jobs = await dump(stage, /:(create-user|invite|seal|notify):/);
  expect(jobs).toContain(`${batch}.1.finished.`);
  expect(jobs).not.toContain(HOOK_PATH);
  expect(receiver.received[0]?.body).not.toContain('@');
});

test('a batch without an address tells nobody', async () => {
  const stage = await openStage();
  await stage.startWorkers();
  await stage.untilFinished(await stage.submit(people(1)));
  await pause(stage, by);
  await announce(stage);
  expect(await stage.queues.notify.getJobCounts()).toMatchObject({ waiting: 0, completed: 0 });
  expect(await untold(stage)).toBe(0);
});

test('a receiver that fails keeps no batch waiting, and gets the same again until it takes it', async () => {
  const stage = await openStage();
  const receiver = await startReceiver({ status: 500 });
  await stage.startWorkers();
  const batch = await stage.submit(people(2), { notify: receiver.url });
  await stage.untilFinished(batch);
  await waitFor(() => receiver.received.length >= 3);
  receiver.reply = 'never';
  const before = receiver.received.length;
  await waitFor(() => receiver.received.length > before + 1);
  receiver.reply = { status: 204 };
  await quiet(stage);
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  expect(await stage.report(batch)).toMatchObject({ state: 'finished', created: 2 });
});

test('a receiver that refuses is not asked again', async () => {
  const stage = await openStage();
  const receiver = await startReceiver({ status: 404 });
  await stage.startWorkers();
  await stage.untilFinished(await stage.submit(people(1), { notify: receiver.url }));
  await waitFor(() => stage.queues.notify.getFailedCount());
  const [job] = await stage.queues.notify.getFailed();
  expect([job?.failedReason, job?.attemptsMade]).toEqual(['http-404', 1]);
  expect(receiver.received).toHaveLength(1);
});

test('a notification that a dead worker left unqueued is queued by a keeper', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  const batch = await stage.submit(people(1), { notify: receiver.url });
  await settleRow(stage.ledger, { batch, round: 1, row: 0 }, { state: 'created', outcome: {} });
  // Ends a batch in the ledger, as a worker does that dies before the next step.
  expect(await finish(stage.ledger, batch)).toBe(true);
  expect(await stage.queues.notify.count()).toBe(0);
  await stage.startWorkers();
  await keep(stage);
  await waitFor(() => receiver.received.length > 0);
  await quiet(stage);
  expect(toldOf(receiver)).toEqual(['finished']);
});

test('a notification that the queue refuses stays to be sent, and fails nobody else', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  const gone = new Redis(stage.url);
  gone.on('error', () => undefined);
  const queues = openQueues({ redis: gone, prefix: stage.prefix, logger: silent });
  onRelease(() => queues.close());
  gone.disconnect();
  const { ledger } = stage;
  const batch = await stage.submit(people(1), { notify: receiver.url });
  await pause({ ledger, queues: { ...stage.queues, notify: queues.notify } }, by);
  expect([await untold(stage), await stage.queues.notify.count()]).toEqual([1, 0]);
  await expect(announce({ ledger, queues })).rejects.toThrow();
  expect(await untold(stage)).toBe(1);
  await announce(stage);
  expect([await untold(stage), await stage.queues.notify.count()]).toEqual([0, 1]);
  expect(await stage.report(batch)).toMatchObject({ hold: 'paused' });
});

test('a worker that dies after it has queued a notification, before it notes that, sends nothing twice', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  await stage.startWorkers();
  await stage.untilFinished(await stage.submit(people(1), { notify: receiver.url }));
  await waitFor(() => stage.queues.notify.getCompletedCount());
  const [job] = await stage.queues.notify.getCompleted();
  await stage.ledger.redis.sadd(stage.ledger.keys.unqueued, String(job?.id));
  await announce(stage);
  await quiet(stage);
  expect(receiver.received).toHaveLength(1);
});

test('every unfinished batch tells of a hold once, one submitted under it too, and of the next', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  const { portal } = await faultyPortal(stage.sandbox, () => ({
    before: shapeA(401, 'no <!channel>'),
  }));
  const first = await stage.submit(people(1), { notify: receiver.url });
  await stage.submit(people(1, 10));
  await stage.startWorkers({ portal });
  await waitFor(() => receiver.received.length === 1);
  const second = await stage.submit(people(1, 20), { notify: receiver.url });
  await keep(stage);
  await waitFor(() => receiver.received.length === 2);
  await quiet(stage);
  expect(receiver.told()).toMatchObject([
    { event: 'held', batchId: first, hold: { code: 'key-rejected' }, report: { pending: 1 } },
    { event: 'held', batchId: second, hold: { code: 'key-rejected' } },
  ]);
  expect(receiver.told()[0]?.text).toMatch(/is held \(key-rejected\): .* What to do: .* 1 pending/);
  expect(receiver.told()[0]?.text).not.toContain('<');
  await resume(stage);
  await waitFor(() => receiver.received.length === 4);
});

test('a hold that is lifted before its notification is sent is not notified', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  await stage.submit(people(1), { notify: receiver.url });
  await pause(stage, by);
  expect(await stage.queues.notify.count()).toBe(1);
  await resume(stage);
  await stage.startWorkers();
  await waitFor(() => toldOf(receiver).includes('finished'));
  await quiet(stage);
  expect(toldOf(receiver)).toEqual(['finished']);
});

test('a cancelled batch is notified, also when it never had a job', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  const change = { notify: receiver.url, limit: 1 };
  const batch = await stage.submit(people(3), change);
  await stage.startWorkers();
  await waitFor(async () => (await stage.report(batch)).state === 'waiting');
  await waitFor(() => receiver.received.length > 0);
  await cancel(stage.producer(), batch, { invite: true });
  await waitFor(() => receiver.received.length > 1);
  await quiet(stage);
  expect(receiver.told()).toMatchObject([
    { event: 'waiting', batchId: batch, report: { state: 'waiting', pending: 2 } },
    { event: 'cancelled', batchId: batch, report: { state: 'cancelled', cancelled: 2 } },
  ]);
});

test('the end of each round is notified', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  let isBad = true;
  const { portal } = await faultyPortal(stage.sandbox, ({ what }) =>
    isBad && what === 'POST /people' ? { before: shapeA(400, 'bad name') } : undefined,
  );
  await stage.startWorkers({ portal });
  const batch = await stage.submit(people(2), { notify: receiver.url });
  await waitFor(() => receiver.received.length === 1);
  isBad = false;
  await retry(stage.producer(), batch);
  await waitFor(() => receiver.received.length === 2);
  expect(receiver.told()).toMatchObject([
    { event: 'finished', report: { round: 1, failed: 2 } },
    { event: 'finished', report: { round: 2, created: 2 } },
  ]);
});
