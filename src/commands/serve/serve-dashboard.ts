import { buildDashboard } from '../../dashboard/dashboard.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readHold } from '../../ledger/stops/holds.ts';
import { currentWaits } from '../../overview/current-waits.ts';
import { plainHold } from '../../stops.ts';
import { listen } from '../../web/listen.ts';
import { untilAborted, type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openStore } from '../open/store.ts';
import { waitText } from '../text/stop-text.ts';

/** Description of the queues for bull-board, such as a hold; empty without any. */
export async function bannerOf(ledger: Ledger, now: number): Promise<string> {
  const hold = await readHold(ledger);
  // The page may be open to people who may not see the ledger.
  if (hold !== undefined) return `held (${hold.code}): ${plainHold(hold.code).what}`;
  return (await currentWaits(ledger, now)).map((wait) => waitText(wait, now)).join('; ');
}

/** `onboard dashboard`: bull-board on the queues, read-only, until it is interrupted. */
export function dashboard(io: Io, flags: { host?: string; port?: string }): Promise<number> {
  const overrides = { DASHBOARD_HOST: flags.host, DASHBOARD_PORT: flags.port };
  const wants: Wants = { needs: ['dashboard'], logLevel: 'info', overrides };
  return withContext(io, wants, async (context) => {
    const { redis, queues, ledger } = await openStore(context, 'guest');
    const { host, port, credentials } = context.config.dashboard;
    const app = buildDashboard({
      queues: [queues.createUser, queues.invite, queues.seal, queues.notify],
      isReady: async () => (await redis.ping()) === 'PONG',
      readBanner: () => bannerOf(ledger, Date.now()),
      credentials,
      logger: context.logger,
      complaints: context.complaints,
      timings: io.timings,
    });
    const server = await listen({ name: 'dashboard', app, host, port });
    context.closers.add('dashboard', () => server.close());
    io.stdout.write(`dashboard: ${server.url}\n`);
    io.stderr.write('onboard console replaces the dashboard, which the next release removes\n');
    await untilAborted(io.interrupt);
    return exit.ok;
  });
}
