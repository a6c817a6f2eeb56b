import { PassThrough, Readable } from 'node:stream';
import type { Io } from '../../src/commands/io.ts';
import { timings } from '../../src/timings.ts';

/** A process that nobody hears, told to stop already: for looking at the program, not for running it. */
export function deafIo(change: Partial<Io> = {}): Io {
  const silent = new PassThrough().resume();
  const streams = { stdin: Readable.from([]), stdout: silent, stderr: silent };
  return { env: {}, ...streams, interrupt: AbortSignal.abort(), timings, ...change };
}
