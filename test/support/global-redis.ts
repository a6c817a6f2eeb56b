import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { startRedis } from './redis-server.ts';

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
  return () => redis.stop();
}

/** Types are the type check's concern: a fault there must not keep other tests from running. */
async function build(): Promise<void> {
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'];
  await promisify(execFile)(process.execPath, tsc);
}
