import { untilInterrupted, withContext } from './context.ts';
import { exit, type Io } from './io.ts';
import { openStore, openWorkers } from './open.ts';

/** `onboard worker`: works all batches until it is told to stop, then drains. */
export function worker(io: Io, flags: { concurrency?: string }): Promise<number> {
  const overrides = { ONBOARD_CONCURRENCY: flags.concurrency };
  const wants = { needs: ['portal', 'key'] as const, logLevel: 'info' as const, overrides };
  return withContext(io, wants, async (context) => {
    await openWorkers(context, await openStore(context, 'owner'));
    context.logger.info({ portal: context.config.portalUrl.origin }, 'worker ready');
    await untilInterrupted(io);
    context.logger.info('draining');
    return exit.ok;
  });
}
