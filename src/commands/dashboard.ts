import { buildDashboard } from '../dashboard/app.ts';
import { startDashboard } from '../dashboard/listen.ts';
import { exit, type Io, untilInterrupted, withContext } from './context.ts';
import { openStore } from './open.ts';

/** `onboard dashboard`: bull-board on the queues, read-only, until it is told to stop. */
export function dashboard(io: Io, flags: { host?: string; port?: string }): Promise<number> {
  const overrides = { DASHBOARD_HOST: flags.host, DASHBOARD_PORT: flags.port };
  const wants = { needs: ['dashboard'] as const, logLevel: 'info' as const, overrides };
  return withContext(io, wants, async (context) => {
    const { redis, queues } = await openStore(context, 'guest');
    const { host, port, credentials } = context.config.dashboard;
    const app = buildDashboard({
      queues: [queues.createUser, queues.invite, queues.seal],
      isReady: async () => (await redis.ping()) === 'PONG',
      ...(credentials === undefined ? {} : { credentials }),
    });
    const server = await startDashboard({ app, host, port });
    context.closers.add('dashboard', () => server.close());
    io.stdout.write(`dashboard: ${server.url}\n`);
    await untilInterrupted(io);
    return exit.ok;
  });
}
