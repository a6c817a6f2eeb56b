// Speed of the worker beside raw BullMQ and beside a bare HTTP client, on a portal apart.
// Usage: npm run bench:throughput -- [SCENARIO...]
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { CLI, inFolder, median, peopleCsv, runNode, startRedis, table } from './processes.ts';

const ROUNDS = 3;
/** Apart for each run: a server that an aborted run left behind would answer for this one. */
const PORT = 31_000 + (process.pid % 1000);
const TICKS_PER_SECOND = 100;

interface Load {
  people: number;
  writers: number;
  latencyMs: number;
  /** Worker processes; with `kill`, one of them is killed when a third is done. */
  workers?: number;
  kill?: boolean;
  /** Delay of Redis, ms each way. */
  redisDelayMs?: number;
}

const SCENARIOS = {
  cpu: { people: 20_000, writers: 50, latencyMs: 0 },
  portal: { people: 4000, writers: 10, latencyMs: 50 },
  far: { people: 4000, writers: 10, latencyMs: 50, redisDelayMs: 2.5 },
  three: { people: 6000, writers: 10, latencyMs: 50, workers: 3 },
  killed: { people: 12_000, writers: 10, latencyMs: 50, workers: 3, kill: true },
} satisfies Record<string, Load>;

interface PortalState {
  creations: number[];
  mostInFlight: number;
}

interface StandIn {
  url: string;
  /** Creations so far. */
  count(): Promise<number>;
  state(): Promise<PortalState>;
  stop(): void;
}

const script = (name: string) => join(import.meta.dirname, name);

async function forked(name: string, args: readonly unknown[]): Promise<[ChildProcess, string]> {
  const child = fork(script(name), args.map(String), { serialization: 'advanced' });
  const [{ url }] = await once(child, 'message');
  return [child, url];
}

async function standIn(latencyMs: number): Promise<StandIn> {
  const [child, url] = await forked('stand-in.js', [latencyMs]);
  const ask = async (question: 'count' | 'state') => {
    const answer = once(child, 'message');
    child.send(question);
    return (await answer)[0];
  };
  return {
    url,
    count: () => ask('count'),
    state: () => ask('state'),
    stop: () => child.disconnect(),
  };
}

interface Measured {
  /** People a second between a tenth and nine tenths of them. */
  perSecond: number;
  /** CPU of the workers for each person, ms, over the same part. */
  cpuMs: number;
  mostInFlight: number;
  /** When each creation came, s after the first. */
  times: number[];
  killedAt?: number | undefined;
}

/** CPU of a process so far, ms. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return 0;
  }
}

/** Watches until everybody is created; the processes may end before. */
async function watch(
  portal: StandIn,
  { people, kill }: Load,
  children: readonly ChildProcess[],
): Promise<Measured> {
  const samples: { done: number; cpuMs: number }[] = [];
  let killedAt: number | undefined;
  for (;;) {
    await pause(50);
    const done = await portal.count();
    const cpuMs = children.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
    samples.push({ done, cpuMs });
    if (kill && killedAt === undefined && done > people / 3) {
      children[0]?.kill('SIGKILL');
      killedAt = performance.timeOrigin + performance.now();
    }
    if (done >= people) break;
  }
  const { creations, mostInFlight } = await portal.state();
  const [low, high] = [Math.floor(people * 0.1), Math.floor(people * 0.9)];
  const spanMs = (creations[high] ?? 0) - (creations[low] ?? 0);
  const from = samples.find(({ done }) => done >= low);
  const to = samples.findLast(({ done }) => done <= high) ?? samples.at(-1);
  const cpuMs = ((to?.cpuMs ?? 0) - (from?.cpuMs ?? 0)) / ((to?.done ?? 0) - (from?.done ?? 0));
  const first = creations[0] ?? 0;
  const times = creations.map((at) => (at - first) / 1000);
  const perSecond = ((high - low) * 1000) / spanMs;
  return { perSecond, cpuMs, mostInFlight, times, killedAt: killedAt && (killedAt - first) / 1000 };
}

type Side = (load: Load, dir: string) => Promise<Measured>;

const client: Side = async (load) => {
  const portal = await standIn(load.latencyMs);
  const child = fork(script('bare-client.js'), [portal.url, load.writers, load.people].map(String));
  const measured = await watch(portal, load, [child]);
  portal.stop();
  return measured;
};

async function onRedis(
  dir: string,
  { redisDelayMs = 0 }: Load,
  body: (url: string, near: Redis) => Promise<Measured>,
): Promise<Measured> {
  await mkdir(dir);
  const server = await startRedis(dir, PORT);
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const proxy = redisDelayMs > 0 ? await forked('tcp-delay.js', [PORT, redisDelayMs]) : undefined;
  try {
    return await body(proxy?.[1] ?? server.url, redis);
  } finally {
    proxy?.[0].disconnect();
    redis.disconnect();
    await server.stop();
  }
}

const raw: Side = (load, dir) =>
  onRedis(dir, load, async (url, redis) => {
    const portal = await standIn(load.latencyMs);
    const queue = new Queue('create-user', { connection: redis, prefix: '{raw}' });
    for (let first = 0; first < load.people; first += 1000) {
      await queue.addBulk(
        Array.from({ length: 1000 }, (_, index) => ({
          name: 'create-user',
          data: { email: `person.${first + index}@example.com` },
          opts: { removeOnComplete: true, attempts: 8 },
        })),
      );
    }
    const child = fork(script('raw-bullmq.js'), [url, portal.url, String(load.writers)]);
    const measured = await watch(portal, load, [child]);
    child.kill('SIGKILL');
    portal.stop();
    return measured;
  });

const ours: Side = (load, dir) =>
  onRedis(dir, load, async (url) => {
    const portal = await standIn(load.latencyMs);
    const file = join(dir, 'people.csv');
    await writeFile(file, peopleCsv(load.people));
    const env = {
      DOCSPACE_URL: portal.url,
      DOCSPACE_API_KEY: 'sk-bench',
      ONBOARD_REQUESTS_PER_MINUTE: '0',
      ONBOARD_CONCURRENCY: String(load.writers),
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
      PATH: process.env.PATH ?? '',
    };
    const near = `redis://127.0.0.1:${PORT}`;
    const submitted = await runNode([CLI, 'submit', file, '--no-check'], {
      ...env,
      REDIS_URL: near,
    });
    if (submitted.code !== 0) throw new Error(submitted.stderr);
    const children = Array.from({ length: load.workers ?? 1 }, () =>
      fork(CLI, ['worker'], {
        env: { ...env, REDIS_URL: url },
        execArgv: process.env.PROF ? ['--cpu-prof', `--cpu-prof-dir=${process.env.PROF}`] : [],
      }),
    );
    const measured = await watch(portal, load, children);
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(
      children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')),
    );
    portal.stop();
    return measured;
  });

const names = process.argv.slice(2);
const rounds = Number(process.env.ROUNDS ?? ROUNDS);
for (const [name, load] of Object.entries<Load>(SCENARIOS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const sides: Record<string, Side> =
    name === 'cpu' ? { 'raw BullMQ': raw, ours } : { 'bare client': client, ours };
  const runs: Record<string, Measured[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const [side, run] of Object.entries(sides)) {
      runs[side] = [...(runs[side] ?? []), await inFolder((dir) => run(load, join(dir, 'redis')))];
    }
  }
  console.log(`\n${name}: ${JSON.stringify(load)}\n`);
  const rows = Object.entries(runs).map(([side, all]) => [
    side,
    all.map(({ perSecond }) => perSecond.toFixed(0)).join(', '),
    median(all.map(({ perSecond }) => perSecond)).toFixed(0),
    median(all.map(({ cpuMs }) => cpuMs)).toFixed(3),
    Math.max(...all.map(({ mostInFlight }) => mostInFlight)),
  ]);
  console.log(table(['side', 'people/s', 'median', 'CPU ms a person', 'most at once'], rows));
  if (load.kill) {
    for (const { times, killedAt = 0 } of runs.ours ?? []) {
      const spans = Array.from(
        { length: 60 },
        (_, s) => times.filter((t) => t >= killedAt + s && t < killedAt + s + 1).length,
      );
      console.log(`people in each second after the kill: ${spans.join(' ')}`);
    }
  }
}
