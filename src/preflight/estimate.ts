import { counted, grouped } from '../count.ts';
import { mostInvitees } from '../ledger/invites/invites.ts';
import { perSecondOf, WRITES_PER_DAY } from '../queue/pace.ts';

/** Requests of a batch, and the shortest time for them. */
export type Estimate = ReturnType<typeof estimate>;

interface Work {
  accepted: number;
  /** Accepted people with an account; 0 without a lookup. */
  present: number;
  /** Accepted people whom the invite does not take. */
  notInvitable: number;
  inviteSize?: number | undefined;
  /** Configured limit; 0 is none. */
  requestsPerMinute: number;
}

/** Counts one creation for each person; an existing one adds a lookup and is not invited. */
export function estimate(work: Work) {
  const { accepted, present, notInvitable, inviteSize, requestsPerMinute } = work;
  const invited = Math.max(0, accepted - present - notInvitable);
  const invites = Math.ceil(invited / Math.min(mostInvitees(inviteSize), Math.max(invited, 1)));
  const requests = accepted + present + invites;
  const perSecond = perSecondOf(requestsPerMinute);
  return {
    creations: accepted,
    /** One for each existing person, after the refusal of the creation. */
    lookups: present,
    invites,
    /** At the configured requests a minute, ms; null without a limit. */
    durationMs: requestsPerMinute === 0 ? null : Math.ceil((requests / perSecond) * 1000),
    days: Math.max(1, Math.ceil((accepted + invites) / WRITES_PER_DAY)),
  };
}

/** `3 days at 10,000 writes a day`; the documented limit of portals in the cloud. */
export function daysText({ days }: Estimate): string {
  const time = days === 1 ? 'within a day' : counted(days, 'day', 'days');
  return `${time} at the documented ${grouped(WRITES_PER_DAY)} writes a day`;
}
