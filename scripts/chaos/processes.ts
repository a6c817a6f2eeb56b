import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** The built command line; run chaos from the folder of the project. */
const CLI = resolve('dist', 'cli.js');

/** A process of the command line whose output goes to a file of the round's folder. */
export interface Command {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  /** Its whole output. */
  output(): string;
}

export interface Place {
  dir: string;
  env: Record<string, string>;
}

let started = 0;

export function startCommand(place: Place, name: string, args: readonly string[]): Command {
  started += 1;
  const path = join(place.dir, `${name}.${started}.log`);
  const file = openSync(path, 'a');
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: place.dir,
    env: { PATH, ...place.env },
    stdio: ['ignore', file, file],
  });
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  return { child, ended, output: () => readFileSync(path, 'utf8') };
}

/** Runs a command to its end and parses the JSON that it prints. */
export async function askJson<T>(place: Place, args: readonly string[]): Promise<T> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: place.dir,
    env: { PATH, ...place.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`onboard ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

export async function waitUntil(
  what: string,
  limitMs: number,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`no ${what} within ${limitMs} ms`);
    await pause(100);
  }
}

export async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** A redis-server with an append-only file, which can be killed, restarted and cut. */
export class Redis {
  readonly url: string;
  readonly #dir: string;
  readonly #port: number;
  #child: ChildProcess;
  #sizes: { at: number; bytes: number }[] = [];
  readonly #sampling: NodeJS.Timeout;
  #turn: Promise<void> = Promise.resolve();

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#child = this.#launch();
    this.#sampling = setInterval(() => this.#sample(), 20);
  }

  static async start(dir: string): Promise<Redis> {
    return new Redis(dir, await freePort());
  }

  kill(downMs: number): Promise<void> {
    return this.#inTurn(async () => {
      await killed(this.#child, 'SIGKILL');
      await pause(downMs);
      this.#child = this.#launch();
    });
  }

  /** Simulates a power loss: writes of the last `lostMs` never reached the disk. */
  losePower(lostMs: number): Promise<void> {
    return this.#inTurn(async () => {
      const lostFrom = Date.now() - lostMs;
      await killed(this.#child, 'SIGKILL');
      const kept = this.#sizes.findLast(({ at }) => at <= lostFrom)?.bytes;
      const path = this.#file();
      if (kept !== undefined && path !== undefined) truncateSync(path, kept);
      this.#sizes = [];
      this.#child = this.#launch();
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#sampling);
    await this.#inTurn(() => killed(this.#child, 'SIGTERM'));
  }

  /**
   * Runs one deed after another: overlapping ones would start two servers for one port, and one of them
   * would be forgotten and still run at the end.
   */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  /** Everything in the append-only file. */
  contents(): string {
    const path = this.#file();
    return path === undefined ? '' : readFileSync(path, 'latin1');
  }

  #launch(): ChildProcess {
    const reach = ['--port', String(this.#port), '--bind', '127.0.0.1', '--dir', this.#dir];
    const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
    const rest = ['--maxmemory-policy', 'noeviction', '--auto-aof-rewrite-percentage', '0'];
    return spawn('redis-server', [...reach, ...durable, ...rest], { stdio: 'ignore' });
  }

  #sample(): void {
    const path = this.#file();
    if (path !== undefined) this.#sizes.push({ at: Date.now(), bytes: statSync(path).size });
    if (this.#sizes.length > 200) this.#sizes.shift();
  }

  #file(): string | undefined {
    try {
      const folder = join(this.#dir, 'appendonlydir');
      const name = readdirSync(folder).find((each) => each.endsWith('.incr.aof'));
      return name === undefined ? undefined : join(folder, name);
    } catch {
      return undefined;
    }
  }
}

let taken = process.pid % 1000;

/** Below the ports the system gives to portals and connections, which come and go with every kill. */
async function freePort(): Promise<number> {
  const port = 30_000 + (taken++ % 1000);
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  server.close();
  await once(server, 'close');
  return port;
}
