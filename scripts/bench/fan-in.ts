// From the last answer to a creation to the invite: its time, and the memory of a worker that has
// just started, for several sizes of a batch. Everything but the last few hundred people is created
// by a worker before; each round then begins with the same Redis.
// Exits with 1 where the invite takes more than 0.5 s.
// Usage: npm run bench:fan-in [-- --rows 1000,10000,100000] [--invite-size N] [--rounds N] [--cli FILE]... [--quick]
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { atMost, conclude } from './aims.ts';
import { owned } from './children.ts';
import { StandIn } from './fan-in-stand.ts';
import { COMMON, countOf, orExit } from './flags.ts';
import {
  CLI,
  freePort,
  inFolder,
  median,
  peopleCsv,
  runNode,
  startRedis,
  table,
} from './processes.ts';

/** People who are left to the worker that is measured, before those in flight at the stop of the other. */
const LEFT = 600;
const BATCH = 'bench';

const { values } = orExit(() =>
  parseArgs({
    options: {
      ...COMMON,
      rows: { type: 'string', default: '1000,10000,100000' },
      'invite-size': { type: 'string', default: '20000' },
      cli: { type: 'string', multiple: true, default: [CLI] },
      profile: { type: 'string' },
    },
  }),
);
const rounds = values.quick ? 1 : orExit(() => countOf('--rounds', values.rounds));
const sizes = values.quick ? [1000] : values.rows.split(',').map(Number);
const AIM_MS = 500;

/** Lines of the table; `mostMs` is the longest median until the invite. */
export interface FanInFigures {
  head: string[];
  lines: (string | number)[][];
  mostMs: number;
}
const size = values['invite-size'];

/** Redis keeps it over all rounds. */
const PORT = await freePort();

function memory(pid: number | undefined, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
}

/** The peak counts from here (proc(5), clear_refs). */
function resetPeak(pid: number | undefined): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function startWorker(cli: string, env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  const flags = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
  const worker = spawn(process.execPath, [...flags, resolve(cli), 'worker'], {
    env: { PATH, HOME, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  worker.once('exit', (code) => {
    if (code === 0) return;
    console.error(`the worker ended with ${code}`);
    process.exit(1);
  });
  return owned(worker);
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

async function client(url: string): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  while (!(await redis.ping().catch(() => undefined))) await pause(50);
  return redis;
}

/** Runs `body` on a Redis with the data of a folder. */
async function onRedis<T>(dir: string, body: (redis: Redis) => Promise<T>): Promise<T> {
  const server = await startRedis(dir, PORT);
  const redis = await client(server.url);
  try {
    return await body(redis);
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

/** Writes the data set anew, so that a copy of the folder loads at once. */
async function compact(redis: Redis): Promise<void> {
  await redis.bgrewriteaof();
  while (/aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))) {
    await pause(100);
  }
}

type Env = Record<string, string>;

/** Fills a Redis with a batch whose last people are still to be created; returns their number. */
async function fill(dir: string, rows: number, portal: StandIn, env: Env): Promise<number> {
  await mkdir(dir);
  const file = join(dir, 'people.csv');
  await writeFile(file, peopleCsv(rows));
  const before = await portal.mark({ near: Number.MAX_SAFE_INTEGER, last: 0 });
  await portal.mark({ near: before + rows - LEFT, last: 0 });
  await onRedis(dir, async (redis) => {
    const options = ['--batch', BATCH, '--invite-size', size, '--no-notify', '--no-check'];
    const submitted = await runNode([CLI, 'submit', file, ...options], env);
    if (submitted.code !== 0) throw new Error(submitted.stderr);
    const near = portal.next('near');
    const worker = startWorker(CLI, env);
    await near;
    await end(worker);
    await compact(redis);
  });
  await rm(file);
  return before + rows - (await portal.mark({ near: 0, last: 0 }));
}

interface Measured {
  /** From the last answer to a creation to the first byte of the invite, ms, */
  ms: number;
  /** to the last byte of the last one, ms. */
  wholeMs: number;
  requests: number;
  bytes: number;
  /** Memory of the worker at the last creation, and its peak from then to the first and last invite. */
  before: number;
  peakFirst: number;
  peak: number;
}

async function measure(
  { dir, left, rows }: { dir: string; left: number; rows: number },
  portal: StandIn,
  start: () => ChildProcess,
): Promise<Measured> {
  const created = await portal.mark({ near: 0, last: 0 });
  await portal.mark({ near: 0, last: created + left });
  portal.invites.length = 0;
  const sum = (field: 'people' | 'bytes') =>
    portal.invites.reduce((all, invite) => all + (invite[field] ?? 0), 0);
  return onRedis(dir, async () => {
    const [last, first] = [portal.next('last'), portal.next('invite')];
    const worker = start();
    await last;
    const before = memory(worker.pid, 'VmRSS');
    resetPeak(worker.pid);
    const { ms = 0 } = await first;
    const peakFirst = memory(worker.pid, 'VmHWM');
    while (sum('people') < rows) await pause(5);
    const peak = memory(worker.pid, 'VmHWM');
    await end(worker);
    const wholeMs = portal.invites.at(-1)?.wholeMs ?? 0;
    const requests = portal.invites.length;
    return { ms, wholeMs, requests, bytes: sum('bytes'), before, peakFirst, peak };
  });
}

await inFolder(async (dir) => {
  const portal = new StandIn();
  const { port } = await portal.next('ready');
  const env = {
    REDIS_URL: `redis://127.0.0.1:${PORT}`,
    DOCSPACE_URL: `http://127.0.0.1:${port}`,
    DOCSPACE_API_KEY: `sk-${'0'.repeat(64)}`,
    ONBOARD_REQUESTS_PER_MINUTE: '0',
  };
  const lines: (string | number)[][] = [];
  let mostMs = 0;
  for (const rows of sizes) {
    const filled = join(dir, `filled-${rows}`);
    const left = await fill(filled, rows, portal, env);
    const runs = new Map<string, Measured[]>(values.cli.map((cli) => [cli, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const cli of values.cli) {
        const copy = join(dir, 'round');
        await cp(filled, copy, { recursive: true });
        runs
          .get(cli)
          ?.push(await measure({ dir: copy, left, rows }, portal, () => startWorker(cli, env)));
        await rm(copy, { recursive: true });
      }
    }
    await rm(filled, { recursive: true });
    for (const [cli, all] of runs) {
      const mid = (pick: (run: Measured) => number) => median(all.map(pick));
      mostMs = Math.max(
        mostMs,
        mid((run) => run.ms),
      );
      lines.push([
        rows.toLocaleString('en-US'),
        ...(values.cli.length > 1 ? [cli] : []),
        all.map((run) => Math.round(run.ms)).join(', '),
        Math.round(mid((run) => run.ms)),
        mid((run) => run.requests),
        Math.round(mid((run) => run.wholeMs)),
        Math.round(mid((run) => run.before)),
        Math.round(mid((run) => run.peakFirst)),
        Math.round(mid((run) => run.peak)),
      ]);
    }
  }
  portal.stop();
  const head = [
    'people',
    ...(values.cli.length > 1 ? ['build'] : []),
    'ms to the invite',
    'median',
    'requests',
    'ms to the last byte',
    'MiB at the last creation',
    'peak MiB to the first invite',
    'peak MiB to the last',
  ];
  console.log(table(head, lines));
  const figures: FanInFigures = { head, lines, mostMs };
  const what = `fan-in, --invite-size ${size}: ms to the invite`;
  conclude({ figures, aims: [atMost({ what, measured: mostMs, aim: AIM_MS, digits: 0 })] }, values);
});
process.exit();
