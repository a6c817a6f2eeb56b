import { expect, test } from 'vitest';
import { batchIds } from '../../src/ledger/batch/batches.ts';
import { setHold } from '../../src/ledger/stops/holds.ts';
import { createLogger } from '../../src/process/logger.ts';
import { parentId, sealId } from '../../src/queue/job-id.ts';
import { startKeeper } from '../../src/worker/keeper.ts';
import { people } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { restless } from '../support/timings.ts';
import { waitFor } from '../support/wait-for.ts';
import { keep, retaining } from './keeping.ts';

const DAY_MS = 86_400_000;
const keeping = { ...retaining(30), token: 'keeper' };

test('what finished before the retention time is purged, the rest stays', async () => {
  const stage = await openStage({ timings: restless });
  await stage.startWorkers();
  const old = await stage.submit(people(3));
  await stage.untilFinished(old);
  const now = () => Date.now() + 31 * DAY_MS;
  onRelease(startKeeper(stage.deps(), { now, ...keeping }));
  await waitFor(async () => (await batchIds(stage.ledger)).length === 0);
});

test('a finished batch stays while it is younger than the retention time', async () => {
  const stage = await openStage();
  let looks = 0;
  await stage.startWorkers();
  const batch = await stage.submit(people(1));
  await stage.untilFinished(batch);
  const now = () => {
    looks += 1;
    return Date.now() + 29 * DAY_MS;
  };
  onRelease(startKeeper(stage.deps(), { now, ...keeping }));
  await waitFor(() => looks > 0);
  expect(await batchIds(stage.ledger)).toEqual([batch]);
});

test('a keeper run that fails is a warning, not the end of the worker', async () => {
  const stage = await openStage();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'warn', destination });
  const now = () => {
    throw new Error('no Redis');
  };
  const deps = stage.deps({ logger });
  onRelease(startKeeper(deps, { now, ...keeping }));
  await waitFor(() => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'keeper run failed',
    reason: 'no Redis',
  });
});

/** A batch of two whose parent is gone. */
async function withoutParent(stage: Stage): Promise<string> {
  const batch = await stage.submit(people(2));
  await stage.queues.invite.remove(parentId(batch, 1));
  return batch;
}

test('a batch that cannot finish is repaired, and the log says what was wrong', async () => {
  const stage = await openStage();
  const batch = await withoutParent(stage);
  await stage.startWorkers();
  const { lines } = await keep(stage);
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 2, inviteRequests: 1 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'batch repaired',
    batchId: batch,
    code: 'parent-lost',
    level: 40,
  });
});

test('what two looks see without a row settled in between is found by the second', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  const { createUser } = stage.queues;
  await stage.ledger.redis.del(createUser.toKey(`${batch}.1.1`));
  const { lines } = await keep(stage);
  await waitFor(() => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'children-lost' });
  expect(await createUser.getJob(`${batch}.1.1`)).toBeDefined();
});

test('one process repairs for all, and another takes over when its turn is over', async () => {
  const stage = await openStage();
  const first = await keep(stage, {}, { repairEveryMs: 60_000 });
  await waitFor(() => first.looks() > 2);
  const batch = await withoutParent(stage);
  const second = await keep(stage, {}, { repairEveryMs: 60_000 });
  await waitFor(() => second.looks() > 4);
  expect([...first.lines, ...second.lines]).toEqual([]);
  await stage.ledger.redis.del(stage.ledger.keys.keeper);
  await waitFor(() => first.lines.length + second.lines.length > 0);
  await waitFor(() => stage.queues.invite.getJob(parentId(batch, 1)));
});

test('under a hold nothing is repaired', async () => {
  const stage = await openStage();
  const batch = await withoutParent(stage);
  const about = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.' } as const;
  const hold = { ...about, since: 1 };
  await setHold(stage.ledger, hold);
  const { looks } = await keep(stage);
  await waitFor(() => looks() > 4);
  expect(await stage.queues.invite.getJob(parentId(batch, 1))).toBeUndefined();
  await stage.ledger.redis.del(stage.ledger.keys.hold);
  await waitFor(() => stage.queues.invite.getJob(parentId(batch, 1)));
});

test('a batch that cannot be repaired does not keep the others from it', async () => {
  const stage = await openStage();
  const broken = await stage.submit(people(1));
  await stage.ledger.redis.hset(stage.ledger.keys.record(broken), 'round', 'many');
  const batch = await stage.submit(people(2, 10));
  await stage.queues.seal.remove(sealId(batch, 1));
  const { lines } = await keep(stage);
  await waitFor(() => stage.queues.seal.getJob(sealId(batch, 1)));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'batch could not be repaired',
    batchId: broken,
  });
});

test('a stopped keeper looks no more', async () => {
  const stage = await openStage();
  const keeper = await keep(stage);
  await waitFor(() => keeper.looks() > 1);
  await keeper.stop();
  const looks = keeper.looks();
  const other = await keep(stage);
  await waitFor(() => other.looks() > 4);
  expect(keeper.looks()).toBe(looks);
});
