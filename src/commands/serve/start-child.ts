import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority, setPriority } from 'node:os';
import type { Readable } from 'node:stream';

export interface Child {
  stdout: Readable;
  stderr: Readable;
  /** Its exit status. */
  ended: Promise<number | null>;
  /** Ends a child whose output nobody reads: it would wait for a reader. */
  stop(): void;
}

/** Starts our command line with arguments; `env` is added to its environment. */
export type StartChild = (
  args: readonly string[],
  options: { env?: Readonly<Record<string, string>>; signal: AbortSignal },
) => Child;

interface Program {
  /** Arguments of Node that start the command line. */
  program: readonly string[];
  /** Environment of this command; secrets are in it. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Children as processes of their own; SIGTERM reaches one when its signal is aborted. */
export function childrenOf({ program, env }: Program): StartChild {
  return (args, { env: more, signal }) => {
    // No shell: a name of a file is data. A group of its own: Ctrl-C on the console's terminal would
    // reach it beside our signal, and a second signal ends at once.
    const child = spawn(process.execPath, [...program, ...args], {
      env: { ...ownOf(env), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    comeSecond(child);
    const stop = () => child.kill('SIGTERM');
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const ended = endOf(child).finally(() => signal.removeEventListener('abort', stop));
    const { stdout, stderr } = child;
    const unread = () => {
      stop();
      stdout.resume();
    };
    return { stdout, stderr, ended, stop: unread };
  };
}

/** Steps of `nice` by which a child comes after the console's pages and its health check. */
const LESS_PRIORITY = 10;

function comeSecond({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, Math.min(constants.priority.PRIORITY_LOW, getPriority() + LESS_PRIORITY));
  } catch {
    // The child has ended, or the system refuses: it works anyway.
  }
}

/** The environment of a child: the console's own settings and secrets are none of its business. */
function ownOf(env: Program['env']): Record<string, string | undefined> {
  const entries = Object.entries(env);
  return Object.fromEntries(entries.filter(([name]) => !/^(CONSOLE|DASHBOARD)_/.test(name)));
}

/** A child that could not be started at all has no status. */
async function endOf(child: ChildProcess): Promise<number | null> {
  try {
    const [status] = await once(child, 'close');
    return typeof status === 'number' ? status : null;
  } catch {
    return null;
  }
}
