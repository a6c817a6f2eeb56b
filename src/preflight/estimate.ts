import { counted, grouped } from '../count.ts';
import { paceOf, startsPerSecond } from '../queue/pace.ts';

/** Writes that a portal takes in a day, as documented (P-LIMIT-02). */
const WRITES_PER_DAY = 10_000;

/** What a batch asks of the portal, and how long that takes at least. */
export interface Estimate {
  creations: number;
  /** Who is there already is looked up after the refusal. */
  lookups: number;
  invites: number;
  /** At the configured requests a minute, ms; null without a limit. */
  durationMs: number | null;
  /** Days at the documented writes a day. */
  days: number;
}

interface Work {
  accepted: number;
  /** Of the accepted, who is known to be on the portal; 0 without a lookup. */
  present: number;
  inviteSize?: number | undefined;
  /** As configured; 0 is no limit. */
  requestsPerMinute: number;
}

/** Each person is one creation; those who are there, one lookup more, and are not invited. */
export function estimate({ accepted, present, inviteSize, requestsPerMinute }: Work): Estimate {
  const invited = accepted - present;
  const invites = Math.ceil(invited / (inviteSize ?? Math.max(invited, 1)));
  const requests = accepted + present + invites;
  const perSecond = startsPerSecond(paceOf(requestsPerMinute));
  return {
    creations: accepted,
    lookups: present,
    invites,
    durationMs: requestsPerMinute === 0 ? null : Math.ceil((requests / perSecond) * 1000),
    days: Math.max(1, Math.ceil((accepted + invites) / WRITES_PER_DAY)),
  };
}

/** `3 days at 10,000 writes a day`; the documented limit of portals in the cloud. */
export function daysText({ days }: Estimate): string {
  const told = days === 1 ? 'within a day' : counted(days, 'day', 'days');
  return `${told} at the documented ${grouped(WRITES_PER_DAY)} writes a day`;
}
