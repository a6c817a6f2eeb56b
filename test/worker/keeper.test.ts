import { expect, test } from 'vitest';
import { batchIds } from '../../src/ledger/batches.ts';
import { setHold } from '../../src/ledger/holds.ts';
import { createLogger } from '../../src/logger.ts';
import { parentId, sealId } from '../../src/queue/job-id.ts';
import { startKeeper } from '../../src/worker/keeper.ts';
import { people } from '../support/people.ts';
import { onRelease } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, type World } from '../support/world.ts';
import { keep, retaining } from './keeping.ts';

const DAY_MS = 86_400_000;
const keeping = { ...retaining(30), token: 'keeper' };

test('what finished before the retention time is purged, the rest stays', async () => {
  const world = await openWorld();
  const workers = await world.startWorkers();
  const old = await world.submit(people(3));
  await world.untilFinished(old);
  const now = () => Date.now() + 31 * DAY_MS;
  onRelease(startKeeper(await world.deps(), { workers, now, ...keeping }));
  await waitFor(async () => (await batchIds(world.ledger)).length === 0);
});

test('a finished batch stays while it is younger than the retention time', async () => {
  const world = await openWorld();
  let looks = 0;
  const workers = {
    share: async () => {
      looks += 1;
    },
    close: async () => undefined,
  };
  await world.startWorkers();
  const batch = await world.submit(people(1));
  await world.untilFinished(batch);
  const now = () => Date.now() + 29 * DAY_MS;
  onRelease(startKeeper(await world.deps(), { workers, now, ...keeping }));
  await waitFor(() => looks > 0);
  expect(await batchIds(world.ledger)).toEqual([batch]);
});

test('a look that fails is a warning, not the end of the worker', async () => {
  const world = await openWorld();
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'warn', pretty: false, destination });
  const workers = {
    share: () => Promise.reject(new Error('no Redis')),
    close: async () => undefined,
  };
  const deps = await world.deps({ logger });
  onRelease(startKeeper(deps, { workers, now: Date.now, ...keeping }));
  await waitFor(() => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'keeper could not look',
    reason: 'no Redis',
  });
});

/** A batch of two whose parent is gone. */
async function withoutParent(world: World): Promise<string> {
  const batch = await world.submit(people(2));
  await world.queues.invite.remove(parentId(batch, 1));
  return batch;
}

test('a batch that cannot come to its end is mended, and the log says what was wrong', async () => {
  const world = await openWorld();
  const batch = await withoutParent(world);
  await world.startWorkers();
  const { lines } = await keep(world);
  expect(await world.untilFinished(batch)).toMatchObject({ created: 2, inviteRequests: 1 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'batch mended',
    batchId: batch,
    code: 'parent-lost',
    level: 40,
  });
});

test('what two looks see without a row settled in between is found by the second', async () => {
  const world = await openWorld();
  const batch = await world.submit(people(3));
  const { createUser } = world.queues;
  await world.ledger.redis.del(createUser.toKey(`${batch}.1.1`));
  const { lines } = await keep(world);
  await waitFor(() => lines.length > 0);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ code: 'children-lost' });
  expect(await createUser.getJob(`${batch}.1.1`)).toBeDefined();
});

test('one process mends for all, and another takes over when its turn is over', async () => {
  const world = await openWorld();
  const first = await keep(world, {}, { repairEveryMs: 60_000 });
  await waitFor(() => first.looks() > 2);
  const batch = await withoutParent(world);
  const second = await keep(world, {}, { repairEveryMs: 60_000 });
  await waitFor(() => second.looks() > 4);
  expect([...first.lines, ...second.lines]).toEqual([]);
  await world.ledger.redis.del(world.ledger.keys.keeper);
  await waitFor(() => first.lines.length + second.lines.length > 0);
  await waitFor(() => world.queues.invite.getJob(parentId(batch, 1)));
});

test('under a hold nothing is mended', async () => {
  const world = await openWorld();
  const batch = await withoutParent(world);
  const hold = { code: 'key-rejected', reason: 'The key.', remedy: 'A new one.', since: 1 };
  await setHold(world.ledger, hold);
  const { looks } = await keep(world);
  await waitFor(() => looks() > 4);
  expect(await world.queues.invite.getJob(parentId(batch, 1))).toBeUndefined();
  await world.ledger.redis.del(world.ledger.keys.hold);
  await waitFor(() => world.queues.invite.getJob(parentId(batch, 1)));
});

test('a batch that cannot be mended does not keep the others from it', async () => {
  const world = await openWorld();
  const broken = await world.submit(people(1));
  await world.ledger.redis.hset(world.ledger.keys.record(broken), 'round', 'many');
  const batch = await world.submit(people(2, 10));
  await world.queues.seal.remove(sealId(batch, 1));
  const { lines } = await keep(world);
  await waitFor(() => world.queues.seal.getJob(sealId(batch, 1)));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    msg: 'keeper could not mend',
    batchId: broken,
  });
});

test('a stopped keeper looks no more', async () => {
  const world = await openWorld();
  const keeper = await keep(world);
  await waitFor(() => keeper.looks() > 1);
  await keeper.stop();
  const looks = keeper.looks();
  const other = await keep(world);
  await waitFor(() => other.looks() > 4);
  expect(keeper.looks()).toBe(looks);
});
