import { isoTime } from '../ledger/iso-time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readOutage, readWaits } from '../ledger/stops/waits.ts';
import { CREATE_USER, INVITE } from '../queue/names.ts';

/** A wait of the queues that ends by itself. */
export type Wait =
  /** `code` names the limiter of the portal that rejected; `until` is ms since the epoch. */
  | { kind: 'requested'; code: string; until: number }
  /** `reason` is the code of the failure to reach the portal; `since` is ms since the epoch. */
  | { kind: 'outage'; reason: string; since: number };

/** Shorter waits end before a person has read about them, ms. */
const LEAST_SHOWN_MS = 2000;

/** The waits in force, one for each limiter; `now` in ms. */
export async function currentWaits(ledger: Ledger, now: number): Promise<Wait[]> {
  const [requested, outage] = await Promise.all([
    readWaits(ledger, [CREATE_USER, INVITE]),
    readOutage(ledger),
  ]);
  const distinct = new Map<string, Wait>();
  for (const { limiter, leftMs } of requested) {
    if (leftMs < LEAST_SHOWN_MS) continue;
    distinct.set(limiter, { kind: 'requested', code: limiter, until: now + leftMs });
  }
  const waits = [...distinct.values()];
  if (outage === undefined) return waits;
  return [...waits, { kind: 'outage', reason: outage.code, since: outage.since }];
}

/** `outage`, or the limiter that rejected. */
export function waitCode(wait: Wait): string {
  return wait.kind === 'outage' ? 'outage' : wait.code;
}

/** When the wait ends, ISO 8601; null for an outage, whose end nobody knows. */
export function waitUntil(wait: Wait): string | null {
  return wait.kind === 'outage' ? null : isoTime(wait.until);
}
