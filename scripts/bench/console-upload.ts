// Memory and health of the console while a list of 1,000,000 people is uploaded, planned and
// submitted: PSS of the console with all its children, since they share the pages of Node. Then a
// console is killed during a submission, and the next one completes the batch by the same upload.
// Ends with status 1 above 300 MiB or 200 ms; on a busy machine, twice the time of an empty server.
// Usage: npm run bench:console-upload
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { owned } from './children.ts';
import { openSession, type Session } from './console-session.ts';
import {
  inFolder,
  peopleCsv,
  startRedis,
  startSandbox,
  table,
  takesNoArguments,
  UNLIMITED,
} from './processes.ts';

takesNoArguments();

const ROWS = 1_000_000;
const ROWS_KILLED = 100_000;
const PORT = 7394;
const SAMPLE_MS = 100;
const MOST_MIB = 300;
const MOST_HEALTH_MS = 200;

interface Seen {
  peakMiB: number;
  slowestMs: number;
  /** Slowest request to an empty server at the same moments. */
  emptyMs: number;
}

const NOTHING: Seen = { peakMiB: 0, slowestMs: 0, emptyMs: 0 };

/** Time of one request, ms. */
async function timeOf(url: string): Promise<number> {
  const began = performance.now();
  await (await fetch(url)).text();
  return performance.now() - began;
}

/** Samples until it is stopped; `take` returns the highest values since the last call. */
function watch({ pid, url }: Session, empty: string) {
  let seen = NOTHING;
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      const began = performance.now();
      const [ms, emptyMs] = await Promise.all([timeOf(`${url}/healthz`), timeOf(empty)]);
      seen = {
        peakMiB: Math.max(seen.peakMiB, memoryOf(pid)),
        slowestMs: Math.max(seen.slowestMs, ms),
        emptyMs: Math.max(seen.emptyMs, emptyMs),
      };
      await pause(Math.max(0, SAMPLE_MS - (performance.now() - began)));
    }
  })();
  return {
    take(): Seen {
      const taken = seen;
      seen = NOTHING;
      return taken;
    },
    async stop() {
      isOver = true;
      await sampling;
    },
  };
}

/** Starts a process that answers every request at once: what this machine can do. */
async function startEmpty() {
  const script = `require('http').createServer((_, r) => r.end()).listen(0, '127.0.0.1',
    function () { console.log(this.address().port) })`;
  const child = owned(
    spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  const [port] = await once(child.stdout, 'data');
  return { url: `http://127.0.0.1:${String(port).trim()}`, stop: () => child.kill() };
}

/** Proportional memory of a process and all its children, MiB. */
function memoryOf(pid: number): number {
  try {
    const kib = Number(
      /^Pss:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1],
    );
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    const below = children.filter((each) => each !== '').map((each) => memoryOf(Number(each)));
    return (kib || 0) / 1024 + below.reduce((sum, mib) => sum + mib, 0);
  } catch {
    // A child that has just ended has no memory.
    return 0;
  }
}

interface Step extends Seen {
  name: string;
  seconds: number;
}

async function uploadAll(session: Session, list: string, empty: string): Promise<Step[]> {
  const watching = watch(session, empty);
  const steps: Step[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work();
    steps.push({ name, seconds: (performance.now() - began) / 1000, ...watching.take() });
    return result;
  };
  const plan = await step('upload', () => session.upload(list, 'big'));
  await step('plan', () => session.until(plan, /Waits for approval/));
  await step('submit', async () => {
    await session.approve(plan);
    await session.until(plan, /The batch runs/);
  });
  await watching.stop();
  return steps;
}

/** Rows that the ledger has of a batch; no worker runs, so all of them wait. */
function rowsOf(redis: Redis, batch: string): Promise<number> {
  return redis.bitcount(`{onboard}:batch:${batch}:is:pending`);
}

/** Kills a console while it submits; the next one completes the batch by the same upload. */
async function killedAndAgain(env: Record<string, string>, redis: Redis, list: string) {
  const first = await openSession(env);
  const plan = await first.upload(list, 'cut');
  await first.until(plan, /Waits for approval/);
  // The answer takes up to 5 s, and the console is killed before.
  const approval = first.approve(plan).catch(() => undefined);
  while ((await rowsOf(redis, 'cut')) === 0) await pause(20);
  await first.kill('SIGKILL');
  await approval;
  const atKill = await rowsOf(redis, 'cut');
  const second = await openSession(env);
  const again = await second.upload(list, 'cut');
  await second.until(again, /Waits for approval/);
  await second.approve(again);
  await second.until(again, /The batch runs/);
  await second.kill('SIGTERM');
  return { atKill, atEnd: await rowsOf(redis, 'cut') };
}

function report(steps: readonly Step[]): boolean {
  const rows = steps.map(({ name, seconds, peakMiB, slowestMs, emptyMs }) => [
    name,
    seconds.toFixed(0),
    peakMiB.toFixed(0),
    slowestMs.toFixed(0),
    emptyMs.toFixed(0),
  ]);
  console.log(
    table(['step', 'seconds', 'peak MiB', 'slowest health check, ms', 'empty server, ms'], rows),
  );
  const isSmall = steps.every(({ peakMiB }) => peakMiB <= MOST_MIB);
  const isFast = steps.every(({ slowestMs }) => slowestMs <= MOST_HEALTH_MS);
  // A busy machine delays an empty server as well.
  const isAsFast = steps.every(({ slowestMs, emptyMs }) => slowestMs <= 2 * emptyMs);
  console.log(`${isSmall ? 'within' : 'MISSED'} ${MOST_MIB} MiB`);
  console.log(
    isFast
      ? `within ${MOST_HEALTH_MS} ms`
      : `MISSED ${MOST_HEALTH_MS} ms${isAsFast ? ', as an empty server did (within twice its time)' : ''}`,
  );
  return isSmall && (isFast || isAsFast);
}

await inFolder(async (dir) => {
  const [big, small] = [join(dir, 'big.csv'), join(dir, 'small.csv')];
  await writeFile(big, peopleCsv(ROWS));
  await writeFile(small, peopleCsv(ROWS_KILLED).replaceAll('person.', 'other.'));
  const server = await startRedis(dir, PORT);
  const portal = await startSandbox(UNLIMITED);
  const empty = await startEmpty();
  const redis = new Redis(server.url);
  // Connections are refused until Redis has started; ioredis tries again.
  redis.on('error', () => undefined);
  const env = {
    REDIS_URL: server.url,
    ONBOARD_DATA_DIR: join(dir, 'data'),
    DOCSPACE_URL: portal.url,
    DOCSPACE_API_KEY: portal.key,
  };
  try {
    const session = await openSession(env);
    const isWithin = report(await uploadAll(session, big, empty.url));
    const rows = await rowsOf(redis, 'big');
    await session.kill('SIGTERM');
    const { atKill, atEnd } = await killedAndAgain(env, redis, small);
    console.log(`killed with ${atKill} of ${ROWS_KILLED} rows; after the same upload ${atEnd}`);
    if (!isWithin || rows !== ROWS || atEnd !== ROWS_KILLED) process.exitCode = 1;
  } finally {
    redis.disconnect();
    empty.stop();
    await portal.stop();
    await server.stop();
  }
});
