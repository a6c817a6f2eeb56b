import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { serverState } from '../../src/redis/probe.ts';
import {
  type RunningSandbox,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/sandbox.ts';
import { timings } from '../../src/timings.ts';
import { onRelease } from './resources.ts';
import { waitFor } from './wait-for.ts';

type Env = Record<string, string>;
type Register = (undo: () => unknown) => void;

/** How a process ended and all that it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A process of the command line that is under way. */
export interface Running {
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  send(signal: NodeJS.Signals): void;
  /** Stops reading its output, as `head` does when it has seen enough. */
  hangUp(): void;
}

/** A folder and an environment of their own for processes of the command line. */
export interface Place {
  readonly dir: string;
  readonly env: Readonly<Env>;
  start(args: readonly string[], more?: { env?: Env; stdin?: string }): Running;
  run(args: readonly string[], more?: { env?: Env; stdin?: string }): Promise<Ended>;
  /** Writes a file into the folder and returns its name. */
  write(name: string, text: string): Promise<string>;
}

const CLI = resolve('dist/cli.js');

/**
 * A fresh folder in which commands run with this environment and nothing inherited but PATH. What
 * is still running is killed when `register`'s time comes, by default after the test.
 */
export async function openPlace(env: Env = {}, register: Register = onRelease): Promise<Place> {
  const dir = await mkdtemp(join(tmpdir(), 'onboard-e2e-'));
  register(() => removeFolder(dir));
  const own = { PATH: process.env.PATH ?? '', ...env };
  const start: Place['start'] = (args, more = {}) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: dir,
      env: { ...own, ...more.env },
      stdio: 'pipe',
    });
    register(() => killed(child));
    child.stdin.on('error', () => undefined);
    child.stdin.end(more.stdin ?? '');
    return follow(child);
  };
  return {
    dir,
    env: own,
    start,
    run: (args, more) => start(args, more).ended,
    write: async (name, text) => {
      await writeFile(join(dir, name), text);
      return name;
    },
  };
}

function follow(child: ChildProcess): Running {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return {
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    ended,
    send: (signal) => {
      child.kill(signal);
    },
    hangUp: () => {
      child.stdout?.destroy();
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** A private Redis goes a moment after its owner, and writes into the folder until then. */
async function removeFolder(dir: string): Promise<void> {
  const socketPath = join(dir, '.onboard', 'redis.sock');
  await waitFor(async () => (await serverState(socketPath, timings)) === 'absent', {
    what: 'redis to stop',
  });
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}

export interface Scene extends Place {
  sandbox: RunningSandbox;
  /** Key prefix of this scene in the shared test Redis. */
  prefix: string;
}

interface SceneOptions {
  sandbox?: SandboxOptions;
  env?: Env;
  /** `private`: no REDIS_URL, so commands start a Redis of their own in the folder. */
  redis?: 'shared' | 'private';
  register?: Register;
}

/** A key that only tests know, so that finding it anywhere is finding a leak. */
export const TEST_KEY = `sk-${'5e'.repeat(32)}`;

const NO_LIMITS = { requestsPerMinute: 0, writesPerDay: 0 };

/** A sandbox portal without a rate limit, and a place whose commands use it. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const register = options.register ?? onRelease;
  const prefix = `{e${randomBytes(6).toString('hex')}}`;
  const settings = { latencyMs: 5, limits: NO_LIMITS, keys: [TEST_KEY], ...options.sandbox };
  const sandbox = await startSandbox(settings);
  register(() => sandbox.close());
  const redis: Env = options.redis === 'private' ? {} : { REDIS_URL: inject('redisUrl') };
  const portal = { DOCSPACE_URL: sandbox.url, DOCSPACE_API_KEY: TEST_KEY };
  const pace = { ONBOARD_PREFIX: prefix, ONBOARD_REQUESTS_PER_MINUTE: '0' };
  const place = await openPlace({ ...redis, ...portal, ...pace, ...options.env }, register);
  return { ...place, sandbox, prefix };
}

/** A CSV of `count` people, `p0@example.com` and so on. */
export function peopleCsv(count: number, first = 0): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `p${first + index}@example.com,Ana,Lee`,
  );
  return `email,first_name,last_name\n${lines.join('\n')}\n`;
}

/** The accounts that POST /people made on a sandbox. */
export function createdOn(sandbox: RunningSandbox): string[] {
  const { accounts } = sandbox.state();
  return accounts.filter(({ origin }) => origin === 'post').map(({ email }) => email);
}

/** Waits until a sandbox has created this many accounts: the middle of a run. */
export function untilCreated(sandbox: RunningSandbox, count: number): Promise<boolean> {
  const what = `${count} accounts`;
  return waitFor(() => createdOn(sandbox).length >= count, { what });
}
