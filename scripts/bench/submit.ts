// `onboard submit` of 200,000 rows (read, validate, ledger, queue), the same jobs with bare
// `Queue.addBulk`, and one FlowProducer.add of 100,000 (which takes 1.4 GB), alternating, three rounds.
// Exits with 1 where an aim is missed. Usage: npm run bench:submit [-- ROWS]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import {
  CLI,
  type Finished,
  inFolder,
  median,
  peopleCsv,
  runNode,
  startRedis,
  table,
  usedMemory,
} from './processes.ts';

const ROWS = Number(process.argv[2] ?? 200_000);
if (!Number.isSafeInteger(ROWS) || ROWS < 1) throw new Error('give a number of rows');
const ROUNDS = ROWS > 200_000 ? 1 : 3;
const FLOW_ROWS = 100_000;

/** Most time of `submit` in times of bare addBulk, peak memory, and bytes of a row in Redis. */
const AIMS = { times: 1.45, peakMiB: 170, bytesPerRow: 1100 };
const PORT = 7399;

interface Measured extends Finished {
  rows: number;
  bytesPerRow: number;
}

interface Run {
  rows: number;
  start: (url: string) => Promise<Finished>;
}

async function onFreshRedis(dir: string, { rows, start }: Run): Promise<Measured> {
  await mkdir(dir);
  const server = await startRedis(dir, PORT);
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  try {
    const before = await usedMemory(redis);
    const finished = await start(server.url);
    if (finished.code !== 0) throw new Error(finished.stderr);
    return { ...finished, rows, bytesPerRow: ((await usedMemory(redis)) - before) / rows };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

function figuresOf(runs: readonly Measured[]) {
  const seconds = median(runs.map((run) => run.seconds));
  return {
    seconds,
    microseconds: (seconds * 1_000_000) / (runs[0]?.rows ?? 1),
    peakMiB: Math.max(...runs.map((run) => run.peakMiB)),
    bytesPerRow: median(runs.map((run) => run.bytesPerRow)),
  };
}

function cells(name: string, runs: readonly Measured[]): unknown[] {
  const { seconds, microseconds, peakMiB, bytesPerRow } = figuresOf(runs);
  const each = runs.map((run) => run.seconds.toFixed(1)).join(', ');
  const figures = [microseconds, peakMiB, bytesPerRow].map(Math.round);
  return [name, runs[0]?.rows, each, seconds.toFixed(1), ...figures];
}

await inFolder(async (dir) => {
  const file = join(dir, 'people.csv');
  await writeFile(file, peopleCsv(ROWS));
  const script = (name: string, rows: number) => (url: string) =>
    runNode([join(import.meta.dirname, name), url, String(rows)], {});
  const env = (url: string) => ({ REDIS_URL: url, DOCSPACE_URL: 'http://127.0.0.1:9' });
  const runs: Record<string, Run> = {
    'onboard submit': {
      rows: ROWS,
      start: (url) => runNode([CLI, 'submit', file], env(url)),
    },
    'bare addBulk': { rows: ROWS, start: script('bare-bulk.js', ROWS) },
    'one FlowProducer.add': { rows: FLOW_ROWS, start: script('one-flow.js', FLOW_ROWS) },
  };
  const measured = new Map<string, Measured[]>(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      const folder = join(dir, `${name.replaceAll(' ', '-')}-${round}`);
      measured.get(name)?.push(await onFreshRedis(folder, run));
    }
  }
  const head = [
    'producer',
    'rows',
    'seconds',
    'median',
    'µs a row',
    'peak MiB',
    'Redis bytes a row',
  ];
  console.log(
    table(
      head,
      [...measured].map(([name, list]) => cells(name, list)),
    ),
  );
  const ours = figuresOf(measured.get('onboard submit') ?? []);
  const times = ours.microseconds / figuresOf(measured.get('bare addBulk') ?? []).microseconds;
  console.log(`\nonboard submit takes ${times.toFixed(2)} times bare addBulk`);
  const figures = { ...ours, times };
  for (const name of ['times', 'peakMiB', 'bytesPerRow'] as const) {
    if (figures[name] <= AIMS[name]) continue;
    console.log(`missed: ${name} is ${figures[name].toFixed(2)}, the aim is ${AIMS[name]}`);
    process.exitCode = 1;
  }
});
