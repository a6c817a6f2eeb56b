import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { announce } from '../../src/batch/announce.ts';
import { cancel } from '../../src/batch/cancel.ts';
import { purge } from '../../src/batch/purge.ts';
import { retry } from '../../src/batch/redrive.ts';
import { pause, resume } from '../../src/batch/resume.ts';
import { finish } from '../../src/ledger/batches.ts';
import { settleRow } from '../../src/ledger/rows.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { shapeA } from '../portal/answers.ts';
import { people } from '../support/people.ts';
import { HOOK_PATH, type Receiver, startReceiver } from '../support/receiver.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, silent, type World } from '../support/world.ts';
import { dump } from './dump.ts';
import { faultyPortal } from './faulty-portal.ts';
import { keep } from './keeping.ts';

const by = { by: 'test', now: Date.now() };
const untold = ({ ledger }: World) => ledger.redis.scard(ledger.keys.untold);
const toldOf = (receiver: Receiver) => receiver.told().map(({ event }) => event);

/** Waits until nothing is on its way to any receiver. */
async function quiet(world: World): Promise<void> {
  await waitFor(async () => {
    const counts = await world.queues.notify.getJobCounts('waiting', 'active', 'delayed');
    const jobs = Object.values(counts).reduce((sum, count) => sum + count, 0);
    return jobs + (await untold(world)) === 0;
  });
}

test('the end of a batch is told once, in numbers, and no job holds the address', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  await world.startWorkers();
  const batch = await world.submit(people(3), { notify: receiver.url });
  const report = await world.untilFinished(batch);
  await waitFor(() => receiver.received.length > 0);
  await quiet(world);
  expect(receiver.told()).toEqual([
    {
      event: 'finished',
      batchId: batch,
      text: `Batch ${batch} is finished. 3 people: 3 created, 0 existing, 0 failed; 3 invited.`,
      report: { ...report, hold: null },
      at: report.finishedAt,
    },
  ]);
  const jobs = await dump(world.space, /:(create-user|invite|seal|notify):/);
  expect(jobs).toContain(`${batch}.1.finished.`);
  expect(jobs).not.toContain(HOOK_PATH);
  expect(receiver.received[0]?.body).not.toContain('@');
});

test('a batch without an address tells nobody', async () => {
  const world = await openWorld();
  await world.startWorkers();
  await world.untilFinished(await world.submit(people(1)));
  await pause(world, by);
  await announce(world);
  expect(await world.queues.notify.getJobCounts()).toMatchObject({ waiting: 0, completed: 0 });
  expect(await untold(world)).toBe(0);
});

test('a receiver that fails keeps no batch waiting, and gets the same again until it takes it', async () => {
  const world = await openWorld();
  const receiver = await startReceiver({ status: 500 });
  await world.startWorkers();
  const batch = await world.submit(people(2), { notify: receiver.url });
  await world.untilFinished(batch);
  await waitFor(() => receiver.received.length >= 3);
  receiver.reply = 'never';
  const before = receiver.received.length;
  await waitFor(() => receiver.received.length > before + 1);
  receiver.reply = { status: 204 };
  await quiet(world);
  const ids = receiver.received.map(({ headers }) => headers['x-onboard-delivery']);
  expect(new Set(ids).size).toBe(1);
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  expect(await world.report(batch)).toMatchObject({ state: 'finished', created: 2 });
});

test('a receiver that refuses is not asked again', async () => {
  const world = await openWorld();
  const receiver = await startReceiver({ status: 404 });
  await world.startWorkers();
  await world.untilFinished(await world.submit(people(1), { notify: receiver.url }));
  await waitFor(() => world.queues.notify.getFailedCount());
  const [job] = await world.queues.notify.getFailed();
  expect([job?.failedReason, job?.attemptsMade]).toEqual(['http-404', 1]);
  expect(receiver.received).toHaveLength(1);
});

test('a worker that dies between the end of a batch and its notice is made good by a keeper', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  const batch = await world.submit(people(1), { notify: receiver.url });
  await settleRow(world.ledger, { batch, round: 1, row: 0 }, { state: 'created', outcome: {} });
  // The step of the ledger that ends a batch; its worker is gone before the next.
  expect(await finish(world.ledger, batch)).toBe(true);
  expect(await world.queues.notify.count()).toBe(0);
  await world.startWorkers();
  await keep(world);
  await waitFor(() => receiver.received.length > 0);
  await quiet(world);
  expect(toldOf(receiver)).toEqual(['finished']);
});

test('a notice that the queue does not take stays to be told, and fails nobody else', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  const gone = new Redis(world.space.url);
  gone.on('error', () => undefined);
  const queues = openQueues({ redis: gone, prefix: world.space.prefix, logger: silent });
  onRelease(() => queues.close());
  gone.disconnect();
  const { ledger } = world;
  const batch = await world.submit(people(1), { notify: receiver.url });
  await pause({ ledger, queues: { ...world.queues, notify: queues.notify } }, by);
  expect([await untold(world), await world.queues.notify.count()]).toEqual([1, 0]);
  await expect(announce({ ledger, queues })).rejects.toThrow();
  expect(await untold(world)).toBe(1);
  await announce(world);
  expect([await untold(world), await world.queues.notify.count()]).toEqual([0, 1]);
  expect(await world.report(batch)).toMatchObject({ hold: 'paused' });
});

test('one that dies after its notice is queued, before it is let go of, tells nothing twice', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  await world.startWorkers();
  await world.untilFinished(await world.submit(people(1), { notify: receiver.url }));
  await waitFor(() => world.queues.notify.getCompletedCount());
  const [job] = await world.queues.notify.getCompleted();
  await world.ledger.redis.sadd(world.ledger.keys.untold, String(job?.id));
  await announce(world);
  await quiet(world);
  expect(receiver.received).toHaveLength(1);
});

test('every unfinished batch tells of a hold once, one submitted under it too, and of the next', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  const { portal } = await faultyPortal(world.sandbox, () => ({
    before: shapeA(401, 'no <!channel>'),
  }));
  const first = await world.submit(people(1), { notify: receiver.url });
  await world.submit(people(1, 10));
  await world.startWorkers({ portal });
  await waitFor(() => receiver.received.length === 1);
  const second = await world.submit(people(1, 20), { notify: receiver.url });
  await keep(world);
  await waitFor(() => receiver.received.length === 2);
  await quiet(world);
  expect(receiver.told()).toMatchObject([
    { event: 'held', batchId: first, hold: { code: 'key-rejected' }, report: { pending: 1 } },
    { event: 'held', batchId: second, hold: { code: 'key-rejected' } },
  ]);
  expect(receiver.told()[0]?.text).toMatch(/is held \(key-rejected\): .* What to do: .* 1 pending/);
  expect(receiver.told()[0]?.text).not.toContain('<');
  await resume(world);
  await waitFor(() => receiver.received.length === 4);
});

test('a hold that is lifted before it could be told is not told', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  await world.submit(people(1), { notify: receiver.url });
  await pause(world, by);
  expect(await world.queues.notify.count()).toBe(1);
  await resume(world);
  await world.startWorkers();
  await waitFor(() => toldOf(receiver).includes('finished'));
  await quiet(world);
  expect(toldOf(receiver)).toEqual(['finished']);
});

test('a cancelled batch is told, also when it never had a job', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  const change = { notify: receiver.url, limit: 1 };
  const batch = await world.submit(people(3), change);
  await world.startWorkers();
  await waitFor(async () => (await world.report(batch)).state === 'waiting');
  expect(receiver.received).toEqual([]);
  await cancel(world.producer(), batch, { invite: true });
  await waitFor(() => receiver.received.length > 0);
  await quiet(world);
  expect(receiver.told()).toMatchObject([
    { event: 'cancelled', batchId: batch, report: { state: 'cancelled', cancelled: 2 } },
  ]);
});

test('the end of each round is told', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  let isBad = true;
  const { portal } = await faultyPortal(world.sandbox, ({ what }) =>
    isBad && what === 'POST /people' ? { before: shapeA(400, 'bad name') } : undefined,
  );
  await world.startWorkers({ portal });
  const batch = await world.submit(people(2), { notify: receiver.url });
  await waitFor(() => receiver.received.length === 1);
  isBad = false;
  await retry(world.producer(), batch, () => true);
  await waitFor(() => receiver.received.length === 2);
  expect(receiver.told()).toMatchObject([
    { event: 'finished', report: { round: 1, failed: 2 } },
    { event: 'finished', report: { round: 2, created: 2 } },
  ]);
});

test('what was told goes with its batch, and a notice of a batch that is gone tells nobody', async () => {
  const world = await openWorld();
  const receiver = await startReceiver();
  await world.startWorkers();
  const batch = await world.submit(people(1), { notify: receiver.url });
  await world.untilFinished(batch);
  await quiet(world);
  const now = Date.now() + 120_000;
  expect(await purge(world.producer(), batch, { what: 'batch', now })).toMatchObject({ rows: 1 });
  expect(await dump(world.space, /:batch:/)).not.toContain(batch);
  await world.ledger.redis.sadd(world.ledger.keys.untold, `${batch}.1.finished.1`);
  await announce(world);
  expect([await untold(world), receiver.received.length]).toEqual([0, 1]);
});
