import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Env, Hono } from 'hono';
import { messageOf, OnboardError } from '../errors.ts';
import { limitRequests } from './request-time.ts';

export interface ListenOptions<E extends Env = Env> {
  /** Name of the listener in its errors. */
  name: 'dashboard' | 'console';
  app: Hono<E>;
  host: string;
  /** 0 selects a free one. */
  port: number;
  /** Time for a request to arrive whole; `giveTime` gives one more. */
  requestMs?: number;
}

/** Node's own default. */
const REQUEST_MS = 300_000;

/**
 * Starts an app on HTTP. Returns its address for a browser on this machine.
 * @throws {OnboardError} E_PORT_IN_USE; E_CONFIG for a host of another machine or a port that needs
 * more rights.
 */
export async function listen<E extends Env>(options: ListenOptions<E>) {
  const server = createServer(getRequestListener(options.app.fetch));
  limitRequests(server, options.requestMs ?? REQUEST_MS);
  try {
    server.listen(options.port, options.host);
    await once(server, 'listening');
  } catch (error) {
    throw listenError(options, error);
  }
  return { url: urlOf(server, options.host), close: () => closed(server) };
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const isAny = host === '0.0.0.0' || host === '::' || host === '';
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `http://${isAny ? 'localhost' : name}:${port}`;
}

/** Cuts open connections, since reads have no effect. */
async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  const end = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await end;
}

function listenError<E extends Env>(
  { name, host, port }: ListenOptions<E>,
  cause: unknown,
): OnboardError {
  const options = { cause, details: { host, port } };
  const start = `the ${name} cannot listen on ${host}:${port}`;
  const variable = name.toUpperCase();
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
    const text = `${start}, which is in use: end the other process, or set ${variable}_PORT to another port`;
    return new OnboardError('E_PORT_IN_USE', text, options);
  }
  const text = `${start} (${messageOf(cause)}): correct ${variable}_HOST or ${variable}_PORT`;
  return new OnboardError('E_CONFIG', text, options);
}
