import { createConnection } from 'node:net';
import type { Timings } from '../timings.ts';

/**
 * Sends one command over a Unix socket and waits until the reply matches. Undefined when nobody
 * listens, the connection ends first or the time is over. It speaks the inline protocol instead of
 * using a client, because servers that are starting, stopping or gone are what it is for.
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

/** What a server on a socket is doing: nobody listens, it loads its data, it answers. */
export type ServerState = 'absent' | 'loading' | 'ready' | 'silent';

/** Asks a server for its state; `silent` when it takes connections but says nothing for 2 s. */
export async function serverState(socketPath: string, timings: Timings): Promise<ServerState> {
  // Any other error (BUSY, MISCONF) is still an answer of a server that has its data.
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
