import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startRedis, type TestRedis } from './redis-server.ts';
import { KEPT, redisAt } from './space.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string;
  }
}

/**
 * Today's code in `dist/` for the tests that start real processes, and one redis-server for the
 * whole run; every test works under a prefix of its own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [redis] = await Promise.all([startRedis(), build()]);
  project.provide('redisUrl', redis.url);
  return async () => redis.stop({ keep: await hasKept(redis) });
}

/** Whether a test failed: the server stops, and what it held can be opened again. */
async function hasKept({ url }: TestRedis): Promise<boolean> {
  const redis = redisAt(url);
  const kept = await redis.exists(KEPT);
  redis.disconnect();
  return kept === 1;
}

/** Types are the type check's concern: a fault there must not keep other tests from running. */
async function build(): Promise<void> {
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'];
  await promisify(execFile)(process.execPath, tsc);
}
