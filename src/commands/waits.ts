import type { Ledger } from '../ledger/ledger.ts';
import { readOutage, readPauses } from '../ledger/pauses.ts';
import { CREATE_USER, INVITE } from '../queue/names.ts';

/** A queue's wait that nobody has to do anything about. */
export interface Wait {
  /** Which limiter of the portal rejected, or `outage`. */
  code: string;
  /** One sentence. */
  text: string;
  /** When it is over, ISO 8601; null for an outage, whose end nobody knows. */
  until: string | null;
}

/** Shorter waits are over before anybody has read of them. */
const LEAST_TOLD_MS = 2000;

const limiters: Readonly<Record<string, string>> = {
  requests: 'rate limit of the portal',
  concurrency: 'limit of requests at a time of the portal',
  daily: 'daily write limit of the portal',
  endpoint: 'invite limit of the portal',
  invitations: 'daily invitation limit of the portal',
};

/** What the queues wait for at the moment, in words; `now` in ms. */
export async function readWaits(ledger: Ledger, now: number): Promise<Wait[]> {
  const [pauses, outage] = await Promise.all([
    readPauses(ledger, [CREATE_USER, INVITE]),
    readOutage(ledger),
  ]);
  const waits = pauses
    .filter(({ leftMs }) => leftMs >= LEAST_TOLD_MS)
    .map(({ limiter, leftMs }) => waitOf(limiter, { now, until: now + leftMs }));
  const distinct = new Map(waits.map((wait) => [wait.code, wait]));
  if (outage !== undefined) {
    const text = `portal unreachable (${outage.code}) since ${clockTime(outage.since, now)}: it is tried again by itself`;
    distinct.set('outage', { code: 'outage', text, until: null });
  }
  return [...distinct.values()];
}

function waitOf(limiter: string, { now, until }: { now: number; until: number }): Wait {
  const text = `${limiters[limiter] ?? limiter}: continues at ${clockTime(until, now)}`;
  return { code: limiter, text, until: new Date(until).toISOString() };
}

/** Local time of day as 14:05, with seconds when it is near, with the date on another day. */
export function clockTime(at: number, now: number): string {
  const [date, time] = localParts(at);
  const near = Math.abs(at - now) < 60_000;
  const shown = near ? time : time.slice(0, 5);
  return date === localParts(now)[0] ? shown : `${date} ${shown}`;
}

/** ISO date and time of day, in the time zone of this process. */
function localParts(at: number): [date: string, time: string] {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
  return [local.slice(0, 10), local.slice(11, 19)];
}
