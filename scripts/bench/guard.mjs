// Ends the processes of a benchmark and removes its folders when the channel to it closes, however
// the benchmark ended: redis-server and workers do not know who started them. Started by children.ts.
import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Time for a worker to drain, and for `onboard run` to end its Redis. */
const PATIENCE_MS = 5000;
const POLL_MS = 50;

/** @type {Set<number>} */
const pids = new Set();
/** @type {Set<string>} */
const folders = new Set();

/**
 * @param {number} pid
 * @param {NodeJS.Signals | 0} signal
 */
function reaches(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function clear() {
  for (const pid of pids) reaches(pid, 'SIGTERM');
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until && [...pids].some((pid) => reaches(pid, 0))) await pause(POLL_MS);
  for (const pid of pids) reaches(pid, 'SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.exit();
}

process.on('message', (/** @type {import('./children.ts').Change} */ change) => {
  if (change.added !== undefined) pids.add(change.added);
  if (change.ended !== undefined) pids.delete(change.ended);
  if (change.folder !== undefined) folders.add(change.folder);
});
process.on('disconnect', clear);
// A terminal signals the whole group; the benchmark ends by it, and then this process by `disconnect`.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
if (process.connected) process.send?.('ready');
else await clear();
