import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { owned, ownedFolder } from './children.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
export const CLI = join(ROOT, 'dist', 'cli.js');

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
  /** Highest resident memory of the process, MiB. */
  peakMiB: number;
}

/** Runs a Node script to its end and watches its memory (VmHWM of /proc, every 50 ms). */
export async function runNode(
  args: readonly string[],
  env: Record<string, string>,
): Promise<Finished> {
  const started = performance.now();
  const child = spawnNode(args, env);
  const [stdout, stderr] = [collect(child, 'stdout'), collect(child, 'stderr')];
  let peakMiB = 0;
  const watching = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid));
  }, 50);
  const [code] = await once(child, 'close');
  clearInterval(watching);
  const seconds = (performance.now() - started) / 1000;
  return { code, stdout: stdout.join(''), stderr: stderr.join(''), seconds, peakMiB };
}

function spawnNode(args: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return owned(spawn(process.execPath, args, { env: { PATH, HOME, ...env } }));
}

function collect(child: ChildProcess, stream: 'stdout' | 'stderr'): string[] {
  const pieces: string[] = [];
  child[stream]?.setEncoding('utf8').on('data', (piece: string) => pieces.push(piece));
  return pieces;
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

export interface Server {
  url: string;
  stop(): Promise<void>;
}

/** Measures of a run: the sandbox's own record of accounts, invites and limits. */
export interface PortalState {
  accounts: { email: string; type: string; registeredAt: number }[];
  acceptedInvites: { emails: string[] }[];
  rejectedByLimiter: Record<string, number>;
  mostPerMinute: number;
  mostInFlight: { read: number; write: number };
}

export interface Portal extends Server {
  key: string;
  setFaults(faults: object): Promise<void>;
  state(): Promise<PortalState>;
}

/** Flags of a sandbox without limits. */
export const UNLIMITED = '--requests-per-minute 0 --writers 0 --readers 0 --writes-per-day 0'.split(
  ' ',
);

/** Starts the sandbox in a process of its own, by default with the documented limits. */
export async function startSandbox(flags: readonly string[] = [], latencyMs = 20): Promise<Portal> {
  const args = [CLI, 'sandbox', '--latency', String(latencyMs), ...flags];
  const child = spawnNode(args, { LOG_LEVEL: 'silent' });
  const stdout = collect(child, 'stdout');
  while (!stdout.join('').includes('DOCSPACE_API_KEY')) await pause(20);
  const [, url = '', key = ''] =
    /DOCSPACE_URL=(\S+)\s+DOCSPACE_API_KEY=(\S+)/.exec(stdout.join('')) ?? [];
  const control = `${url}/__sandbox`;
  return {
    url,
    key,
    stop: () => end(child),
    setFaults: async (faults) => {
      const body = JSON.stringify(faults);
      const answer = await fetch(`${control}/faults`, { method: 'POST', body });
      if (!answer.ok) throw new Error(await answer.text());
    },
    state: async () => (await (await fetch(`${control}/state`)).json()) as PortalState,
  };
}

/** A free port of this machine: a server that another run left behind would answer for this one. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** Starts a redis-server with the settings of the product, on loopback. */
export async function startRedis(dir: string, given?: number): Promise<Server> {
  const port = given ?? (await freePort());
  const settings = `port ${port}
bind 127.0.0.1
dir ${dir}
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
lazyfree-lazy-user-del yes
hash-max-listpack-value 1024
logfile ${join(dir, 'redis.log')}
`;
  await writeFile(join(dir, 'redis.conf'), settings);
  const child = owned(spawn('redis-server', [join(dir, 'redis.conf')], { stdio: 'ignore' }));
  return { url: `redis://127.0.0.1:${port}`, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** Bytes in use, as Redis reports them. */
export async function usedMemory(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1] ?? 0);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Runs `body` with a folder of its own, removed afterwards. */
export async function inFolder<T>(body: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'onboard-bench-'));
  ownedFolder(dir);
  try {
    return await body(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** People with distinct local parts, as a CSV file. */
export function peopleCsv(count: number): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `person.${index}@example.com,Anna,Example`,
  );
  return `email,first_name,last_name\n${lines.join('\n')}\n`;
}

/** A Markdown table with cells of one width in each column. */
export function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const lines = [head, ...rows].map((cells) => cells.map(String));
  const widths = head.map((_, at) => Math.max(3, ...lines.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  const [first = [], ...rest] = lines;
  return [line(first), line(rule), ...rest.map(line)].join('\n');
}

/** Ends a benchmark that was given an argument: it would run for minutes and ignore it. */
export function takesNoArguments(): void {
  const [first] = process.argv.slice(2);
  if (first === undefined) return;
  console.error(`this benchmark takes no arguments, but got ${first}`);
  process.exit(2);
}
