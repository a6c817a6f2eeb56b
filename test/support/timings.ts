import { type Timings, timings } from '../../src/timings.ts';

/**
 * What stays as it is: how long an answer is waited for and a producer between two slices, of which a
 * busy machine may need the whole; and the rest before a purge, which stands against whole seconds of
 * the portal. A test that is about one of them sets it by name.
 */
const PATIENCE: ReadonlySet<string> = new Set<keyof Timings>([
  'completionMs',
  'consumerSilentMs',
  'dataDirWaitMs',
  'drainMarginMs',
  'failedCloseMs',
  'invitationMs',
  'libraryCloseMs',
  'notificationWaitMs',
  'notifyKeptOpenMs',
  'notifyTimeoutMs',
  'portalAskMs',
  'portalConnectMs',
  'producerLockMs',
  'producerSilentMs',
  'purgeRestMs',
  'readyMs',
  'redisConnectMs',
  'redisFirstConnectMs',
  'sentinelSilentMs',
  'serverSilentMs',
  'serverStartMs',
  'serverStopMs',
  'silenceMs',
  'watchdogMs',
]);

/** The waits of a product that is that many times as quick, and as patient. */
function scaled(waits: Timings, factor: number): Timings {
  const entries = Object.entries(waits).map(([name, ms]): [string, number] => {
    return [name, PATIENCE.has(name) ? ms : Math.max(1, Math.round(ms * factor))];
  });
  return { ...waits, ...Object.fromEntries(entries) };
}

/**
 * Waits of tests. A fifth: a job's lock of 3 s is still twice what an event loop hung for on a
 * machine with four times as much to do as it has cores.
 */
export const quick: Timings = scaled(timings, 1 / 5);

/** A batch may be purged at once: for tests that submit nobody a second time. */
export const restless = { purgeRestMs: 1 };
