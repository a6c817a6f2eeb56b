import { expect, test } from 'vitest';
import { glanceAt } from '../../src/queue/glance.ts';
import { startsAllowed } from '../../src/queue/pace.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** What BullMQ itself tells, in other words. */
async function toldByBullmq({ queues: { createUser } }: Stage) {
  const counts = await createUser.getJobCounts('waiting', 'active', 'delayed');
  return {
    allowedPerSecond: startsAllowed(await createUser.getGlobalRateLimit()),
    backlog: Object.values(counts).reduce((sum, count) => sum + count, 0),
    workers: await createUser.getWorkersCount(),
  };
}

const look = ({ ledger }: Stage) => glanceAt(ledger.redis, ledger.keys.prefix);

test('a glance at a queue tells what BullMQ tells of it', async () => {
  const stage = await openStage();
  expect(await look(stage)).toEqual(await toldByBullmq(stage));
  await stage.submit(people(7));
  await stage.queues.createUser.add('later', { batch: 'b', round: 1, row: 1 }, { delay: 99_000 });
  expect(await look(stage)).toMatchObject({ workers: 0, backlog: 8 });
  expect(await look(stage)).toEqual(await toldByBullmq(stage));
  await stage.queues.createUser.pause();
  await stage.startWorkers({}, { requestsPerMinute: 300, concurrency: 1 });
  await waitFor(async () => (await look(stage)).workers === 1, { what: 'a worker' });
  const seen = await look(stage);
  expect(seen).toEqual(await toldByBullmq(stage));
  expect(seen.backlog).toBe(8);
  expect(seen.allowedPerSecond).toBeCloseTo(4.9, 1);
});
