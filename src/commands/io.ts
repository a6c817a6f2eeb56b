import type { Readable, Writable } from 'node:stream';
import type { LoggerOptions } from '../process/logger.ts';
import type { Timings } from '../timings.ts';

/** Exit statuses that are not errors; errors.ts has those of errors. */
export const exit = { ok: 0, someFailed: 3, held: 4, interrupted: 130 } as const;

export const draining = 'stopping: running requests finish; press Ctrl-C again to end at once\n';

/** The last line of an interrupted `run` or `submit`. */
export const continues = 'interrupted: run the same command to continue\n';

/** The process as a command sees it. */
export interface Io {
  env: Readonly<Record<string, string | undefined>>;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  /** Aborts on the first SIGINT, SIGTERM or SIGHUP. */
  interrupt: AbortSignal;
  /** Where log lines go; absent, to standard error, whose reader may go away. */
  log?: LoggerOptions['destination'];
  timings: Timings;
}
