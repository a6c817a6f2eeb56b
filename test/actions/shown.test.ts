import { expect, test } from 'vitest';
import {
  type Acting,
  cancelBatch,
  continueHeldBack,
  releaseInvite,
  retryPeople,
} from '../../src/actions/batch-actions.ts';
import { purgeBatch } from '../../src/actions/purge-batches.ts';
import { readLog } from '../../src/ledger/notes/read-log.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { countFor } from '../../src/overview/confirmations.ts';
import { readActor } from '../../src/process/actor.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const actingOn = (stage: Stage): Acting => ({
  producer: stage.producer(),
  by: readActor({ name: 'ana', sudoUser: undefined }),
});

/** A batch that is over: p0 created, the others failed with these codes. */
async function failedBatch(codes: readonly (string | undefined)[]) {
  const stage = await openStage();
  const batch = await stage.submit(people(codes.length + 1));
  const ref = { batch, round: 1 };
  await settleRow(stage.ledger, { ...ref, row: 0 }, { state: 'created', outcome: {} });
  for (const [index, code] of codes.entries()) {
    const end = { state: 'failed', outcome: { ...(code && { code }), reason: 'r' } } as const;
    await settleRow(stage.ledger, { ...ref, row: index + 1 }, end);
  }
  await cancelBatch(actingOn(stage), batch, { invite: false });
  expect((await stage.report(batch)).state).toBe('cancelled');
  return { stage, batch };
}

test('two retries that showed the same begin one round, and the other says what moved', async () => {
  const { stage, batch } = await failedBatch(['timeout', 'timeout']);
  const shown = await countFor(stage, batch, 'retry');
  expect(shown).toEqual({ round: 1, people: 2 });
  const tabs = ['ana', 'bo'].map(() => retryPeople(actingOn(stage), batch, { shown }));
  const ends = await Promise.allSettled(tabs);
  const [done] = ends.filter((end) => end.status === 'fulfilled');
  const [refused] = ends.filter((end) => end.status === 'rejected');
  expect(done?.value).toBe(2);
  expect(refused?.reason).toMatchObject({
    code: 'E_MOVED',
    message: `batch ${batch} has moved: 2 people of round 1 were shown, now it is 0 people of round 2; look at it again`,
    details: { shown, now: { round: 2, people: 0 } },
  });
  expect(await stage.report(batch)).toMatchObject({ round: 2, pending: 2 });
  const log = await readLog(stage.ledger, { action: 'retry', limit: 9 });
  expect(log.map(({ outcome, code }) => [outcome, code]).toSorted()).toEqual([
    ['done', null],
    ['failed', 'E_MOVED'],
  ]);
});

test('a retry that waits in vain for the one that began the round says what moved', async () => {
  const { stage, batch } = await failedBatch(['timeout']);
  const shown = await countFor(stage, batch, 'retry');
  await retryPeople(actingOn(stage), batch, { shown });
  await stage.redis.set(stage.ledger.keys.lock(batch), 'another');
  const timings = { ...stage.timings, producerLockMs: 100, producerLockPollMs: 20 };
  const acting = { ...actingOn(stage), producer: stage.producer({ timings }) };
  const again = retryPeople(acting, batch, { shown });
  await expect(again).rejects.toMatchObject({ code: 'E_MOVED', details: { now: { round: 2 } } });
});

test('a reason, or rows that were chosen, open exactly as many people as were shown', async () => {
  const { stage, batch } = await failedBatch(['timeout', 'reset', 'timeout', undefined, 'reset']);
  const of = (filter: object) => countFor(stage, batch, 'retry', filter);
  expect(await of({ reasons: ['timeout'] })).toEqual({ round: 1, people: 2 });
  expect(await of({ reasons: ['timeout', 'unknown'] })).toEqual({ round: 1, people: 3 });
  expect(await of({ rows: [] })).toEqual({ round: 1, people: 0 });
  expect(await of({ rows: [0, 1, 5, 77] })).toEqual({ round: 1, people: 2 });
  expect(await of({ rows: [1, 2], reasons: ['reset'] })).toEqual({ round: 1, people: 1 });
  expect(await of({ emails: ['P3@example.com', 'p0@example.com'] })).toMatchObject({ people: 1 });
  expect(await of({ emails: ['p3@example.com'], rows: [2] })).toMatchObject({ people: 0 });
  const filter = { rows: [0, 2, 4] };
  const shown = await of(filter);
  expect(await retryPeople(actingOn(stage), batch, { ...filter, shown })).toBe(2);
  expect((await stage.rows(batch)).map(({ state }) => state)).toEqual([
    'created',
    'failed',
    'pending',
    'failed',
    'pending',
    'failed',
  ]);
});

const changes = {
  retry: (acting: Acting, batch: string, shown: { round: number; people: number }) =>
    retryPeople(acting, batch, { shown }),
  continue: (acting: Acting, batch: string, shown: { round: number; people: number }) =>
    continueHeldBack(acting, batch, { shown }),
  invite: (acting: Acting, batch: string, shown: { round: number; people: number }) =>
    releaseInvite(acting, batch, { shown }),
  cancel: (acting: Acting, batch: string, shown: { round: number; people: number }) =>
    cancelBatch(acting, batch, { invite: false, shown }),
  purge: (acting: Acting, batch: string, shown: { round: number; people: number }) =>
    purgeBatch(acting, batch, { what: 'batch', shown }),
};

/** A batch on which the action is possible, with the number of people that it reaches. */
async function readyFor(action: keyof typeof changes) {
  if (action === 'retry') return { ...(await failedBatch(['timeout', 'reset'])), people: 2 };
  if (action === 'invite') return { ...(await failedBatch(['timeout'])), people: 1 };
  if (action === 'purge') {
    const { stage, batch } = await failedBatch(['timeout']);
    await stage.redis.hset(stage.ledger.keys.record(batch), 'finishedAt', 1);
    for (const id of [`${batch}.1`, `${batch}.1.end`]) {
      await stage.queues.invite.remove(id, { removeChildren: false });
    }
    return { stage, batch, people: 2 };
  }
  const stage = await openStage({ works: action === 'continue' });
  const batch = await stage.submit(people(5), action === 'continue' ? { limit: 2 } : {});
  if (action === 'continue') await stage.until(batch, 'waiting');
  return { stage, batch, people: action === 'continue' ? 3 : 5 };
}

test.each(['retry', 'continue', 'invite', 'cancel', 'purge'] as const)(
  '%s changes nothing when another number was shown, and acts on the one of its page',
  async (action) => {
    const { stage, batch, people: count } = await readyFor(action);
    const shown = await countFor(stage, batch, action);
    expect(shown).toEqual({ round: 1, people: count });
    const acting = actingOn(stage);
    const record = await stage.redis.hgetall(stage.ledger.keys.record(batch));
    for (const other of [
      { round: 1, people: count - 1 },
      { round: 2, people: count },
    ]) {
      await expect(changes[action](acting, batch, other)).rejects.toMatchObject({
        code: 'E_MOVED',
        details: { shown: other, now: shown },
      });
    }
    expect(await stage.redis.hgetall(stage.ledger.keys.record(batch))).toEqual(record);
    await changes[action](acting, batch, shown);
    const [last] = await readLog(stage.ledger, { action, limit: 1 });
    expect(last).toMatchObject({ outcome: 'done', batch, by: { name: 'ana' } });
  },
);

test('people who settle while a cancellation is confirmed are no reason to ask again', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  const shown = await countFor(stage, batch, 'cancel');
  await settleRow(stage.ledger, { batch, round: 1, row: 0 }, { state: 'created', outcome: {} });
  const invite = await countFor(stage, batch, 'invite');
  await settleRow(stage.ledger, { batch, round: 1, row: 1 }, { state: 'created', outcome: {} });
  expect(await releaseInvite(actingOn(stage), batch, { shown: invite })).toBe('after-the-rest');
  expect(await cancelBatch(actingOn(stage), batch, { invite: false, shown })).toBe(1);
});

test('people whom the portal refused are counted for the invite that is tried again', async () => {
  const { stage, batch } = await failedBatch([]);
  const { redis, keys } = stage.ledger;
  await redis.setbit(`${keys.marks(batch)}invite-refused`, 0, 1);
  expect(await countFor(stage, batch, 'invite')).toMatchObject({ people: 0 });
  await redis.hset(keys.record(batch), 'stuck', '{"code":"invite-refused"}');
  expect(await countFor(stage, batch, 'invite')).toMatchObject({ people: 1 });
});
