import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverState } from '../../src/redis/private/probe-server.ts';
import { type Timings, timings } from '../../src/timings.ts';
import { startInProcess, stopInProcess } from './in-process.ts';
import { type RunningProcess, startProcess } from './processes.ts';
import { lazy, onRelease, type Register } from './resources.ts';
import type { Call, Ended, Given, Running } from './running.ts';
import { quick } from './timings.ts';
import { waitFor } from './wait-for.ts';

type Env = Readonly<Record<string, string>>;

/** Ways to run the command line. */
interface Commands<R extends Running = Running> {
  start(args: readonly string[], given?: Given): R;
  run(args: readonly string[], given?: Given): Promise<Ended>;
  /** `onboard worker`, ready. */
  worker(given?: Given): Promise<R>;
}

/** A folder and an environment for commands, which run in this process. */
export interface Place extends Commands {
  readonly dir: string;
  readonly env: Env;
  /** Writes a file into the folder and returns its name. */
  write(name: string, text: string | Buffer): string;
  /**
   * Runs commands as real processes: to kill one, to send a second signal, to test the executable.
   */
  readonly process: Commands<RunningProcess>;
}

interface PlaceOptions {
  register?: Register;
  timings?: Timings;
}

/**
 * A new folder in which commands run with this environment and the inherited PATH. Running commands
 * are stopped at the time of `register`, by default after the test.
 */
export function openPlace(given: Env = {}, options: PlaceOptions = {}): Place {
  const { register = onRelease, timings: waits = quick } = options;
  const env = { PATH: process.env.PATH ?? '', ...given };
  const folder = lazy(() => openFolder(register));
  const callOf = (args: readonly string[], more: Given = {}): Call => {
    return { args, dir: folder(), env: { ...env, ...more.env }, stdin: more.stdin ?? '' };
  };
  const own = commands((args, more) => {
    const running = startInProcess(callOf(args, more), waits);
    register(() => stopInProcess(running));
    return running;
  });
  const processes = commands((args, more) => startProcess(callOf(args, more), waits, register));
  return {
    ...own,
    process: processes,
    env,
    get dir() {
      return folder();
    },
    write: (name, text) => {
      writeFileSync(join(folder(), name), text, { mode: 0o600 });
      return name;
    },
  };
}

function commands<R extends Running>(
  begin: (args: readonly string[], given?: Given) => R,
): Commands<R> {
  const start = (args: readonly string[], given: Given = {}): R => {
    const running = begin(args, given);
    given.interrupt?.addEventListener('abort', () => running.send('SIGINT'));
    return running;
  };
  return {
    start,
    run: (args, given) => start(args, given).ended,
    worker: async (given) => {
      const running = start(['worker'], given);
      await waitFor(() => running.stderr.includes('worker ready'), { what: 'a worker' });
      return running;
    },
  };
}

function openFolder(register: Register): string {
  const dir = mkdtempSync(join(tmpdir(), 'onboard-test-'));
  register(({ failed }) => (failed ? told(dir) : removeFolder(dir)));
  return dir;
}

function told(dir: string): void {
  process.stderr.write(`kept for inspection: ${dir}\n`);
}

/** A private Redis ends shortly after its owner, and writes into the folder until then. */
async function removeFolder(dir: string): Promise<void> {
  const socketPath = join(dir, '.onboard', 'redis.sock');
  const isGone = async () =>
    !existsSync(socketPath) || (await serverState(socketPath, timings)) === 'absent';
  await waitFor(isGone, { what: 'redis to stop' });
  await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}
