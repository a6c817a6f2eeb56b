import { readFile } from 'node:fs/promises';

/** Index of the start time among the fields after the command's name in /proc/PID/stat. */
const START_FIELD = 19;

/**
 * Start time of a process in ticks since boot; undefined without /proc, without such a process, and
 * for a dead one that its parent has not reaped (state Z or X in proc(5)).
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name is in brackets and may hold any characters, also brackets and spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return fields[START_FIELD];
}

/** Whether a process of any user runs; an unreaped dead one does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const hasProc = (await processStart(process.pid)) !== undefined;
  return !hasProc || (await processStart(pid)) !== undefined;
}
