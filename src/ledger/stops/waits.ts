import { z } from 'zod';
import { storedTime } from '../iso-time.ts';
import { parseJson } from '../json.ts';
import type { Ledger } from '../ledger.ts';
import * as scripts from '../lua/extend-waits.ts';
import { runScript } from '../lua/script.ts';
import { noteStopsEnd } from './past-stops.ts';

const reasonSchema = z.object({ limiter: z.string() });
const outageSchema = z.object({ code: z.string(), since: storedTime });

/** A wait that the portal asked for. */
export interface RequestedWait {
  queue: string;
  /** Which of the portal's limiters rejected. */
  limiter: string;
  /** Time left, ms. */
  leftMs: number;
}

/** A portal that cannot be reached. `since` is ms of Redis' clock. */
export type Outage = z.infer<typeof outageSchema>;

export interface Asking {
  queue: string;
  token: string;
  /** A probe that has not ended after this long makes room for another. */
  probeMs: number;
  /** While a probe is under way, others wait this long at a time. */
  pollMs: number;
}

/** Whether a request may be sent now. */
export interface Admission {
  /** ms to wait; 0 is now. */
  waitMs: number;
  /** Whether the request is the only one that is let through during an outage. */
  isProbe: boolean;
}

/** Asks before a request is sent: how long to wait, and whether the request is a probe. */
export async function admit(
  ledger: Ledger,
  { queue, token, probeMs, pollMs }: Asking,
): Promise<Admission> {
  return runScript(ledger, scripts.admit, {
    keys: { ...ledger.keys, wait: ledger.keys.waits + queue },
    args: { token, probeMs: Math.ceil(probeMs), pollMs },
  });
}

/** Lets no job of this queue start for `waitMs`, or longer if more was asked for. Returns ms. */
export async function extendQueueWait(
  ledger: Ledger,
  { queue, limiter, waitMs }: { queue: string; limiter: string; waitMs: number },
): Promise<number> {
  return runScript(ledger, scripts.extendWait, {
    keys: { ...ledger.keys, wait: ledger.keys.waits + queue },
    args: { limiter, reason: JSON.stringify({ limiter }), ms: Math.max(1, Math.ceil(waitMs)) },
  });
}

/**
 * Notes that the portal could not be reached. Failures of requests that were under way together
 * count as one; each further one doubles the wait. Returns how long to wait, and whether the
 * failure is a new one, and for how long all had this code. `random` is from 0 to 1.
 */
export async function noteOutage(
  ledger: Ledger,
  failure: { code: string; firstMs: number; mostMs: number; random: number },
): Promise<{ waitMs: number; isNew: boolean; lastedMs: number }> {
  return runScript(ledger, scripts.extendOutage, { keys: ledger.keys, args: failure });
}

/** Notes that the portal answered. True when it was unreachable until now. */
export async function clearOutage(ledger: Ledger): Promise<boolean> {
  const wasOut = (await ledger.redis.del(ledger.keys.outage)) === 1;
  if (wasOut) await noteStopsEnd(ledger, ['away']);
  return wasOut;
}

/** Ends a probe that has not asked the portal anything: the next job may be the probe. */
export async function leaveProbe(ledger: Ledger, token: string): Promise<void> {
  await runScript(ledger, scripts.endProbe, { keys: ledger.keys, args: { token } });
}

/** Ends the requested waits of these queues and the wait of an outage. Returns their limiters. */
export async function endWaits(ledger: Ledger, queues: readonly string[]): Promise<string[]> {
  const waits = await readWaits(ledger, queues);
  await ledger.redis.del(queues.map((queue) => ledger.keys.waits + queue));
  if (waits.length > 0) await noteStopsEnd(ledger, ['limited']);
  const isOut = await runScript(ledger, scripts.endOutageWait, { keys: ledger.keys });
  const limiters = new Set(waits.map(({ limiter }) => limiter));
  return [...limiters, ...(isOut ? ['outage'] : [])];
}

/** The requested waits in force on these queues. */
export async function readWaits(
  { keys, redis }: Ledger,
  queues: readonly string[],
): Promise<RequestedWait[]> {
  const waits = await Promise.all(
    queues.map(async (queue) => {
      const key = keys.waits + queue;
      const [text, leftMs] = await Promise.all([redis.get(key), redis.pttl(key)]);
      const { data } = reasonSchema.safeParse(parseJson(text));
      return data === undefined || leftMs <= 0 ? [] : [{ queue, leftMs, ...data }];
    }),
  );
  return waits.flat();
}

/** The outage that the portal is in, if any. */
export async function readOutage(ledger: Ledger): Promise<Outage | undefined> {
  return outageSchema.safeParse(await ledger.redis.hgetall(ledger.keys.outage)).data;
}
