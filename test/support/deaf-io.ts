import { PassThrough, Readable } from 'node:stream';
import type { Io } from '../../src/commands/io.ts';
import { timings } from '../../src/timings.ts';

/** Streams without a reader and an aborted interrupt: to inspect the program, not to run it. */
export function deafIo(change: Partial<Io> = {}): Io {
  const silent = new PassThrough().resume();
  const streams = { stdin: Readable.from([]), stdout: silent, stderr: silent };
  return { env: {}, ...streams, interrupt: AbortSignal.abort(), timings, ...change };
}
