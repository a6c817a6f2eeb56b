import type { Fact } from './fact.ts';
import { answers } from './facts-answers.ts';
import { creations } from './facts-creation.ts';
import { groups } from './facts-groups.ts';
import { invites } from './facts-invites.ts';
import { keys } from './facts-keys.ts';
import { limits } from './facts-limits.ts';
import { logins } from './facts-logins.ts';
import { people } from './facts-people.ts';
import { reads } from './facts-reads.ts';
import { spending } from './facts-spending.ts';
import { states } from './facts-states.ts';

/** Every statement of docs/portal.md that HTTP can show. */
export const facts: readonly Fact[] = [
  ...answers,
  ...logins,
  ...creations,
  ...reads,
  ...groups,
  ...invites,
  ...keys,
  ...states,
  ...limits,
  ...people,
  ...spending,
];

/** Facts that spend no seat and no invitation, and leave marked Users alone. */
export const safeFacts = facts.filter(({ risk }) => risk === 'safe');

/** Ids that are not in the table, each with the reason. */
export const unseen: Readonly<Record<string, string>> = {
  'P-ORDER-01': 'P-ORDER-02 and P-ORDER-03 show the parts of this order',
  'P-JSON-03': 'needs a body of 30 MB, which test/sandbox/bodies.test.ts sends',
  'P-KEY-02': 'the shape of a key, which no answer shows',
  'P-KEY-12': 'a cost, not an answer',
  'P-CREATE-19': 'a duration, not an answer',
  'P-INVITE-09': 'a duration, not an answer',
  'P-LIMIT-01': 'a configuration of the cloud',
  'P-LIMIT-07': 'needs a limiter that lost a client for 60 s',
  'P-PROXY-02': 'needs a front proxy that waits for 60 s',
  'P-PROXY-04': 'needs port 80 of a front proxy',
  'P-PROXY-05': 'needs two portals on one server',
  'P-VERSION-01': 'needs a portal from before 3.1',
};
