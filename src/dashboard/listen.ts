import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { messageOf, OnboardError } from '../errors.ts';

export interface ListenOptions {
  app: Hono;
  host: string;
  /** 0 selects a free one. */
  port: number;
}

/**
 * Starts an app. Returns its address for a browser on this machine.
 * @throws {OnboardError} E_PORT_IN_USE; E_CONFIG for a host of another machine or a port that needs
 * more rights.
 */
export async function startDashboard(options: ListenOptions) {
  const server = createServer(getRequestListener(options.app.fetch));
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

function listenError({ host, port }: ListenOptions, cause: unknown): OnboardError {
  const options = { cause, details: { host, port } };
  const start = `the dashboard cannot listen on ${host}:${port}`;
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
    const text = `${start}, which is in use: end the other process, or set DASHBOARD_PORT to another port`;
    return new OnboardError('E_PORT_IN_USE', text, options);
  }
  const text = `${start} (${messageOf(cause)}): correct DASHBOARD_HOST or DASHBOARD_PORT`;
  return new OnboardError('E_CONFIG', text, options);
}
