// `onboard submit` of 200,000 rows (read, validate, ledger, queue), the same jobs with bare
// `Queue.addBulk`, and one FlowProducer.add of 100,000 (which takes 1.4 GB), alternating, three rounds.
// With `--memory` also the peak memory of both for fewer rows. Exits with 1 where an aim is missed.
// Usage: npm run bench:submit [-- --rows N] [--memory] [--rounds N] [--quick]
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { atMost, conclude } from './aims.ts';
import { COMMON, countOf, orExit } from './flags.ts';
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

const given = orExit(() => {
  const options = {
    ...COMMON,
    rows: { type: 'string', default: '200000' },
    memory: { type: 'boolean', default: false },
  } as const;
  const { values } = parseArgs({ options });
  const rows = values.quick ? 2000 : countOf('--rows', values.rows);
  const rounds = values.quick || rows > 200_000 ? 1 : countOf('--rounds', values.rounds);
  return { ...values, rows, rounds };
});
const { rows: ROWS, rounds: ROUNDS } = given;
const FLOW_ROWS = Math.min(ROWS, 100_000);
const OURS = 'onboard submit';
const FLOW = 'one FlowProducer.add';
/** Sizes of the picture of memory, besides those of the table. */
const SMALLER = given.quick ? [500, 1000] : [10_000, 50_000, 100_000];

/** Figures of one producer. */
export interface ProducerFigures {
  name: string;
  rows: number;
  seconds: number[];
  median: number;
  microseconds: number;
  peakMiB: number;
  bytesPerRow: number;
}

/** Peak memory over rows, MiB. */
export interface MemoryFigures {
  name: string;
  rows: number;
  peakMiB: number;
}

export interface SubmitFigures {
  producers: ProducerFigures[];
  times: number;
  memory: MemoryFigures[];
}

/** Most time of `submit` in times of bare addBulk, peak memory, and bytes of a row in Redis. */
const AIMS = { times: 1.45, peakMiB: 170, bytesPerRow: 1100 };

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
  const server = await startRedis(dir);
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

function figuresOf(name: string, runs: readonly Measured[]): ProducerFigures {
  const seconds = runs.map((run) => run.seconds);
  const rows = runs[0]?.rows ?? 1;
  return {
    name,
    rows,
    seconds,
    median: median(seconds),
    microseconds: (median(seconds) * 1_000_000) / rows,
    peakMiB: Math.max(...runs.map((run) => run.peakMiB)),
    bytesPerRow: median(runs.map((run) => run.bytesPerRow)),
  };
}

function cells({ name, rows, seconds, ...figures }: ProducerFigures): unknown[] {
  const each = seconds.map((one) => one.toFixed(1)).join(', ');
  const { microseconds, peakMiB, bytesPerRow } = figures;
  const rounded = [microseconds, peakMiB, bytesPerRow].map(Math.round);
  return [name, rows, each, figures.median.toFixed(1), ...rounded];
}

const script = (name: string, rows: number): Run => ({
  rows,
  start: (url) => runNode([join(import.meta.dirname, name), url, String(rows)], {}),
});

async function submission(dir: string, rows: number): Promise<Run> {
  const file = join(dir, `people-${rows}.csv`);
  await writeFile(file, peopleCsv(rows));
  const env = (url: string) => ({ REDIS_URL: url, DOCSPACE_URL: 'http://127.0.0.1:9' });
  return { rows, start: (url) => runNode([CLI, 'submit', file], env(url)) };
}

/** Runs each in turn, so that a slow moment of the machine affects all. */
async function alternating(
  dir: string,
  runs: Readonly<Record<string, Run>>,
): Promise<ProducerFigures[]> {
  const measured = new Map<string, Measured[]>(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      const folder = join(dir, `${name.replaceAll(' ', '-')}-${run.rows}-${round}`);
      measured.get(name)?.push(await onFreshRedis(folder, run));
    }
  }
  return [...measured].map(([name, list]) => figuresOf(name, list));
}

const HEAD = ['producer', 'rows', 'seconds', 'median', 'µs a row', 'peak MiB', 'Redis bytes a row'];

await inFolder(async (dir) => {
  const producers = await alternating(dir, {
    [OURS]: await submission(dir, ROWS),
    'bare addBulk': script('bare-bulk.js', ROWS),
    [FLOW]: script('one-flow.js', FLOW_ROWS),
  });
  const memory: MemoryFigures[] = producers.filter(({ name }) => name === OURS || name === FLOW);
  for (const rows of given.memory ? SMALLER : []) {
    const flow = rows < FLOW_ROWS ? { [FLOW]: script('one-flow.js', rows) } : {};
    memory.push(...(await alternating(dir, { [OURS]: await submission(dir, rows), ...flow })));
  }
  console.log(table(HEAD, producers.map(cells)));
  const [own, bulk] = producers;
  if (own === undefined || bulk === undefined) return;
  const times = own.microseconds / bulk.microseconds;
  console.log(`\nonboard submit takes ${times.toFixed(2)} times bare addBulk`);
  const { peakMiB, bytesPerRow } = own;
  const aims = [
    atMost({ what: 'submit: time in times of bare addBulk', measured: times, aim: AIMS.times }),
    atMost({ what: 'submit: peak MiB', measured: peakMiB, aim: AIMS.peakMiB, digits: 0 }),
    atMost({
      what: 'submit: bytes a row in Redis',
      measured: bytesPerRow,
      aim: AIMS.bytesPerRow,
      digits: 0,
    }),
  ];
  conclude({ figures: { producers, times, memory } satisfies SubmitFigures, aims }, given);
});
