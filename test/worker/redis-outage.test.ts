import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { connectRedis } from '../../src/redis/connect.ts';
import { timings } from '../../src/timings.ts';
import { people } from '../support/people.ts';
import { startRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { openWorld, silent } from '../support/world.ts';
import { startsOf } from './starts.ts';

test('invariant 13: a producer fails fast without Redis, and workers resume with it', async () => {
  const server = await startRedis();
  onRelease(() => server.stop());
  const world = await openWorld({ redisUrl: server.url });
  await world.startWorkers();
  await world.untilFinished(await world.submit(people(3)));
  const redis = await connectRedis({ url: server.url, role: 'producer', logger: silent, timings });
  onRelease(() => redis.disconnect());
  const { prefix } = world.space;
  const queues = openQueues({ redis, prefix, logger: silent });
  onRelease(() => queues.close());
  const producer = world.producer({ ledger: openLedger(redis, prefix), queues });
  const submission = world.submission(people(20, 100));

  await server.kill();
  const downAt = Date.now();
  await expect(submit(producer, submission)).rejects.toThrow();
  expect(Date.now() - downAt).toBeLessThan(5000);

  await server.restart();
  const upAt = Date.now();
  await submit(world.producer(), submission);
  await world.untilFinished(submission.id);
  const starts = (await startsOf(world)).filter((at) => at >= downAt);
  // The back-off of a connection is at most 2 s.
  expect(Math.min(...starts) - upAt).toBeLessThan(3000);
  expect(await world.report(submission.id)).toMatchObject({ created: 20, invited: 20 });
});
