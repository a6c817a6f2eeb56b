import { z } from 'zod';
import type { Ledger } from './ledger.ts';
import { admit as admitScript, endProbe, extendOutage, extendPause } from './pause-scripts.ts';
import { parseJson } from './rows.ts';
import { runScript } from './script.ts';

const pauseSchema = z.object({ limiter: z.string() });
const outageSchema = z.object({ code: z.string(), since: z.coerce.number() });

/** A wait that the portal asked for. */
export interface Pause {
  queue: string;
  /** Which of the portal's limiters rejected. */
  limiter: string;
  /** How long it still lasts, ms. */
  leftMs: number;
}

/** A portal that cannot be reached. `since` is ms of Redis' clock. */
export interface Outage {
  code: string;
  since: number;
}

/**
 * Asks before a request is sent. `token` names who asks; a probe that is not ended within `probeMs`
 * makes room for another, and keeps the others waiting for `pollMs` at a time.
 */
export async function admit(
  ledger: Ledger,
  ask: { queue: string; token: string; probeMs: number; pollMs: number },
): Promise<{ waitMs: number; isProbe: boolean }> {
  const keys = [ledger.keys.pause + ask.queue, ledger.keys.outage];
  const call = { keys, args: [ask.token, Math.ceil(ask.probeMs), ask.pollMs] };
  const reply = z.tuple([z.number(), z.number()]);
  const [waitMs, isProbe] = reply.parse(await runScript(ledger.redis, admitScript, call));
  return { waitMs, isProbe: isProbe === 1 };
}

/** No start on this queue for `waitMs`, or longer when more was asked for. Returns the wait, ms. */
export async function pauseQueue(
  ledger: Ledger,
  wish: { queue: string; limiter: string; waitMs: number },
): Promise<number> {
  const args = [JSON.stringify({ limiter: wish.limiter }), Math.max(1, Math.ceil(wish.waitMs))];
  const call = { keys: [ledger.keys.pause + wish.queue], args };
  return Number(await runScript(ledger.redis, extendPause, call));
}

/**
 * The portal could not be reached. Failures of requests that were under way together are one; each
 * further one doubles the wait. Returns how long to wait, ms, and whether it is a new failure.
 */
export async function noteOutage(
  ledger: Ledger,
  seen: { code: string; firstMs: number; mostMs: number; random: number },
): Promise<{ waitMs: number; isNew: boolean }> {
  const args = [seen.code, seen.firstMs, seen.mostMs, seen.random];
  const call = { keys: [ledger.keys.outage], args };
  const reply = z.tuple([z.number(), z.number()]);
  const [waitMs, isNew] = reply.parse(await runScript(ledger.redis, extendOutage, call));
  return { waitMs, isNew: isNew === 1 };
}

/** The portal answered. True when it was out until now. */
export async function clearOutage(ledger: Ledger): Promise<boolean> {
  return (await ledger.redis.del(ledger.keys.outage)) === 1;
}

/** A probe ended without having asked the portal anything: the next job may be the probe. */
export async function leaveProbe(ledger: Ledger, token: string): Promise<void> {
  await runScript(ledger.redis, endProbe, { keys: [ledger.keys.outage], args: [token] });
}

/** The waits in force on these queues. */
export async function readPauses(ledger: Ledger, queues: readonly string[]): Promise<Pause[]> {
  const pauses = await Promise.all(
    queues.map(async (queue) => {
      const key = ledger.keys.pause + queue;
      const [text, leftMs] = await Promise.all([ledger.redis.get(key), ledger.redis.pttl(key)]);
      const { data } = pauseSchema.safeParse(parseJson(text));
      return data === undefined || leftMs <= 0 ? [] : [{ queue, leftMs, ...data }];
    }),
  );
  return pauses.flat();
}

/** The outage that the portal is in, if any. */
export async function readOutage(ledger: Ledger): Promise<Outage | undefined> {
  return outageSchema.safeParse(await ledger.redis.hgetall(ledger.keys.outage)).data;
}
