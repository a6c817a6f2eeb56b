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
 * Builds `dist/` for the tests that start real processes, and starts one redis-server for the whole
 * run. Every test has a prefix of its own.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Nothing is left running by a build that fails.
  await build();
  const redis = await startRedis();
  project.provide('redisUrl', redis.url);
  return async () => redis.stop({ keep: await hasKept(redis) });
}

/** Whether a test failed: the server stops, and its data can be opened again. */
async function hasKept({ url }: TestRedis): Promise<boolean> {
  const redis = redisAt(url);
  const kept = await redis.exists(KEPT);
  redis.disconnect();
  return kept === 1;
}

interface Failed {
  stdout?: string;
  stderr?: string;
}

/** The type check reports faults of types; they must not stop the tests. */
async function build(): Promise<void> {
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'];
  for (const args of [tsc, ['scripts/bundle.js']]) {
    await promisify(execFile)(process.execPath, args).catch((error: Failed) => {
      throw new Error(`the build failed:\n${error.stdout}${error.stderr}`);
    });
  }
}
