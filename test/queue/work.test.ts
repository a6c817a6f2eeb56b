import { expect, test } from 'vitest';
import { readWork } from '../../src/queue/work.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

test('the work counts waiting and delayed jobs, and workers', async () => {
  const stage = await openStage();
  const none = { backlog: 0, workers: 0 };
  expect(await readWork(stage.queues)).toEqual(none);
  await stage.submit(people(7));
  await stage.queues.createUser.add('later', { batch: 'b', round: 1, row: 1 }, { delay: 99_000 });
  expect(await readWork(stage.queues)).toEqual({ ...none, backlog: 8 });
  await stage.queues.createUser.pause();
  await stage.startWorkers({}, { requestsPerMinute: 300, concurrency: 1 });
  await waitFor(async () => (await readWork(stage.queues)).workers === 1, { what: 'a worker' });
  expect(await readWork(stage.queues)).toEqual({ backlog: 8, workers: 1 });
});
