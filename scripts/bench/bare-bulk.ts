// The baseline of `submit`: the same jobs with bare `Queue.addBulk`, 1,000 at a time, without a file,
// a ledger or a check. Imports nothing of the product.
import { FlowProducer, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { jobOptions } from './job-options.ts';

const SLICE = 1000;
const PREFIX = '{onboard}';
const BATCH = 'b0123456789ab';

const [url = '', count = '0'] = process.argv.slice(2);
const connection = new Redis(url, { maxRetriesPerRequest: null });
const flow = new FlowProducer({ connection, prefix: PREFIX });
const queue = new Queue('create-user', { connection, prefix: PREFIX });
const day = 86_400_000;
await flow.add({
  name: 'invite',
  queueName: 'invite',
  data: { batch: BATCH, round: 1 },
  opts: { jobId: `${BATCH}.1` },
  children: [{ name: 'seal', queueName: 'seal', data: {}, opts: { delay: 3650 * day } }],
});
const options = {
  ...jobOptions,
  parent: { id: `${BATCH}.1`, queue: `${PREFIX}:invite` },
};
for (let first = 0; first < Number(count); first += SLICE) {
  const length = Math.min(SLICE, Number(count) - first);
  const rows = Array.from({ length }, (_, index) => first + index);
  await queue.addBulk(
    rows.map((row) => ({
      name: 'create-user',
      data: { batch: BATCH, round: 1, row },
      opts: { ...options, jobId: `${BATCH}.1.${row}` },
    })),
  );
}
await flow.close();
await queue.close();
connection.disconnect();
