import type { SandboxLimits } from '../../src/sandbox/limits/limit-figures.ts';
import { empty, type Fact, inTurn } from './fact.ts';
import { invite } from './facts-invites.ts';

const SELF = 'GET /people/@self';

/** The first request above a limit of one, and its headers. */
function limited(
  [id, says]: readonly [id: string, says: string],
  limits: Partial<SandboxLimits>,
  observe: Fact['observe'],
): Fact {
  const expected = {
    ...empty(429),
    headers: { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'retry-after': undefined },
  };
  return { id, says, risk: 'sandbox-only', state: { limits }, observe, expected };
}

/** The limiters, each with a limit that a test reaches. */
export const limits: readonly Fact[] = [
  {
    id: 'P-ORDER-02',
    says: 'a limit precedes the key',
    risk: 'sandbox-only',
    state: { limits: { requestsPerMinute: 1 } },
    observe: (portal) => {
      const wrong = { key: 'sk-wrong' };
      return inTurn([1, 2].map(() => () => portal.ask(SELF, wrong)));
    },
    expected: [401, 429],
  },
  limited(['P-LIMIT-02', 'requests have a limit'], { requestsPerMinute: 1 }, async (portal) => {
    await portal.ask(SELF);
    return portal.ask(SELF);
  }),
  {
    id: 'P-LIMIT-02',
    says: 'writes in flight have a limit, without a queue',
    risk: 'sandbox-only',
    state: { latencyMs: 100, limits: { concurrentWrites: 1 } },
    observe: async (portal) => {
      const both = await Promise.all([portal.create(), portal.create()]);
      return both.find(({ status }) => status !== 200);
    },
    expected: { ...empty(429), headers: { 'x-ratelimit-limit': '1', 'retry-after': undefined } },
  },
  limited(
    ['P-LIMIT-03', 'resent invites have one'],
    { resendsPerQuarterHour: 1 },
    async (portal) => {
      const body = { resendAll: true };
      await portal.ask('PUT /people/invite', { body });
      return portal.ask('PUT /people/invite', { body });
    },
  ),
  {
    id: 'P-LIMIT-04',
    says: 'the limit of a day says when it ends, as an epoch in seconds',
    risk: 'sandbox-only',
    state: { limits: { writesPerDay: 1 }, now: () => 1_800_000_000_000 },
    observe: async (portal) => {
      await portal.create();
      return portal.create();
    },
    expected: {
      ...empty(429),
      headers: { 'retry-after': '86400', 'x-ratelimit-reset': '1800086400' },
    },
  },
  {
    id: 'P-LIMIT-04',
    says: 'a newer library writes the epoch in milliseconds',
    risk: 'sandbox-only',
    state: {
      limits: { writesPerDay: 1 },
      faults: { limiterResetUnit: 'milliseconds' },
      now: () => 1_800_000_000_000,
    },
    observe: async (portal) => {
      await portal.create();
      return portal.create();
    },
    expected: { status: 429, headers: { 'x-ratelimit-reset': '1800086400000' } },
  },
  {
    id: 'P-LIMIT-06',
    says: 'a later limiter that rejects keeps the permit of the window before it',
    risk: 'sandbox-only',
    state: { limits: { requestsPerMinute: 3, resendsPerQuarterHour: 1 } },
    observe: (portal) => {
      const resend = () => portal.ask('PUT /people/invite', { body: { resendAll: true } });
      return inTurn([resend, resend, () => portal.ask(SELF), () => portal.ask(SELF)]);
    },
    expected: [200, 429, 200, 429],
  },
  {
    id: 'P-LIMIT-08',
    says: 'an invite of more entries than are left burns them and creates nobody',
    risk: 'sandbox-only',
    state: { limits: { invitationsPerDay: 4 } },
    observe: async (portal) => {
      const { status } = await invite(portal, entries(6));
      return [status, (await portal.ask('GET /people')).json];
    },
    expected: [429, { total: 1 }],
  },
  {
    id: 'P-LIMIT-10',
    says: 'an invite of 2 and then of 3 cost 4 permits',
    risk: 'sandbox-only',
    state: { limits: { invitationsPerDay: 4 } },
    observe: (portal) => inTurn([2, 3, 1].map((size) => () => invite(portal, entries(size)))),
    expected: [200, 200, 429],
  },
  {
    id: 'P-LIMIT-09',
    says: 'an invite of more entries than the invitation limit leaves is refused whole',
    risk: 'sandbox-only',
    state: { limits: { invitationLimit: 1 } },
    observe: (portal) => invite(portal, entries(2)),
    expected: { status: 400, response: { errors: { Invitations: [/limit/i] } } },
  },
];

function entries(count: number): object[] {
  const one = (_: unknown, index: number) => ({ email: `p${index}@example.com`, type: 'User' });
  return Array.from({ length: count }, one);
}
