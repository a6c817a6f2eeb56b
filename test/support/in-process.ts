import { PassThrough, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommand } from '../../src/main.ts';
import type { Timings } from '../../src/timings.ts';
import type { Call, Ended, Running } from './running.ts';

/**
 * Starts a command in this process, at a tenth of the cost of a new one: same code, same streams,
 * same text and exit status of an error. It cannot be killed.
 */
export function startInProcess(call: Call, timings: Timings): Running {
  const [stdout, stderr] = [collector(), collector()];
  const controller = new AbortController();
  const io = {
    env: call.env,
    stdin: Readable.from(call.stdin === '' ? [] : [Buffer.from(call.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    log: { write: stderr.writeIfOpen },
    interrupt: controller.signal,
    timings,
  };
  const running = async (): Promise<Ended> => {
    enter(call.dir);
    const code = await runCommand(io, call.args).finally(leave);
    await Promise.all([stdout.end(), stderr.end()]);
    return { code, signal: null, stdout: stdout.text(), stderr: stderr.text() };
  };
  const ended = running();
  return {
    get stdout() {
      return stdout.text();
    },
    get stderr() {
      return stderr.text();
    },
    ended,
    send: (signal) => {
      if (signal !== 'SIGINT' && signal !== 'SIGTERM') throw new Error(`${signal} needs a process`);
      controller.abort();
    },
  };
}

function collector() {
  const stream = new PassThrough();
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  return {
    stream,
    text: () => text,
    /** A connection may still write to the log after its command has ended. */
    writeIfOpen: (line: string) => void (stream.writableEnded || stream.write(line)),
    end: () => finished(stream.end()),
  };
}

/** Commands resolve files from the current folder, and a process has one. */
const folder = { home: process.cwd(), dir: '', commands: 0 };

function enter(dir: string): void {
  if (folder.commands > 0 && folder.dir !== dir) {
    throw new Error('commands of two places at a time: start those of one as processes');
  }
  if (folder.commands === 0) {
    folder.home = process.cwd();
    folder.dir = dir;
    process.chdir(dir);
  }
  folder.commands += 1;
}

function leave(): void {
  folder.commands = Math.max(0, folder.commands - 1);
  if (folder.commands === 0) process.chdir(folder.home);
}

const STUCK_MS = 20_000;

/**
 * Ends a command that a test left behind. A command that does not end fails its test, and must not
 * keep the next tests of this process out of their folders.
 */
export async function stopInProcess(running: Running): Promise<void> {
  running.send('SIGTERM');
  const late = pause(STUCK_MS, 'late', { ref: false });
  if ((await Promise.race([running.ended, late])) !== 'late') return;
  folder.commands = 0;
  process.chdir(folder.home);
  throw new Error(`a command did not end; it said: ${running.stderr}`);
}
