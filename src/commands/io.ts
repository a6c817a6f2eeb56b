import type { Readable, Writable } from 'node:stream';
import type { LoggerOptions } from '../logger.ts';
import type { Timings } from '../timings.ts';

/** Exit statuses that are no errors; those of errors are in errors.ts. */
export const exit = { ok: 0, someFailed: 3, held: 4, interrupted: 130 } as const;

/** What a command says between Ctrl-C and its end. */
export const draining = 'stopping: running requests finish; Ctrl-C again ends at once\n';

/** What an interrupted `run` or `submit` says last. */
export const goesOn = 'interrupted: the same command goes on from here\n';

/** The process as a command sees it. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  /** Aborts on the first SIGINT or SIGTERM. */
  interrupt: AbortSignal;
  /** Where log lines go; absent, to standard error, whose reader may go away. */
  log?: LoggerOptions['destination'];
  timings: Timings;
}
