// Three ways of creating people: a bare undici client, BullMQ with a bare undici call, and the built
// worker. The first two share nothing with the product.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { owned } from './children.ts';
import { CLI, freePort, peopleCsv, runNode, startRedis } from './processes.ts';
import { forked, type Load, type Measured, script, standIn, watch } from './watching.ts';

const SLICE = 1000;

/** Runs a load with a folder that does not exist yet; `profile` is the folder of CPU profiles. */
export type Side = (load: Load, dir: string, profile?: string) => Promise<Measured>;

export const client: Side = async (load) => {
  const portal = await standIn(load.latencyMs);
  const args = [portal.url, load.writers, load.people].map(String);
  const child = owned(fork(script('bare-client.js'), args));
  const ended = once(child, 'exit');
  const measured = await watch(portal, load, [child]);
  await ended;
  portal.stop();
  return measured;
};

/** Runs `body` on a Redis of its own: `near` as it is, `far` with the delay of the load. */
export async function onRedis<T>(
  dir: string,
  { redisDelayMs = 0 }: Partial<Load>,
  body: (urls: { near: string; far: string }) => Promise<T>,
): Promise<T> {
  await mkdir(dir);
  const port = await freePort();
  const server = await startRedis(dir, port);
  const proxy = redisDelayMs > 0 ? await forked('tcp-delay.js', [port, redisDelayMs]) : undefined;
  try {
    return await body({ near: server.url, far: proxy?.[1] ?? server.url });
  } finally {
    proxy?.[0].disconnect();
    await server.stop();
  }
}

/** Adds a job for each person, as the documentation of BullMQ has it. */
async function addJobs(url: string, people: number): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const queue = new Queue('create-user', { connection: redis, prefix: '{raw}' });
  for (let first = 0; first < people; first += SLICE) {
    await queue.addBulk(
      Array.from({ length: Math.min(SLICE, people - first) }, (_, index) => ({
        name: 'create-user',
        data: { email: `person.${first + index}@example.com` },
        opts: { removeOnComplete: true, attempts: 8 },
      })),
    );
  }
  await queue.close();
  redis.disconnect();
}

export const raw: Side = (load, dir) =>
  onRedis(dir, load, async ({ near, far }) => {
    const portal = await standIn(load.latencyMs);
    await addJobs(near, load.people);
    const args = [far, portal.url, String(load.writers)];
    const child = owned(fork(script('raw-bullmq.js'), args));
    const measured = await watch(portal, load, [child]);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    portal.stop();
    return measured;
  });

/** Submits people who are not created yet. */
export async function submitPeople(dir: string, people: number, env: NodeJS.Dict<string>) {
  const file = join(dir, 'people.csv');
  await writeFile(file, peopleCsv(people));
  const known = Object.entries(env).map(([name, value]) => [name, value ?? '']);
  const submitted = await runNode([CLI, 'submit', file, '--no-check'], Object.fromEntries(known));
  if (submitted.code !== 0) throw new Error(submitted.stderr);
}

/** The environment of the worker that is measured. */
export function workerEnv(portal: string, redis: string): NodeJS.Dict<string> {
  const { PATH, LOG_LEVEL = 'error' } = process.env;
  const key = 'sk-bench';
  return { PATH, LOG_LEVEL, DOCSPACE_URL: portal, DOCSPACE_API_KEY: key, REDIS_URL: redis };
}

/** Ends workers in order, and waits for them. */
export async function endWorkers(children: readonly ChildProcess[]): Promise<void> {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')),
  );
}

export const ours: Side = (load, dir, profile) =>
  onRedis(dir, load, async ({ near, far }) => {
    const portal = await standIn(load.latencyMs);
    const env = {
      ...workerEnv(portal.url, far),
      ONBOARD_REQUESTS_PER_MINUTE: '0',
      ONBOARD_CONCURRENCY: String(load.writers),
    };
    await submitPeople(dir, load.people, { ...env, REDIS_URL: near });
    const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    const children = Array.from({ length: load.workers ?? 1 }, () =>
      owned(fork(CLI, ['worker'], { env, execArgv })),
    );
    const measured = await watch(portal, load, children);
    await endWorkers(children);
    portal.stop();
    return measured;
  });
