import { type Timings, timings } from '../../src/timings.ts';

/**
 * Waits that are not shortened: those for an answer and between two slices of a producer, which a
 * busy machine may need whole, and the rest before a purge, because the portal counts whole
 * seconds. A test of such a wait sets it by name.
 */
const PATIENCE: ReadonlySet<string> = new Set<keyof Timings>([
  'completionMs',
  'consumerSilentMs',
  'dataDirWaitMs',
  'diagnoseMs',
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
  'wrongPasswordMs',
  'redisConnectMs',
  'redisFirstConnectMs',
  'sentinelSilentMs',
  'serverSilentMs',
  'serverStartMs',
  'serverStopMs',
  'silenceMs',
  'turnMs',
  'wakeMs',
  'watchdogMs',
]);

/** The waits of the product, divided by a factor. */
function scaled(waits: Timings, factor: number): Timings {
  const entries = Object.entries(waits).map(([name, ms]): [string, number] => {
    return [name, PATIENCE.has(name) ? ms : Math.max(1, Math.round(ms * factor))];
  });
  return { ...waits, ...Object.fromEntries(entries) };
}

/**
 * Waits of tests, a fifth of the product's: a job's lock of 3 s is twice the longest hang of an
 * event loop, measured with four times as many busy processes as cores.
 */
export const quick: Timings = scaled(timings, 1 / 5);

/** Allows a purge at once, for tests that submit nobody a second time. */
export const restless = { purgeRestMs: 1 };
