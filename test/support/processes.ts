import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Timings, timings } from '../../src/timings.ts';
import type { Register } from './resources.ts';
import type { Call, Running } from './running.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const CLI = resolve(ROOT, 'dist/cli.js');
const SCALED_CLI = resolve(ROOT, 'test/support/scaled-cli.mjs');

/** A command as a separate process. */
export interface RunningProcess extends Running {
  /** Stops reading its output, as `head` does; `both`: also its errors, as a closed terminal. */
  hangUp(which?: 'both'): void;
}

/**
 * Starts a command as a process: the executable itself when the waits are the product's. It is
 * killed at the time of `register`.
 */
export function startProcess(call: Call, waits: Timings, register: Register): RunningProcess {
  const told = JSON.stringify(waits);
  const program = told === JSON.stringify(timings) ? [CLI] : [SCALED_CLI, told];
  const child = spawn(process.execPath, [...program, ...call.args], {
    cwd: call.dir,
    env: call.env,
    stdio: 'pipe',
  });
  register(() => killed(child));
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.stdin);
  return follow(child);
}

function follow(child: ChildProcess): RunningProcess {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return {
    get stdout() {
      return stdout;
    },
    get stderr() {
      return stderr;
    },
    ended,
    send: (signal) => {
      child.kill(signal);
    },
    hangUp: (which) => {
      child.stdout?.destroy();
      if (which === 'both') child.stderr?.destroy();
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
