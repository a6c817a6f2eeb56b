import { expect, test } from 'vitest';
import { readWork } from '../../src/queue/work.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

test('the work counts waiting and delayed jobs, workers, and the limit that workers set', async () => {
  const stage = await openStage();
  const none = { allowedPerSecond: Number.POSITIVE_INFINITY, backlog: 0, workers: 0 };
  expect(await readWork(stage.queues)).toEqual(none);
  await stage.submit(people(7));
  await stage.queues.createUser.add('later', { batch: 'b', round: 1, row: 1 }, { delay: 99_000 });
  expect(await readWork(stage.queues)).toEqual({ ...none, backlog: 8 });
  await stage.queues.createUser.pause();
  await stage.startWorkers({}, { requestsPerMinute: 300, concurrency: 1 });
  await waitFor(async () => (await readWork(stage.queues)).workers === 1, { what: 'a worker' });
  const seen = await readWork(stage.queues);
  expect(seen.backlog).toBe(8);
  expect(seen.allowedPerSecond).toBeCloseTo(4.9, 1);
});
