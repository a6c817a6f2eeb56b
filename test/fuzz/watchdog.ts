import { Worker } from 'node:worker_threads';

interface Watched {
  /** Number of the case under way, and 1 while one is. */
  beats: Int32Array;
  limitMs: number;
  what: string;
  pid: number;
}

/**
 * Runs in a separate thread, because an endless loop blocks this one, and without imports, because
 * it is passed as text.
 */
function watch({ beats, limitMs, what, pid }: Watched): void {
  const { writeSync } = process.getBuiltinModule('node:fs');
  let seen = { number: 0, at: Date.now() };
  setInterval(() => {
    const number = Atomics.load(beats, 0);
    if (number !== seen.number || Atomics.load(beats, 1) === 0) seen = { number, at: Date.now() };
    if (Date.now() - seen.at < limitMs) return;
    writeSync(2, `fuzz: case ${number} of "${what}" takes more than ${limitMs} ms: killed\n`);
    process.kill(pid, 'SIGKILL');
  }, limitMs / 10);
}

/** The watchdog as a program for `new Worker(…, { eval: true })`. */
export const watchdogProgram: string = `(${watch.toString()})(require('node:worker_threads').workerData)`;

/** Marks the beginning and the end of cases. */
export interface Watchdog {
  begin(): void;
  end(): void;
  stop(): Promise<number>;
}

/** Kills this process, with a line that names the case, when a case exceeds `limitMs`. */
export function startWatchdog(what: string, limitMs: number): Watchdog {
  const beats = new Int32Array(new SharedArrayBuffer(8));
  const workerData: Watched = { beats, limitMs, what, pid: process.pid };
  const thread = new Worker(watchdogProgram, { eval: true, workerData });
  thread.unref();
  return {
    begin: () => {
      Atomics.add(beats, 0, 1);
      Atomics.store(beats, 1, 1);
    },
    end: () => {
      Atomics.store(beats, 1, 0);
    },
    stop: () => thread.terminate(),
  };
}
