import { type Ledger, openLedger } from '../../ledger/ledger.ts';
import { connectRedis } from '../../redis/connection/connect.ts';
import { type Context, untilAborted } from '../context.ts';

/**
 * The ledger of a running Redis: of REDIS_URL, or of the private Redis that a command has open.
 * Undefined when it does not answer within half a second; none is started, and nothing is written.
 */
export async function openRunning(context: Context): Promise<Ledger | undefined> {
  const { config, logger, closers, io } = context;
  const { timings } = io;
  const place = await runningPlace(context);
  if (place === undefined) return undefined;
  const late = untilAborted(AbortSignal.timeout(timings.completionMs));
  const connecting = connectRedis({ ...place, role: 'producer', logger, timings });
  connecting.catch(() => undefined);
  const redis = await Promise.race([connecting, late]);
  if (!redis) return undefined;
  closers.add('redis connection', () => redis.disconnect());
  return openLedger(redis, config.prefix);
}

async function runningPlace({ config, io }: Context) {
  if (config.redisUrl !== undefined) return { url: config.redisUrl };
  const { runningSocket } = await import('../../redis/private/private-redis.ts');
  const socketPath = await runningSocket(config.dataDir, io.timings);
  return socketPath === undefined ? undefined : { socketPath };
}
