import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../../errors.ts';
import type { Timings } from '../../timings.ts';
import { probe, serverState } from './probe-server.ts';
import { isRunning } from './running-process.ts';

/**
 * Stops the server that a dead owner left on a socket and waits for the end of its process: two
 * servers must never write one append-only file.
 * @throws {OnboardError} E_DATA_DIR when it does not stop.
 */
export async function stopLeftBehind(socketPath: string, timings: Timings): Promise<void> {
  const { serverSilentMs: timeoutMs } = timings;
  const limit = AbortSignal.timeout(timings.serverStopMs);
  const pid = /process_id:(\d+)/;
  const match = await probe(socketPath, { command: 'INFO server', reply: pid, timeoutMs });
  const isGone = async (): Promise<boolean> => {
    if (match !== undefined) return !(await isRunning(Number(match[1])));
    return (await serverState(socketPath, timings)) === 'absent';
  };
  while (!(await isGone())) {
    if (limit.aborted) throw leftBehindError(socketPath);
    await probe(socketPath, { command: 'SHUTDOWN', reply: /^\+OK/, timeoutMs });
    await sleep(timings.serverPollMs);
  }
}

function leftBehindError(socketPath: string): OnboardError {
  return new OnboardError(
    'E_DATA_DIR',
    `a Redis server of an earlier run still uses ${socketPath} and does not stop: end its process and run the command again`,
  );
}
