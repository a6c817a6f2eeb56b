import { openLedger } from '../../src/ledger/ledger.ts';
import { openQueues } from '../../src/queue/queues.ts';
import { silent } from '../support/batches.ts';
import { onRelease } from '../support/resources.ts';
import { redisSpace } from '../support/space.ts';

/** Ledger and queues of a prefix of its own, empty, and the connection of the queues. */
export function openReadable() {
  const { redis, prefix } = redisSpace();
  const queueing = redis.duplicate();
  const queues = openQueues({ redis: queueing, prefix, logger: silent });
  onRelease(async () => {
    await queues.close();
    queueing.disconnect();
  });
  return { ledger: openLedger(redis, prefix), queues, queueing };
}
