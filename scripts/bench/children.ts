import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A message to the guard: a process that began or ended, or a folder of this benchmark. */
export interface Change {
  added?: number;
  ended?: number;
  folder?: string;
}

let guard: ChildProcess | undefined;

/** The guard starts with the first process, and keeps neither this one nor its streams open. */
function report(change: Change): void {
  if (guard === undefined) {
    const options = { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] } as const;
    guard = fork(join(import.meta.dirname, 'guard.mjs'), { ...options, stdio: [...options.stdio] });
    guard.unref();
    guard.channel?.unref();
  }
  if (guard.connected) guard.send(change);
}

/** Ends `child` with this benchmark, also when the benchmark is killed. */
export function owned<T extends ChildProcess>(child: T): T {
  const { pid } = child;
  if (pid === undefined) return child;
  report({ added: pid });
  child.once('exit', () => report({ ended: pid }));
  return child;
}

/** Removes `folder` when this benchmark ends in any way. */
export function ownedFolder(folder: string): void {
  report({ folder });
}
