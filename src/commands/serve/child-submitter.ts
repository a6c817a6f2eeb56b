import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, getPriority, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { INTERRUPTED } from '../../console/uploads/plan-faults.ts';
import type { PlanFailure } from '../../console/uploads/plan-record.ts';
import type { Submitter, Who } from '../../console/uploads/submitter.ts';
import { acceptedName } from '../../process/actor.ts';
import { exit } from '../io.ts';
import { readPlan } from './read-plan.ts';
import { submissionArgs } from './submission-args.ts';

/** Characters of a child's errors that are read: a list of faults has hundreds. */
const MOST_WORDS = 20_000;

const ERROR = /^(E_[A-Z_]+): (.*)$/;

interface Program {
  /** Arguments of Node that start the command line. */
  program: readonly string[];
  /** Environment of this command; secrets are in it. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Plans and submits by the command line, in a process of its own (decision 26). */
export function childSubmitter(options: Program): Submitter {
  return {
    async plan(upload, { rejected, onProgress, signal }) {
      const flags = ['--dry-run', ...(upload.options.lookup ? ['--lookup'] : [])];
      const child = start(options, submissionArgs(upload, flags), { signal });
      const reading = readPlan(child.stdout, rejected);
      reading.catch(() => child.stop());
      const [said] = await Promise.all([wordsOf(child, onProgress), child.ended]);
      const { summary, rejections, headers } = await reading;
      // A fault of the checks still has a plan, and its page shows the remedy.
      if (summary !== undefined) return { summary, rejections };
      const failure = failureIn(said);
      return { failure: headers === undefined ? failure : { ...failure, headers } };
    },

    async submit(upload, { plan, by, signal }) {
      const flags = [`--plan=${plan}`, `--via=console/${by.role}`];
      const child = start(options, submissionArgs(upload, flags), { by, signal });
      child.stdout.resume();
      const [said, status] = await Promise.all([wordsOf(child), child.ended]);
      if (status === exit.ok) return {};
      if (status === exit.interrupted) return { failure: INTERRUPTED };
      return { failure: failureIn(said) };
    },
  };
}

interface Child {
  stdout: Readable;
  stderr: Readable;
  /** Its exit status. */
  ended: Promise<number | null>;
  /** Ends a child whose output nobody reads: it would wait for a reader. */
  stop(): void;
}

function start(
  { program, env }: Program,
  args: readonly string[],
  { by, signal }: { by?: Who; signal: AbortSignal },
): Child {
  // No shell: a name of a file is data. A group of its own: Ctrl-C on the console's terminal would
  // reach it beside our signal, and a second signal ends at once.
  const child = spawn(process.execPath, [...program, ...args], {
    env: { ...ownOf(env), ...(by !== undefined && { ONBOARD_ACTOR: acceptedName(by.name) }) },
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

/** The last error that a child reports, with the lines below it, and its progress. */
async function wordsOf(
  { stderr }: Child,
  onProgress?: (rows: number, all: number) => void,
): Promise<string[]> {
  let lines: string[] = [];
  let length = 0;
  for await (const line of createInterface({ input: stderr })) {
    const [, rows, all] = /^(\d+) of (\d+) rows$/.exec(line) ?? [];
    if (rows !== undefined) onProgress?.(Number(rows), Number(all));
    else if (ERROR.test(line)) {
      lines = [line];
      length = line.length;
    } else if (lines.length > 0 && length < MOST_WORDS) {
      lines.push(line);
      length += line.length;
    }
  }
  return lines;
}

/** The error that ended a child: the line with its code, and the lines below. */
function failureIn([first = '', ...more]: readonly string[]): PlanFailure {
  const [, code, text = ''] = ERROR.exec(first) ?? [];
  if (code === undefined) {
    return { code: 'E_INTERNAL', message: 'the command ended without an error: try again' };
  }
  return { code, message: [text, ...more].join('\n').slice(0, MOST_WORDS) };
}
