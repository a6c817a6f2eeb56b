import { createConnection } from 'node:net';
import type { Timings } from '../../timings.ts';

/**
 * Sends one command over a Unix socket and waits until the reply matches. Returns undefined when no
 * server listens, the connection ends first or the time is over. The inline protocol, without a
 * client, suits servers that are starting, stopping or gone.
 */
export function probe(
  socketPath: string,
  question: { command: string; reply: RegExp; timeoutMs: number },
): Promise<RegExpExecArray | undefined> {
  return new Promise((resolve) => {
    let received = '';
    const socket = createConnection(socketPath);
    const end = (match?: RegExpExecArray): void => {
      socket.destroy();
      resolve(match);
    };
    socket.setEncoding('utf8').setTimeout(question.timeoutMs, () => end());
    socket.on('error', () => end());
    socket.on('close', () => end());
    socket.on('connect', () => socket.write(`${question.command}\r\n`));
    socket.on('data', (text: string) => {
      received += text;
      const match = question.reply.exec(received);
      if (match !== null) end(match);
    });
  });
}

/** State of a server on a socket: not listening, loading its data, answering, or silent. */
export type ServerState = 'absent' | 'loading' | 'ready' | 'silent';

/** Reads the state of a server; `silent` when it accepts connections but does not answer in time. */
export async function serverState(socketPath: string, timings: Timings): Promise<ServerState> {
  // Any other error (BUSY, MISCONF) comes from a server that has loaded its data.
  const reply = /^(?:(-LOADING)|[+-])/;
  const { serverSilentMs: timeoutMs } = timings;
  const match = await probe(socketPath, { command: 'PING', reply, timeoutMs });
  if (match !== undefined) return match[1] === undefined ? 'ready' : 'loading';
  return (await accepts(socketPath)) ? 'silent' : 'absent';
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
