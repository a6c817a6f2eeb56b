import { randomUUID } from 'node:crypto';
import type { Acting } from '../../actions/batch-actions.ts';
import type { Producer } from '../../batch/producer.ts';
import { openQueues, type Queues } from '../../queue/queues.ts';
import { actorOf, type Context, withContext } from '../context.ts';
import type { Io } from '../io.ts';
import { type LedgerStore, openLedgerStore, openStored, type StoreRole } from './ledger-store.ts';

export interface Store extends LedgerStore {
  queues: Queues;
}

/**
 * Opens Redis with ledger and queues.
 * @throws {OnboardError} E_REDIS_…, E_DATA_DIR…
 */
export async function openStore(context: Context, role: StoreRole): Promise<Store> {
  return addQueues(context, await openLedgerStore(context, role));
}

/** Opens the queues beside an open ledger; BullMQ is loaded then, in about 100 ms. */
export async function addQueues(context: Context, store: LedgerStore): Promise<Store> {
  // A separate connection: on the ledger's, every small command would wait behind the thousand
  // commands of a slice (100,000 rows took 14 s instead of 10).
  const redis = await store.connect('producer');
  const queues = openQueues({ redis, ...queueSettings(context) });
  context.closers.add('queues', () => queues.close());
  return { ...store, queues };
}

/** Runs a command that reads or changes what is stored; a running command shares its Redis. */
export function withStore(
  io: Io,
  body: (context: Context, store: Store) => Promise<number>,
): Promise<number> {
  return withContext(io, {}, async (context) => body(context, await openStore(context, 'guest')));
}

/** As `withStore`, for a command about what is stored: it makes no folder. */
export function withStored(
  io: Io,
  batch: string,
  body: (context: Context, store: Store) => Promise<number>,
): Promise<number> {
  return withContext(io, {}, async (context) => {
    return body(context, await addQueues(context, await openStored(context, batch)));
  });
}

export function queueSettings({ config, logger, complaints }: Context) {
  return { prefix: config.prefix, failedJobsMs: config.retentionJobsMs, logger, complaints };
}

/** The producer's side of an open store. */
export function producerOf({ io, config, logger }: Context, { ledger, queues }: Store): Producer {
  const { interrupt: signal, timings } = io;
  const { attempts } = config;
  return { ledger, queues, logger, attempts, token: randomUUID(), signal, timings };
}

/** The producer, with the person who runs this command. */
export function actingOf(context: Context, store: Store): Acting {
  return { producer: producerOf(context, store), by: actorOf(context) };
}
