import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Makes a server listen on a free loopback port and returns that. */
export async function listenOn(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Ports of freePort begin here: below 32768, from which Linux takes the ports nobody asked for. */
const FIRST = 20_000;
const PORTS_PER_WORKER = 1000;
let taken = process.pid % PORTS_PER_WORKER;

/**
 * A port on which nobody listens, and which no other test gets: a server is started on it later, and
 * with a port of the system's choice a stand-in of another test was there first.
 */
export async function freePort(): Promise<number> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0);
  const port = FIRST + worker * PORTS_PER_WORKER + (taken++ % PORTS_PER_WORKER);
  return (await isFree(port)) ? port : freePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
