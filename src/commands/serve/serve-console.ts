import { createConsole } from '../../console/app.tsx';
import { loadAssets } from '../../console/assets.ts';
import { createAuthentication } from '../../console/auth/create-authentication.ts';
import type { ConsoleDeps } from '../../console/console-deps.ts';
import { createKeyWatch } from '../../console/key-watch.ts';
import { createHub } from '../../console/live/hub.ts';
import { buildRawQueues } from '../../dashboard/dashboard.ts';
import { MINUTE_MS } from '../../durations.ts';
import { tryWrite } from '../../ledger/notes/refusals.ts';
import { listen } from '../../web/listen.ts';
import { type Context, untilAborted, type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openPortal } from '../open/portal-client.ts';
import { openStore, producerOf, type Store } from '../open/store.ts';
import { allChecks } from '../submit/check.ts';
import { packageVersion } from '../version.ts';
import { type ConsoleFlags, overridesOf, printLink, roleOfLink } from './console-link.ts';
import { consoleActor, signInLog } from './console-log.ts';
import { openUploads } from './open-uploads.ts';
import { bannerOf } from './serve-dashboard.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** `onboard console`: serves the pages until it is interrupted, which ends open pages at once. */
export function serveConsole(io: Io, flags: ConsoleFlags): Promise<number> {
  const wants: Wants = { needs: ['console'], logLevel: 'info', overrides: overridesOf(flags) };
  return withContext(io, wants, async (context) => {
    const { auth, host, port, url } = context.config.console;
    const role = roleOfLink(context, flags);
    const store = await openStore(context, 'guest');
    // Sessions and the log are written: a Redis user that only reads is refused here, by name.
    await tryWrite(store.ledger);
    const uploads = await openUploads(context, store.ledger);
    const { app } = createConsole({ ...depsOf(context, store), uploads });
    const server = await listen({ name: 'console', app, host, port });
    context.closers.add('console', () => server.close());
    context.logger.info({ address: server.url, auth }, 'console ready');
    io.stdout.write(`console: ${url?.origin ?? server.url}\n`);
    if (auth === 'link') await printLink(context, store.ledger, { address: server.url, role });
    await untilAborted(io.interrupt);
    return exit.ok;
  });
}

function depsOf(context: Context, store: Store): ConsoleDeps {
  const { config, logger, io, closers } = context;
  const { timings } = io;
  const hub = createHub(timings);
  closers.add('live pages', () => hub.close());
  const { origin, host } = config.portalUrl;
  const frame = {
    assets: loadAssets(new URL('../../console/', import.meta.url)),
    portal: config.sources.address === undefined ? undefined : host || origin,
    label: config.console.label,
    now: Date.now,
  };
  const note = signInLog(context, store.ledger);
  return {
    ...frame,
    ...createAuthentication(config.console, { frame, store: store.ledger, note, logger, timings }),
    readable: store,
    actingOf: (viewer) => ({
      producer: producerOf(context, store),
      by: consoleActor(context, viewer),
    }),
    hub,
    isReady: async () => (await store.redis.ping()) === 'PONG',
    ...systemOf(context, store),
    logger,
    timings,
  };
}

/** Facts and doors of this installation beside its batches. */
function systemOf(context: Context, store: Store) {
  const { config, io } = context;
  const { queues, ledger } = store;
  const isKnown = config.sources.address !== undefined;
  const portal = isKnown ? openPortal(context) : undefined;
  const { origin } = config.portalUrl;
  const check = () => allChecks(context, { store, prepared: undefined, portal });
  const hasKey = isKnown && config.apiKey() !== '';
  const asking = { origin, signal: io.interrupt, pauseMs: io.timings.rolePauseMs };
  return {
    system: {
      version: packageVersion(),
      retention: {
        batches: config.retentionMs,
        people: config.retentionPeopleMs,
        jobs: config.retentionJobsMs,
        log: config.retentionLogMs,
      },
      isNotifying: config.notifyUrl() !== undefined,
      check: isKnown ? check : undefined,
      keyWarning: hasKey ? createKeyWatch(check, { everyMs: HOUR_MS, now: Date.now }) : undefined,
    },
    rolePortal: portal && config.apiKey() !== '' ? { ...asking, portal } : undefined,
    rawQueues: buildRawQueues({
      queues: [queues.createUser, queues.invite, queues.seal, queues.notify],
      readBanner: () => bannerOf(ledger, Date.now()),
      basePath: '/queues/raw',
    }),
  };
}
