import { expect, test } from 'vitest';
import { pause } from '../../src/batch/stop-queues.ts';
import { readHold } from '../../src/ledger/stops/holds.ts';
import { createLogger } from '../../src/process/logger.ts';
import { shapeA } from '../portal/answers.ts';
import { faultyPortal } from '../support/faulty-portal.ts';
import { people } from '../support/people.ts';
import { startReceiver } from '../support/receiver.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

test('a writer of Redis cannot have a worker post where the configuration would refuse it', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  const batch = await stage.submit(people(1), { notify: 'https://hooks.example.com/' });
  const planted = receiver.url.replace('//', '//ana:secret@');
  await stage.redis.hset(stage.ledger.keys.record(batch), 'notify', planted);
  await stage.startWorkers();
  await waitFor(() => stage.queues.notify.getFailedCount());
  const [job] = await stage.queues.notify.getFailed();
  expect([job?.failedReason, receiver.received.length]).toEqual(['address-refused', 0]);
});

test('a writer of Redis cannot have a text of its own signed', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  const batch = await stage.submit(people(1), { notify: receiver.url });
  await pause(stage, { by: 'test', now: Date.now() });
  const { keys, redis } = stage.ledger;
  const [[id = '', stored = ''] = []] = Object.entries(
    await redis.hgetall(keys.notifications(batch)),
  );
  const forged = {
    ...JSON.parse(stored),
    text: 'forged',
    report: { note: 'forged' },
    note: 'forged',
  };
  await redis.hset(keys.notifications(batch), id, JSON.stringify(forged));
  await redis.hset(keys.hold, { reason: 'forged', remedy: 'forged', detail: 'forged' });
  await stage.startWorkers();
  await waitFor(() => receiver.received.length > 0);
  expect(receiver.received[0]?.body).not.toContain('forged');
  expect(receiver.told()).toMatchObject([{ event: 'held', hold: { code: 'paused' } }]);
});

test('a name in an answer of the portal reaches neither a notification nor a log', async () => {
  const lines: string[] = [];
  const logger = createLogger({
    level: 'debug',
    destination: { write: (l) => void lines.push(l) },
  });
  const stage = await openStage();
  const receiver = await startReceiver();
  const { portal } = await faultyPortal(stage.sandbox, () => ({
    before: shapeA(401, 'Ana Geheim may not do this'),
  }));
  await stage.submit(people(1), { notify: receiver.url });
  await stage.startWorkers({ portal, logger });
  await waitFor(() => receiver.received.length > 0);
  expect(receiver.received[0]?.body).toContain('key-rejected');
  expect(receiver.received[0]?.body).not.toContain('Geheim');
  expect(lines.join('')).toContain('held');
  expect(lines.join('')).not.toContain('Geheim');
  expect((await readHold(stage.ledger))?.detail).toContain('Ana Geheim');
});
