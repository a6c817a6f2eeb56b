// Duration of status, find and the first page of a report on a batch of 1,000,000 rows, as whole
// processes, compared with an empty process and with the same commands on a batch of 100 rows. Then
// the longest command that Redis gets from each way of reading and changing such a batch.
// Exits with 1 where an aim is missed. Usage: npm run bench:million
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { addressOf, fillLedger } from './fill-ledger.ts';
import { CLI, inFolder, median, startRedis, table, takesNoArguments } from './processes.ts';
import { MOST_MS, type Slowest, slowCommands } from './slow-commands.ts';

takesNoArguments();

const RUNS = 30;

/** Most ms above `node -e 0`, medians. */
const AIMS: Record<string, number> = { 'onboard --help': 45, 'status, 1000000 rows': 130 };

const PORT = 7398;

/** Lines of a page of a terminal. */
const PAGE_LINES = 50;

interface Timed {
  /** Time until the process has ended, or until the first page of a report. */
  ms: number;
  lines: number;
}

/** Runs a process and measures the time; with `lines`, only until this number of lines. */
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
  prefix: string;
  /** Number of lines at which the time is measured. */
  page?: number;
}

/** The commands on a batch; each names a person in the middle of it. */
function commandsOn({ batch, rows, prefix }: typeof many): Case[] {
  const email = addressOf(batch, Math.floor(rows / 2));
  const on = (name: string, args: readonly string[], page?: number): Case => ({
    name: `${name}, ${rows} rows`,
    args: [CLI, ...args],
    prefix,
    ...(page === undefined ? {} : { page }),
  });
  return [
    on('status BATCH', ['status', batch]),
    on('status', ['status']),
    on('find EMAIL', ['find', email]),
    on(`report BATCH, first ${PAGE_LINES} lines`, ['report', batch], PAGE_LINES),
  ];
}

/** Runs all of them in turn, so that a slow moment of the machine affects each equally. */
async function measure(cases: readonly Case[]): Promise<unknown[][]> {
  const times = new Map(cases.map((each): [Case, number[]] => [each, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const [{ name, args, page, prefix }, list] of times) {
      const env = { REDIS_URL: `redis://127.0.0.1:${PORT}`, ONBOARD_PREFIX: prefix };
      const timed = await time(args, env, page);
      if (args[0] === CLI && timed.lines === 0) throw new Error(`${name} printed nothing`);
      list.push(timed.ms);
    }
  }
  const base = median([...times.values()][0] ?? []);
  return [...times].map(([{ name }, list]) => {
    const above = median(list) - base;
    if (above > (AIMS[name] ?? above)) process.exitCode = 1;
    const figures = [median(list), above, Math.min(...list), Math.max(...list)];
    return [name, ...figures.map((ms) => String(Math.round(ms))), AIMS[name] ?? ''];
  });
}

/** Rows of the table of commands; a command that is too long fails the benchmark. */
function longest(found: readonly Slowest[]): unknown[][] {
  return found.map(({ what, command, ms, above, isExempt }) => {
    if (ms > MOST_MS && !isExempt) process.exitCode = 1;
    return [what, command, ms.toFixed(1), above, isExempt ? '' : MOST_MS];
  });
}

/** Waits until the file of a million rows has been rewritten in the background. */
async function untilIdle(redis: Redis): Promise<void> {
  while (!(await redis.info('persistence')).includes('aof_rewrite_in_progress:0')) await pause(100);
}

const many = { prefix: '{million}', batch: 'million', rows: 1_000_000 };
const few = { prefix: '{few}', batch: 'few', rows: 100 };

await inFolder(async (dir) => {
  const server = await startRedis(dir, PORT);
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  try {
    const filled = await fillLedger(redis, many);
    await fillLedger(redis, few);
    await untilIdle(redis);
    const [bytes, index] = [filled.settled, filled.emails].map(Math.round);
    console.log(
      `${Math.round(filled.afterIntake)} bytes a row after intake, ${bytes} when settled,`,
    );
    console.log(`of which the index of e-mails takes ${index}\n`);
    const starts = [
      { name: 'node -e 0', args: ['-e', '0'], prefix: '' },
      { name: 'onboard --help', args: [CLI, '--help'], prefix: '' },
    ];
    const rows = await measure([...starts, ...commandsOn(many), ...commandsOn(few)]);
    const head = ['process', 'median ms', 'above `node -e 0`', 'fastest', 'slowest', 'aim'];
    console.log(table(head, rows));
    const found = await slowCommands(redis, { ...many, url: server.url });
    console.log(
      `\n${table(['work', 'longest command', 'ms', `above ${MOST_MS} ms`, 'aim'], longest(found))}`,
    );
  } finally {
    redis.disconnect();
    await server.stop();
  }
});
