import { readFile } from 'node:fs/promises';

/** Index of the start time among the fields behind the command's name in /proc/PID/stat. */
const START_FIELD = 19;

/**
 * When a process started, in ticks since boot; undefined where there is no /proc, no such process,
 * or it is dead and only waits for its parent to notice (state Z or X in proc(5)).
 */
export async function processStart(pid: number): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name stands in brackets and may hold anything, brackets and blanks too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return fields[START_FIELD];
}

/** Whether a process runs, also somebody else's; a dead one that nobody has reaped does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const canTell = (await processStart(process.pid)) !== undefined;
  return !canTell || (await processStart(pid)) !== undefined;
}
