import { OnboardError } from '../errors.ts';
import type { ServerFacts } from '../redis/connection/server-facts.ts';
import type { Refused } from '../redis/connection/trial.ts';
import type { PortalFacts } from './ask-portal.ts';
import { type Check, fault, ok } from './check-result.ts';
import { inviteLengthChecks } from './invite-length.ts';
import { keyChecks } from './key-checks.ts';
import { portalChecks } from './portal-checks.ts';
import { commandChecks, ONE_REDIS, redisChecks } from './redis-checks.ts';
import type { BatchNeeds } from './submission-needs.ts';

export interface Findings {
  /** Facts of the server, the error of reading them, or a private Redis that a command will start. */
  redis: ServerFacts | OnboardError | 'to-be-started';
  /** Commands that the server refuses. */
  refused?: readonly Refused[] | undefined;
  portal: PortalFacts;
  needs?: BatchNeeds | undefined;
  /** This machine's clock, ms since the epoch. */
  now: number;
}

/** Assesses the facts: all lines of the preflight, Redis first. */
export function assess({ redis, refused = [], portal, needs, now }: Findings): Check[] {
  const portalNow = now + (portal.clockAheadMs ?? 0);
  const ofInvite = inviteLengthChecks(needs?.longestInvite);
  const ofKey = keyChecks(portal, { portalNow, needs });
  const others = [...portalChecks(portal), ...ofKey, ...ofInvite];
  if (redis === 'to-be-started') {
    const place = 'run starts a private Redis in the data directory';
    return [ok('redis', `${place}; ${ONE_REDIS}`), ...others];
  }
  if (redis instanceof OnboardError) {
    return [fault('redis', `Redis cannot be used (${redis.code})`, redis.message), ...others];
  }
  const commands = commandChecks(refused, redis);
  return [...redisChecks(redis, { rows: needs?.newRows ?? 0, now }), ...commands, ...others];
}
