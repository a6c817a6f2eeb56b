import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType } from '@hono/node-server';
import { messageOf, OnboardError } from '../errors.ts';
import type { Faults, FaultsPatch } from './faults/faults.ts';
import { Door } from './http/door.ts';
import { buildApp } from './http/web-app.ts';
import { demoKey } from './people/api-keys.ts';
import { type SandboxState, stateOf } from './sandbox-state.ts';
import { buildPortal, changeFaults, type Portal, type PortalOptions } from './stand-in-portal.ts';

/** Options of a portal and its address. */
export interface SandboxOptions extends PortalOptions {
  /** Port; 0, the default, selects a free one. */
  port?: number | undefined;
  /** Address; loopback by default, because the sandbox is not for other machines. */
  host?: string | undefined;
}

/** A running sandbox. */
export interface RunningSandbox {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** The first key, or the demo key. */
  readonly key: string;
  state(): SandboxState;
  /** A copy of the current faults. */
  faults(): Faults;
  /**
   * Changes the faults from the next request on, like POST /__sandbox/faults, also while
   * connections are refused. @throws OnboardError E_CONFIG for an invalid change
   */
  setFaults(change: FaultsPatch): void;
  /** Stops listening and cuts every connection; safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in DocSpace portal (docs/portal.md).
 * @throws OnboardError E_PORT_IN_USE, or E_CONFIG for an invalid address, key or fault
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const portal = buildPortal(options);
  const host = options.host ?? '127.0.0.1';
  const server = createAdaptorServer({ fetch: buildApp(portal).fetch });
  const port = await listen(server, { host, port: options.port ?? 0 });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  portal.logger?.info({ url }, 'the sandbox is listening');
  return running(new Door(server, { host, port }), portal, url);
}

function running(door: Door, portal: Portal, url: string): RunningSandbox {
  connectOutages(door, portal);
  const [key = demoKey] = portal.keys.keys();
  return {
    url,
    key,
    state: () => stateOf(portal),
    faults: () => structuredClone(portal.conditions.faults),
    setFaults: (change) => changeFaults(portal, change),
    close: async () => {
      portal.outages.stop();
      await door.close();
    },
  };
}

/** Connects outages to the door and the locks, and plans the initial ones. */
function connectOutages(door: Door, { outages, locks, conditions }: Portal): void {
  outages.follow('refused', { begin: () => door.shut(), end: () => door.open() });
  outages.follow('lock', {
    begin: () => {
      for (const lock of [locks.members, locks.paid]) lock.seize();
    },
    end: () => {
      for (const lock of [locks.members, locks.paid]) lock.yield();
    },
  });
  outages.plan(conditions.faults.outages);
}

async function listen(server: ServerType, place: { host: string; port: number }): Promise<number> {
  // nginx keeps idle connections for 75 s; Node's 5 s would cut a pooled connection during its use.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 75_000;
  server.listen(place.port, place.host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw listenError(error, place);
  }
  const address = server.address();
  return isTcp(address) ? address.port : place.port;
}

function isTcp(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function listenError(error: unknown, { host, port }: { host: string; port: number }): OnboardError {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const place = `${host}:${port}`;
  const options = { cause: error, details: { host, port } };
  if (isTaken) {
    const text = `Port ${port} of ${host} is in use: stop the process that listens there, or choose another port.`;
    return new OnboardError('E_PORT_IN_USE', text, options);
  }
  const text = `The sandbox cannot listen on ${place} (${messageOf(error)}): choose another address.`;
  return new OnboardError('E_CONFIG', text, options);
}
