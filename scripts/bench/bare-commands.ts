// A baseline for the longest commands: what the machine adds to those that take Redis a few µs.
import { constants, setPriority } from 'node:os';
import type { Redis } from 'ioredis';
import { openLedger } from '../../src/ledger/ledger.ts';
import { bucketOf } from '../../src/ledger/rows/row-state.ts';

const BASELINE_MS = 60_000;

interface Rows {
  prefix: string;
  batch: string;
  rows: number;
}

/** Reads and writes single rows for a minute. */
export async function bareCommands(redis: Redis, { prefix, batch, rows }: Rows): Promise<void> {
  const { keys } = openLedger(redis, prefix);
  const end = performance.now() + BASELINE_MS;
  while (performance.now() < end) {
    const pipeline = redis.pipeline();
    for (let pair = 0; pair < 100; pair += 1) {
      const row = Math.floor(Math.random() * rows);
      pipeline.hget(keys.rows(batch) + bucketOf(row), String(row)).set('bench:bare', row);
    }
    await pipeline.exec();
  }
  await redis.del('bench:bare');
}

/**
 * Lets Redis run before all other processes, where the bench may do so: SLOWLOG counts the time in
 * which others run instead.
 */
export async function preferRedis(redis: Redis): Promise<void> {
  const pid = /process_id:(\d+)/.exec(await redis.info('server'))?.[1];
  try {
    setPriority(Number(pid), constants.priority.PRIORITY_HIGHEST);
  } catch {
    console.error('Redis runs at the usual priority: other processes count in its times');
  }
}
