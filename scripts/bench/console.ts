// Time of each page of the console on a batch of 1,000,000 rows, of which 10,000 failed, beside an
// empty Node process; 500 viewers of one batch; and the memory of a whole report.
// Usage: npm run bench:console
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { owned } from './children.ts';
import { fillLedger } from './fill-ledger.ts';
import { CLI, inFolder, median, startRedis, table, takesNoArguments } from './processes.ts';

takesNoArguments();

const RUNS = 60;
const ROWS = 1_000_000;
const PORT = 7396;
const VIEWERS = 500;
const WATCHED_MS = 10_000;

const PAGES = [
  '/',
  '/batches',
  '/batches/big',
  '/batches/big/rows?state=failed',
  '/batches/big/rows?state=failed&from=500000',
  '/batches/big/rows?state=failed&from=995000',
  '/batches/big/rows',
  '/batches/big/rows?from=999950',
  '/batches/big/rows/500000',
  '/batches/big/activity',
  '/batches/big/retry',
  '/queues',
];

interface Console {
  url: string;
  cookie: string;
  pid: number;
  stop(): Promise<void>;
}

/** Starts the built console and signs in with the code that it prints. */
async function startConsole(): Promise<Console> {
  const { PATH = '' } = process.env;
  const env = {
    PATH,
    REDIS_URL: `redis://127.0.0.1:${PORT}`,
    CONSOLE_PORT: '0',
    LOG_LEVEL: 'error',
  };
  const child = owned(
    spawn(process.execPath, [CLI, 'console', '--role', 'admin'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  let said = '';
  child.stdout.setEncoding('utf8');
  for await (const piece of child.stdout) {
    said += piece;
    if (said.includes('within')) break;
  }
  const [, url = '', code = ''] = /sign in: (\S+)\/sign-in#(\S+)/.exec(said) ?? [];
  const body = new URLSearchParams({ code });
  const headers = { origin: url };
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const stop = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { url, cookie, pid: child.pid ?? 0, stop };
}

/** Times of one page, ms; the first one loads scripts and is left out. */
async function timesOf({ url, cookie }: Console, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run += 1) {
    const began = performance.now();
    const answer = await fetch(url + path, { headers: { cookie } });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}`);
    if (run > 0) times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

function at(times: readonly number[], share: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

/** Commands that Redis has run. */
async function commandsOf(redis: Redis): Promise<number> {
  const stats = await redis.info('stats');
  return Number(/total_commands_processed:(\d+)/.exec(stats)?.[1]);
}

/** Commands a second with this many viewers of one batch. */
async function watched({ url, cookie }: Console, redis: Redis, viewers: number): Promise<number> {
  const requests = Array.from({ length: viewers }, () =>
    get(`${url}/batches/big/live`, { headers: { cookie } }, (answer) => answer.resume()),
  );
  for (const request of requests) request.on('error', () => undefined);
  await pause(3000);
  const before = await commandsOf(redis);
  await pause(WATCHED_MS);
  const spent = (await commandsOf(redis)) - before;
  for (const request of requests) request.destroy();
  return (spent * 1000) / WATCHED_MS;
}

/** Peak memory of a process so far, MiB. */
function peakOf(pid: number): number {
  const kib = Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return Math.round(kib / 1024);
}

/** Downloads the whole report: time to the first byte in ms, and bytes. */
async function download({ url, cookie }: Console) {
  const began = performance.now();
  const answer = await fetch(`${url}/batches/big/report.csv`, { headers: { cookie } });
  const reader = answer.body?.getReader();
  await reader?.read();
  const firstMs = performance.now() - began;
  let bytes = 0;
  for (;;) {
    const piece = await reader?.read();
    if (piece === undefined || piece.done) break;
    bytes += piece.value.length;
  }
  return { firstMs, bytes, seconds: (performance.now() - began) / 1000 };
}

async function emptyProcess(): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < 20; run += 1) {
    const began = performance.now();
    await once(spawn(process.execPath, ['-e', '0']), 'exit');
    times.push(performance.now() - began);
  }
  return median(times);
}

await inFolder(async (dir) => {
  const server = await startRedis(dir, PORT);
  const redis = new Redis(server.url);
  // Connections are refused until Redis has started; ioredis tries again.
  redis.on('error', () => undefined);
  try {
    console.log(`filling a batch of ${ROWS} rows`);
    await fillLedger(redis, { prefix: '{onboard}', batch: 'big', rows: ROWS });
    const running = await startConsole();
    await reportTimes(running);
    await reportViewers(running, redis);
    await reportDownload(running);
    await running.stop();
  } finally {
    redis.disconnect();
    await server.stop();
  }
});

async function reportTimes(running: Console): Promise<void> {
  const empty = await emptyProcess();
  const rows: string[][] = [];
  for (const path of PAGES) {
    const times = await timesOf(running, path);
    const late = at(times, 0.95);
    rows.push([path, at(times, 0.5).toFixed(1), late.toFixed(1), (late / empty).toFixed(2)]);
  }
  console.log(`node -e 0: ${empty.toFixed(0)} ms`);
  console.log(table(['page', 'median ms', '95 % ms', 'times node -e 0'], rows));
}

async function reportViewers(running: Console, redis: Redis): Promise<void> {
  const one = await watched(running, redis, 1);
  const many = await watched(running, redis, VIEWERS);
  const [few, all] = [one.toFixed(1), many.toFixed(1)];
  console.log(`Redis commands a second: ${few} with 1 viewer, ${all} with ${VIEWERS}`);
}

async function reportDownload(running: Console): Promise<void> {
  const before = peakOf(running.pid);
  const { firstMs, bytes, seconds } = await download(running);
  const size = `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(0)} s`;
  console.log(`report: first byte after ${firstMs.toFixed(0)} ms, ${size}`);
  console.log(`peak memory ${before} MiB before, ${peakOf(running.pid)} MiB after`);
}
