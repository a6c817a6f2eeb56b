import { createAdaptorServer } from '@hono/node-server';
import type { Faults, FaultsPatch } from './faults/faults.ts';
import { Door } from './http/door.ts';
import { buildApp } from './http/web-app.ts';
import { demoKey } from './people/api-keys.ts';
import { type SandboxState, stateOf } from './sandbox-state.ts';
import { buildPortal, type Portal, type PortalOptions } from './stand-in-portal.ts';

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
  const { host = '127.0.0.1', port = 0 } = options;
  const server = createAdaptorServer({ fetch: buildApp(portal).fetch });
  const door = await Door.at(server, { host, port });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${door.place.port}`;
  portal.logger?.info({ url }, 'the sandbox is listening');
  connectOutages(door, portal);
  const [key = demoKey] = portal.keys.keys();
  return {
    url,
    key,
    state: () => stateOf(portal),
    faults: () => structuredClone(portal.conditions.faults),
    setFaults: (change) => portal.conditions.change(change),
    close: async () => {
      portal.conditions.outages.stop();
      await door.close();
    },
  };
}

/** Connects outages to the door and the locks, and plans the initial ones. */
function connectOutages(door: Door, { locks, conditions, life }: Portal): void {
  const { outages, faults } = conditions;
  const open = (): void => {
    if (!outages.isActive('refused') && !outages.isActive('killed')) door.open();
  };
  outages.follow('refused', { begin: () => door.shut(), end: open });
  const kill = (): void => {
    life.end();
    door.shut();
  };
  outages.follow('killed', { begin: kill, end: open });
  const both = Object.values(locks);
  outages.follow('lock', {
    begin: () => both.map((lock) => lock.seize()),
    end: () => both.map((lock) => lock.yield()),
  });
  outages.plan(faults.outages);
}
