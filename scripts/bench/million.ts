// How long status, find and the first page of a report take on a batch of 1,000,000 rows, as whole
// processes, beside a process that does nothing and the same commands on a batch of 100 rows.
// Usage: npm run bench:million
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { addressOf, fillLedger } from './fill-ledger.ts';
import { CLI, inFolder, median, startRedis, table } from './processes.ts';

const ROWS = 1_000_000;
const FEW = 100;
const RUNS = 10;
const PORT = 7398;
const PREFIX = '{onboard}';

/** Lines that make a page of a terminal. */
const PAGE_LINES = 50;

interface Timed {
  /** Until the process has ended, or, of a report, until its first page is there. */
  ms: number;
  lines: number;
}

/** Runs a process and takes the time; with `lines`, only until so many lines have come. */
async function time(args: readonly string[], env: object, lines?: number): Promise<Timed> {
  const { PATH = '' } = process.env;
  const started = performance.now();
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn(process.execPath, args, { env: { PATH, ...env }, stdio: [...stdio] });
  let text = '';
  const seen = () => text.split('\n').length - 1;
  const page = new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (lines === undefined || seen() < lines) return;
      resolve();
      child.stdout?.destroy();
    });
  });
  const ended = once(child, 'close');
  await Promise.race([page, ended]);
  const ms = performance.now() - started;
  await ended;
  return { ms, lines: seen() };
}

interface Case {
  name: string;
  args: readonly string[];
  page?: number;
}

/** The commands on a batch; each names a person in the middle of it. */
function commandsOn(batch: string, rows: number): Case[] {
  const email = addressOf(batch, Math.floor(rows / 2));
  return [
    { name: 'status BATCH', args: [CLI, 'status', batch] },
    { name: 'status', args: [CLI, 'status'] },
    { name: 'find EMAIL', args: [CLI, 'find', email] },
    {
      name: `report BATCH, first ${PAGE_LINES} lines`,
      args: [CLI, 'report', batch],
      page: PAGE_LINES,
    },
  ];
}

async function measure({ name, args, page }: Case, env: object): Promise<string[]> {
  const runs: Timed[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const timed = await time(args, env, page);
    if (args[0] === CLI && timed.lines === 0) throw new Error(`${name} printed nothing`);
    runs.push(timed);
  }
  const times = runs.map(({ ms }) => ms);
  const figures = [median(times), Math.min(...times), Math.max(...times)];
  return [name, ...figures.map((ms) => String(Math.round(ms)))];
}

await inFolder(async (dir) => {
  const server = await startRedis(dir, PORT);
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  try {
    const env = { REDIS_URL: server.url, ONBOARD_PREFIX: PREFIX };
    const filled = await fillLedger(redis, { prefix: PREFIX, batch: 'million', rows: ROWS });
    const [bytes, index] = [filled.settled, filled.emails].map(Math.round);
    console.log(
      `${Math.round(filled.afterIntake)} bytes a row after intake, ${bytes} when settled,`,
    );
    console.log(`of which the index of e-mails takes ${index}\n`);
    const head = ['process', 'median ms', 'fastest', 'slowest'];
    const rows = [await measure({ name: 'node -e 0', args: ['-e', '0'] }, env)];
    rows.push(await measure({ name: 'onboard --help', args: [CLI, '--help'] }, env));
    for (const each of commandsOn('million', ROWS)) rows.push(await measure(each, env));
    await fillLedger(redis, { prefix: '{few}', batch: 'few', rows: FEW });
    const few = { ...env, ONBOARD_PREFIX: '{few}' };
    for (const each of commandsOn('few', FEW)) {
      rows.push(await measure({ ...each, name: `${each.name}, ${FEW} rows` }, few));
    }
    console.log(table(head, rows));
  } finally {
    redis.disconnect();
    await server.stop();
  }
});
