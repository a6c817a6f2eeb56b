// Memory and health of the console while a list of 1,000,000 people is uploaded, planned and
// submitted: PSS of the console with all its children, since they share the pages of Node. Then a
// console is killed during a submission, and the next one completes the batch by the same upload.
// Ends with status 1 above 300 MiB or 200 ms. Usage: npm run bench:console-upload
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
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
}

/** Samples until it is stopped; returns the highest values since the last call. */
function watch({ pid, url }: Session) {
  let seen: Seen = { peakMiB: 0, slowestMs: 0 };
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      const began = performance.now();
      await (await fetch(`${url}/healthz`)).text();
      const ms = performance.now() - began;
      seen = {
        peakMiB: Math.max(seen.peakMiB, memoryOf(pid)),
        slowestMs: Math.max(seen.slowestMs, ms),
      };
      await pause(Math.max(0, SAMPLE_MS - (performance.now() - began)));
    }
  })();
  return {
    take(): Seen {
      const taken = seen;
      seen = { peakMiB: 0, slowestMs: 0 };
      return taken;
    },
    async stop() {
      isOver = true;
      await sampling;
    },
  };
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

async function uploadAll(session: Session, list: string): Promise<Step[]> {
  const watching = watch(session);
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
  const rows = steps.map(({ name, seconds, peakMiB, slowestMs }) => [
    name,
    seconds.toFixed(0),
    peakMiB.toFixed(0),
    slowestMs.toFixed(0),
  ]);
  console.log(table(['step', 'seconds', 'peak MiB', 'slowest health check, ms'], rows));
  const peak = Math.max(...steps.map(({ peakMiB }) => peakMiB));
  const slowest = Math.max(...steps.map(({ slowestMs }) => slowestMs));
  return peak <= MOST_MIB && slowest <= MOST_HEALTH_MS;
}

await inFolder(async (dir) => {
  const [big, small] = [join(dir, 'big.csv'), join(dir, 'small.csv')];
  await writeFile(big, peopleCsv(ROWS));
  await writeFile(small, peopleCsv(ROWS_KILLED).replaceAll('person.', 'other.'));
  const server = await startRedis(dir, PORT);
  const portal = await startSandbox(UNLIMITED);
  const redis = new Redis(server.url);
  const env = {
    REDIS_URL: server.url,
    ONBOARD_DATA_DIR: join(dir, 'data'),
    DOCSPACE_URL: portal.url,
    DOCSPACE_API_KEY: portal.key,
  };
  try {
    const session = await openSession(env);
    const isWithin = report(await uploadAll(session, big));
    const rows = await rowsOf(redis, 'big');
    await session.kill('SIGTERM');
    const { atKill, atEnd } = await killedAndAgain(env, redis, small);
    console.log(`killed with ${atKill} of ${ROWS_KILLED} rows; after the same upload ${atEnd}`);
    if (!isWithin || rows !== ROWS || atEnd !== ROWS_KILLED) process.exitCode = 1;
    console.log(
      process.exitCode === 1 ? 'missed' : `within ${MOST_MIB} MiB and ${MOST_HEALTH_MS} ms`,
    );
  } finally {
    redis.disconnect();
    await portal.stop();
    await server.stop();
  }
});
