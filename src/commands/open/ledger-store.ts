import { existsSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { OnboardError } from '../../errors.ts';
import { type Ledger, openLedger } from '../../ledger/ledger.ts';
import { line } from '../../printable.ts';
import { checkServer } from '../../redis/connection/check-server.ts';
import { connectRedis, type RedisRole } from '../../redis/connection/connect.ts';
import { type Context, placeText, withContext } from '../context.ts';
import type { Io } from '../io.ts';

/** An `owner` has the private Redis for itself; a `guest` shares it with a running command. */
export type StoreRole = 'owner' | 'guest';

export interface LedgerStore {
  redis: Redis;
  ledger: Ledger;
  connect(role: RedisRole): Promise<Redis>;
  /** Whether this process runs the private Redis, so that it ends with the command. */
  hostsRedis: boolean;
}

/**
 * Opens the ledger, without the queues: the ledger of REDIS_URL, or of the private Redis in the
 * data directory. Commands that only read rows start faster with it, because BullMQ is not loaded.
 * @throws {OnboardError} E_REDIS_…, E_DATA_DIR…
 */
export async function openLedgerStore(context: Context, role: StoreRole): Promise<LedgerStore> {
  const { io, config, logger, complaints, closers } = context;
  const { timings } = io;
  const { hostsRedis, ...place } = await openPlace(context, role);
  const connect = async (redisRole: RedisRole): Promise<Redis> => {
    const redis = await connectRedis({ ...place, role: redisRole, logger, complaints, timings });
    closers.add('redis connection', () => redis.disconnect());
    return redis;
  };
  const redis = await connect('producer');
  closers.dependOn(() => redis.ping());
  await checkServer(redis);
  return { redis, ledger: openLedger(redis, config.prefix), connect, hostsRedis };
}

/**
 * Runs a command that only reads rows or the action log; a running command shares its Redis. Where
 * nothing is stored, `otherwise` answers.
 */
export function withLedger(
  io: Io,
  body: (context: Context, ledger: Ledger) => Promise<number>,
  otherwise: (context: Context) => number,
): Promise<number> {
  return withContext(io, {}, async (context) => {
    const store = await openIfThere(context);
    return store === undefined ? otherwise(context) : body(context, store.ledger);
  });
}

/** @throws {OnboardError} always: where commands looked, and that nothing is there. */
export function nothingStored({ config }: Pick<Context, 'config'>, batch: string): never {
  const place = placeText(config);
  const text = line`no batch ${batch} found: nothing is stored (${place}); \`onboard status\` lists the batches that exist`;
  throw new OnboardError('E_BATCH_UNKNOWN', text);
}

/**
 * Opens the ledger for a command about a batch, which makes no folder.
 * @throws {OnboardError} E_BATCH_UNKNOWN where nothing is stored; E_REDIS_…, E_DATA_DIR…
 */
export async function openStored(context: Context, batch: string): Promise<LedgerStore> {
  return (await openIfThere(context)) ?? nothingStored(context, batch);
}

/**
 * Opens the ledger for a command that must leave nothing behind: undefined where a private Redis
 * would have to make its directory first.
 * @throws {OnboardError} E_REDIS_…, E_DATA_DIR…
 */
export async function openIfThere(context: Context): Promise<LedgerStore | undefined> {
  const { redisUrl, dataDir } = context.config;
  if (redisUrl === undefined && !existsSync(dataDir) && hasWorkingFolder()) return undefined;
  return openLedgerStore(context, 'guest');
}

/** A folder that was deleted under this process is reported where the data directory is opened. */
function hasWorkingFolder(): boolean {
  try {
    return existsSync(process.cwd());
  } catch {
    return false;
  }
}

async function openPlace(context: Context, role: StoreRole) {
  const { io, config, logger, closers, fail: onExit } = context;
  if (config.redisUrl !== undefined) return { url: config.redisUrl, hostsRedis: false };
  const { openPrivateRedis } = await import('../../redis/private/private-redis.ts');
  const { dataDir } = config;
  const server = await openPrivateRedis({ dataDir, role, logger, onExit, timings: io.timings });
  closers.add('private redis', () => server.close());
  return { socketPath: server.socketPath, hostsRedis: server.owner };
}
