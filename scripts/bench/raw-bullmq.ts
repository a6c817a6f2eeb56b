// The comparison for the worker: BullMQ's Worker and a bare POST with undici, nothing else.
// Usage: raw-bullmq.js REDIS_URL PORTAL_URL WRITERS
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'undici';
import { creation } from './creation.ts';

const [redisUrl = '', portalUrl = '', writers = '1'] = process.argv.slice(2);
const pool = new Pool(portalUrl, { connections: Number(writers) });
const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
const worker = new Worker<{ email: string }>(
  'create-user',
  async (job) => {
    const { statusCode, body } = await pool.request(creation(job.data.email));
    const answer = await body.json();
    if (statusCode !== 200) throw new Error(JSON.stringify(answer));
  },
  { connection, concurrency: Number(writers), prefix: '{raw}' },
);
await worker.waitUntilReady();
