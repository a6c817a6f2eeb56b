import { untilAborted, type Wants, withContext } from '../context.ts';
import { exit, type Io } from '../io.ts';
import { openPortal } from '../open/portal-client.ts';
import { openStore } from '../open/store.ts';
import { openWorkers } from '../open/workers.ts';

/** `onboard worker`: works all batches until it is interrupted, then drains. */
export function worker(io: Io, flags: { concurrency?: string }): Promise<number> {
  const overrides = { ONBOARD_CONCURRENCY: flags.concurrency };
  const wants: Wants = { needs: ['portal', 'key'], logLevel: 'info', overrides };
  return withContext(io, wants, async (context) => {
    const store = await openStore(context, 'owner');
    await openWorkers(context, store, { portal: openPortal(context) });
    context.logger.info({ portal: context.config.portalUrl.origin }, 'worker ready');
    await untilAborted(io.interrupt);
    context.logger.info('draining');
    return exit.ok;
  });
}
