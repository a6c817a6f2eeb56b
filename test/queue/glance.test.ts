import { expect, test } from 'vitest';
import { glanceAt } from '../../src/queue/glance.ts';
import { startsAllowed } from '../../src/queue/pace.ts';
import { people } from '../support/people.ts';
import { waitFor } from '../support/wait-for.ts';
import { openWorld, type World } from '../support/world.ts';

/** What BullMQ itself tells, in other words. */
async function toldByBullmq({ queues: { createUser } }: World) {
  const counts = await createUser.getJobCounts('waiting', 'active', 'delayed');
  return {
    allowedPerSecond: startsAllowed(await createUser.getGlobalRateLimit()),
    backlog: Object.values(counts).reduce((sum, count) => sum + count, 0),
    workers: await createUser.getWorkersCount(),
  };
}

const look = ({ ledger }: World) => glanceAt(ledger.redis, ledger.keys.prefix);

test('a glance at a queue tells what BullMQ tells of it', async () => {
  const world = await openWorld();
  expect(await look(world)).toEqual(await toldByBullmq(world));
  await world.submit(people(7));
  await world.queues.createUser.add('later', { batch: 'b', round: 1, row: 1 }, { delay: 99_000 });
  expect(await look(world)).toMatchObject({ workers: 0, backlog: 8 });
  expect(await look(world)).toEqual(await toldByBullmq(world));
  await world.queues.createUser.pause();
  await world.startWorkers({}, { requestsPerMinute: 300, concurrency: 1 });
  await waitFor(async () => (await look(world)).workers === 1, { what: 'a worker' });
  const seen = await look(world);
  expect(seen).toEqual(await toldByBullmq(world));
  expect(seen.backlog).toBe(8);
  expect(seen.allowedPerSecond).toBeCloseTo(4.9, 1);
});
