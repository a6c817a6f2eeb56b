import { expect, test } from 'vitest';
import { pause } from '../../src/batch/stop-queues.ts';
import { submit } from '../../src/batch/submit-batch.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { noteRepair, readRepair } from '../../src/ledger/notes/repairs.ts';
import { extendQueueWait, noteOutage } from '../../src/ledger/stops/waits.ts';
import { readStanding } from '../../src/overview/standing.ts';
import { parentId } from '../../src/queue/job-id.ts';
import { CREATE_USER } from '../../src/queue/names.ts';
import { openBatch, repairNow } from '../batch/repair-stage.ts';
import { people } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { clientOf } from '../support/space.ts';
import { openStage } from '../support/stage.ts';
import { openReadable } from './open-readable.ts';

const DAY_MS = 86_400_000;

test('a pause shows who paused, since when, and how many people wait without a worker', async () => {
  const stage = await openStage();
  await stage.submit(people(3));
  await pause(stage, { by: 'ana on admin1', now: 1000 });
  const standing = await readStanding(stage, Date.now());
  expect(standing.hold).toMatchObject({
    code: 'paused',
    reason: 'Paused by ana on admin1.',
    since: 1000,
  });
  expect(standing.work).toMatchObject({ workers: 0, backlog: 3 });
  expect(standing).toMatchObject({ waits: [], isDurable: true, repaired: undefined });
});

test('a limit of the portal shows its end, an outage since when', async () => {
  const readable = openReadable();
  await extendQueueWait(readable.ledger, { queue: CREATE_USER, limiter: 'writes', waitMs: 60_000 });
  const failure = { code: 'reset', firstMs: 1000, mostMs: 1000, random: 0.5 };
  await noteOutage(readable.ledger, failure);
  const now = Date.now();
  const { waits } = await readStanding(readable, now);
  expect(waits).toEqual([
    { kind: 'requested', code: 'writes', until: expect.closeTo(now + 60_000, -4) },
    { kind: 'outage', reason: 'reset', since: expect.closeTo(now, -4) },
  ]);
});

test('everything that a banner needs takes twelve commands, sent together', async () => {
  const { ledger, queues, queueing } = openReadable();
  await readStanding({ ledger, queues }, 0);
  const sent: string[] = [];
  for (const redis of [ledger.redis, queueing]) {
    const send = redis.sendCommand.bind(redis);
    redis.sendCommand = (...command: Parameters<typeof send>) => {
      sent.push(command[0].name);
      return send(...command);
    };
  }
  await readStanding({ ledger, queues }, 0);
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.length).toBeLessThanOrEqual(12);
});

test('a repair is shown for a day, a batch that needs none is not', async () => {
  const { stage, batch } = await openBatch();
  await repairNow(stage, batch);
  expect((await readStanding(stage, 0)).repaired).toBeUndefined();
  await (await stage.queues.invite.getJob(parentId(batch, 1)))?.remove();
  await repairNow(stage, batch);
  const { repaired } = await readStanding(stage, 0);
  expect(repaired).toEqual({ batch, codes: ['parent-lost'], at: expect.closeTo(Date.now(), -4) });
  const left = await stage.redis.pttl(stage.ledger.keys.repaired);
  expect([left > DAY_MS - 60_000, left <= DAY_MS]).toEqual([true, true]);
});

test('a list that is submitted again after its producer was killed is shown as repaired', async () => {
  const { stage, batch } = await openBatch();
  const record = stage.ledger.keys.record(batch);
  await submit(stage.producer(), stage.submission(people(3), { id: batch }));
  expect(await readRepair(stage.ledger)).toBeUndefined();
  await stage.redis.hdel(record, 'sealedRound');
  await submit(stage.producer(), stage.submission(people(3), { id: batch }));
  expect(await readRepair(stage.ledger)).toMatchObject({ batch, codes: ['unsealed'] });
});

test('a note of a repair that is none of ours is ignored', async () => {
  const { ledger } = openReadable();
  for (const text of ['x', '{"batch":"a b","codes":[],"at":1}', '{"batch":"b1"}']) {
    await ledger.redis.set(ledger.keys.repaired, text);
    expect(await readRepair(ledger)).toBeUndefined();
  }
  await noteRepair(ledger, { batch: 'b1', codes: ['seal-lost'] });
  expect(await readRepair(ledger)).toMatchObject({ codes: ['seal-lost'] });
});

test('a Redis without an append-only file is not durable, a forbidden answer says nothing', async () => {
  const redis = clientOf((await ownRedis(['--appendonly', 'no'])).url);
  const { queues } = openReadable();
  const ledger = openLedger(redis, '{x}');
  expect((await readStanding({ ledger, queues }, 0)).isDurable).toBe(false);
  await redis.call('ACL', 'SETUSER', 'default', '-info');
  expect((await readStanding({ ledger, queues }, 0)).isDurable).toBeUndefined();
});
