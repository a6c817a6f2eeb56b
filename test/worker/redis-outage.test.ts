import { expect, test } from 'vitest';
import { submit } from '../../src/batch/submit-batch.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { connectRedis } from '../../src/redis/connection/connect.ts';
import { timings } from '../../src/timings.ts';
import { silent } from '../support/batches.ts';
import { people } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';
import { startsOf } from './starts.ts';

test('a producer fails fast without Redis, and workers resume with it', async () => {
  const server = await ownRedis();
  const stage = await openStage({ redis: server.url });
  await stage.startWorkers();
  await stage.untilFinished(await stage.submit(people(3)));
  const redis = await connectRedis({ url: server.url, role: 'producer', logger: silent, timings });
  onRelease(() => redis.disconnect());
  const { prefix } = stage;
  const queues = openQueues({ redis, prefix, logger: silent });
  onRelease(() => queues.close());
  const producer = stage.producer({ ledger: openLedger(redis, prefix), queues });
  const submission = stage.submission(people(20, 100));

  await server.kill();
  const downAt = Date.now();
  await expect(submit(producer, submission)).rejects.toThrow();
  expect(Date.now() - downAt).toBeLessThan(5000);

  await server.restart();
  const upAt = Date.now();
  await submit(stage.producer(), submission);
  await stage.untilFinished(submission.id);
  const starts = (await startsOf(stage)).filter((at) => at >= downAt);
  // The backoff of a connection is at most 2 s.
  expect(Math.min(...starts) - upAt).toBeLessThan(3000);
  expect(await stage.report(submission.id)).toMatchObject({ created: 20, invited: 20 });
});
