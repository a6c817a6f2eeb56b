// The comparison for `submit`: the same parent and children in one FlowProducer.add.
import { FlowProducer } from 'bullmq';
import { Redis } from 'ioredis';
import { jobOptions } from './job-options.ts';

const [url = '', count = '0'] = process.argv.slice(2);
const connection = new Redis(url, { maxRetriesPerRequest: null });
const flow = new FlowProducer({ connection, prefix: '{onboard}' });
await flow.add({
  name: 'invite',
  queueName: 'invite',
  data: { batch: 'b0123456789ab', round: 1 },
  opts: { jobId: 'b0123456789ab.1' },
  children: Array.from({ length: Number(count) }, (_, row) => ({
    name: 'create-user',
    queueName: 'create-user',
    data: { batch: 'b0123456789ab', round: 1, row },
    opts: { ...jobOptions, jobId: `b0123456789ab.1.${row}` },
  })),
});
await flow.close();
connection.disconnect();
