import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import { messageOf, OnboardError } from '../errors.ts';

export interface ListenOptions {
  app: Hono;
  /** Name or address to listen on. */
  host: string;
  /** Port; 0 selects a free one. */
  port: number;
}

export interface RunningDashboard {
  /** Address for a browser on this machine. */
  url: string;
  close(): Promise<void>;
}

/**
 * Starts an app.
 * @throws {OnboardError} E_PORT_IN_USE; E_CONFIG for a host of another machine or a port that needs
 * more
 *   rights.
 */
export async function startDashboard(options: ListenOptions): Promise<RunningDashboard> {
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
  const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  if (isTaken) {
    return new OnboardError(
      'E_PORT_IN_USE',
      `the dashboard cannot listen on ${host}:${port}, which is in use: end the other process, or set DASHBOARD_PORT to another port`,
      { cause, details: { host, port } },
    );
  }
  return new OnboardError(
    'E_CONFIG',
    `the dashboard cannot listen on ${host}:${port} (${messageOf(cause)}): correct DASHBOARD_HOST or DASHBOARD_PORT`,
    { cause, details: { host, port } },
  );
}
