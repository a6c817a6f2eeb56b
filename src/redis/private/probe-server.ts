import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OnboardError } from '../../errors.ts';
import type { Timings } from '../../timings.ts';
import { isRunning } from './data-dir-lock.ts';
import { hasOwnSocket } from './own-socket.ts';

/** State of a server on a socket: not listening, loading its data, answering, or silent. */
type ServerState = 'absent' | 'loading' | 'ready' | 'silent';

/**
 * Reads the state of a server; `silent` when it accepts connections but does not answer in time.
 * @throws {OnboardError} E_DATA_DIR for a socket of somebody else.
 */
export async function serverState(socketPath: string, timings: Timings): Promise<ServerState> {
  // Any other error (BUSY, MISCONF) comes from a server that has loaded its data.
  const match = await ask(socketPath, timings, { command: 'PING', reply: /^(?:(-LOADING)|[+-])/ });
  if (match !== undefined) return match[1] === undefined ? 'ready' : 'loading';
  return (await accepts(socketPath)) ? 'silent' : 'absent';
}

/**
 * Stops the server that a dead owner left on a socket and waits for the end of its process: two
 * servers must never write one append-only file.
 * @throws {OnboardError} E_DATA_DIR when it does not stop.
 */
export async function stopLeftBehind(socketPath: string, timings: Timings): Promise<void> {
  const limit = AbortSignal.timeout(timings.serverStopMs);
  const info = { command: 'INFO server', reply: /process_id:(\d+)/ };
  const match = await ask(socketPath, timings, info);
  const isGone = async (): Promise<boolean> => {
    if (match !== undefined) return !(await isRunning(Number(match[1])));
    return (await serverState(socketPath, timings)) === 'absent';
  };
  while (!(await isGone())) {
    if (limit.aborted) {
      const text = `a Redis server of an earlier run still uses ${socketPath} and does not stop: end its process and run the command again`;
      throw new OnboardError('E_DATA_DIR', text);
    }
    await ask(socketPath, timings, { command: 'SHUTDOWN', reply: /^\+OK/ });
    await sleep(timings.serverPollMs);
  }
}

/**
 * Sends one command over a Unix socket of ours and waits until the reply matches. Returns undefined
 * when no server listens, the connection ends first or the time is over. The inline protocol,
 * without a client, suits servers that are starting, stopping or gone.
 */
async function ask(
  socketPath: string,
  { serverSilentMs }: Timings,
  { command, reply }: { command: string; reply: RegExp },
): Promise<RegExpExecArray | undefined> {
  if (!(await hasOwnSocket(socketPath))) return undefined;
  return new Promise((resolve) => {
    let received = '';
    const socket = createConnection(socketPath);
    const end = (match?: RegExpExecArray): void => {
      socket.destroy();
      resolve(match);
    };
    socket.setEncoding('utf8').setTimeout(serverSilentMs, () => end());
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('connect', () => socket.write(`${command}\r\n`));
    socket.on('data', (text: string) => {
      received += text;
      const match = reply.exec(received);
      if (match !== null) end(match);
    });
  });
}

async function accepts(socketPath: string): Promise<boolean> {
  if (!(await hasOwnSocket(socketPath))) return false;
  const socket = createConnection(socketPath);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
