import { createConsole } from '../../src/console/app.tsx';
import { loadAssets } from '../../src/console/assets.ts';
import type { Role } from '../../src/console/auth/roles.ts';
import { localSite } from '../../src/console/auth/site.ts';
import type { ConsoleDeps } from '../../src/console/console-deps.ts';
import { createHub } from '../../src/console/live/hub.ts';
import { DAY_MS } from '../../src/durations.ts';
import { listen } from '../../src/web/listen.ts';
import { silent } from '../support/batches.ts';
import { onRelease } from '../support/resources.ts';
import type { Stage } from '../support/stage.ts';
import { textOf } from './console-text.ts';

/** The form token of every viewer of a test. */
export const TOKEN = 'token-of-the-session';

/** An installation that nothing is known of. */
export const SYSTEM: ConsoleDeps['system'] = {
  version: '0.0.0',
  retention: { batches: DAY_MS, people: DAY_MS, jobs: DAY_MS, log: DAY_MS },
  isNotifying: false,
  check: undefined,
};

/** Built files; `npm run check` builds before it tests. */
const BUILT = new URL('../../dist/console/', import.meta.url);

/** A console on the stage's Redis, where everybody is signed in with one role. */
export function consoleOn(
  stage: Stage,
  role: Role = 'operator',
  change: Partial<ConsoleDeps> = {},
) {
  const { ledger, queues, timings } = stage;
  const hub = createHub(timings);
  onRelease(() => hub.close());
  const viewer = { name: 'ana', role, token: TOKEN };
  const deps: ConsoleDeps = {
    readable: { ledger, queues },
    actingOf: ({ name }) => ({
      producer: stage.producer(),
      by: { name, user: 'test', host: 'test', pid: 1 },
    }),
    auth: { identify: async () => viewer, routes: [] },
    site: localSite({ isForwarded: false }),
    assets: loadAssets(BUILT),
    hub,
    isReady: async () => true,
    portal: new URL(stage.sandbox.url).host,
    label: undefined,
    system: SYSTEM,
    rolePortal: undefined,
    rawQueues: { fetch: () => new Response('raw') },
    logger: silent,
    timings,
    now: Date.now,
    ...change,
  };
  return { ...createConsole(deps), hub };
}

/** Parts of a console whose Redis has gone. */
export function withoutRedis({ ledger, queues }: Stage): Pick<ConsoleDeps, 'readable'> {
  const lost = () => Promise.reject(new Error('Connection is closed.'));
  const redis = new Proxy(ledger.redis, { get: () => lost });
  return { readable: { ledger: { ...ledger, redis }, queues } };
}

/** A console on a port of this machine. Returns its address. */
export async function servedConsole(...given: Parameters<typeof consoleOn>): Promise<string> {
  const { app } = consoleOn(...given);
  const server = await listen({ name: 'console', app, host: '127.0.0.1', port: 0 });
  onRelease(() => server.close());
  return server.url;
}

type Served = Pick<ReturnType<typeof consoleOn>, 'app'>;

/** The text of a page. */
export async function readText({ app }: Served, path: string): Promise<string> {
  return textOf(await (await app.request(path)).text());
}

/** Sends a form as a browser of this session does. */
export async function sent({ app }: Served, path: string, fields: Record<string, string> = {}) {
  const body = new URLSearchParams({ token: TOKEN, ...fields });
  const headers = { origin: 'http://localhost', host: 'localhost' };
  const response = await app.request(path, { method: 'POST', body, headers });
  const location = response.headers.get('location');
  return { status: response.status, location, text: textOf(await response.text()) };
}
