import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { ask, create, empty, type Fact, shapeA, shapeC, statuses, thrown } from './fact.ts';
import { invite } from './facts-invites.ts';

const SELF = 'GET /people/@self';
const EXISTS = 'GET /people/exists?email=nobody@example.com';
const LOOKUP = 'GET /people/email?email=nobody@example.com';
const requests = [SELF, 'GET /keys/@self', 'GET /settings', EXISTS, LOOKUP];

type Faults = NonNullable<SandboxOptions['faults']>;

/** Statuses of five reads of a portal in this state: self, key, settings, exists, lookup. */
function closed(id: string, faults: Faults, expected: readonly number[]): Fact {
  return {
    id,
    says: `${Object.values(faults)} decides what is served`,
    risk: 'sandbox-only',
    state: { faults },
    observe: (portal) => statuses(requests.map((request) => portal.ask(request))),
    expected,
  };
}

/** The first request above a limit of one, and its headers. */
function limited(
  id: string,
  says: string,
  limits: SandboxOptions['limits'],
  then: Fact['observe'],
): Fact {
  const expected = {
    ...empty(429),
    headers: { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'retry-after': undefined },
  };
  return {
    id,
    says,
    risk: 'sandbox-only',
    state: { ...(limits && { limits }) },
    observe: then,
    expected,
  };
}

/** States of a portal, its limits and its proxy. */
export const states: readonly Fact[] = [
  {
    id: 'P-ORDER-02',
    says: 'a limit precedes the key',
    risk: 'sandbox-only',
    state: { limits: { requestsPerMinute: 1 } },
    observe: (portal) => {
      const wrong = { key: 'sk-wrong' };
      return statuses([portal.ask(SELF, wrong), portal.ask(SELF, wrong)]);
    },
    expected: [401, 429],
  },
  {
    id: 'P-ORDER-03',
    says: 'a closed portal answers before the body is read',
    risk: 'sandbox-only',
    state: { faults: { tenantStatus: 'Suspended' } },
    observe: ask('POST /people', { raw: '{', headers: { 'Content-Type': 'text/plain' } }),
    expected: shapeC(404),
  },
  {
    id: 'P-ERROR-03',
    says: 'a 402 has neither title nor type',
    risk: 'sandbox-only',
    state: { faults: { tariff: 'unpaid' } },
    observe: create({}),
    expected: { ...shapeC(402), json: { title: undefined, type: undefined } },
  },
  {
    id: 'P-TENANT-01',
    says: 'a migrating portal (5) serves as usual',
    risk: 'sandbox-only',
    state: { faults: { tenantStatus: 'Migrating' } },
    observe: async (portal) => [(await portal.create()).status, await portal.ask('GET /settings')],
    expected: [200, { response: { tenantStatus: 5 } }],
  },
  closed('P-TENANT-02', { tenantStatus: 'Suspended' }, [404, 404, 200, 404, 404]),
  closed('P-TENANT-02', { tenantStatus: 'RemovePending' }, [404, 404, 404, 404, 404]),
  closed('P-TENANT-03', { tenantStatus: 'Transfering' }, [200, 200, 200, 403, 403]),
  closed('P-TENANT-03', { tenantStatus: 'Restoring' }, [200, 200, 200, 403, 403]),
  closed('P-TENANT-04', { tariff: 'unpaid' }, [200, 402, 200, 200, 402]),
  limited('P-LIMIT-02', 'requests have a limit', { requestsPerMinute: 1 }, async (portal) => {
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
  limited('P-LIMIT-03', 'resent invites have one', { resendsPerQuarterHour: 1 }, async (portal) => {
    const body = { resendAll: true };
    await portal.ask('PUT /people/invite', { body });
    return portal.ask('PUT /people/invite', { body });
  }),
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
  {
    id: 'P-PROXY-01',
    says: 'the page of the proxy says 500 whatever the status',
    risk: 'sandbox-only',
    state: { faults: { outages: [{ kind: '502', lastsMs: 60_000 }] } },
    observe: ask(SELF),
    expected: { status: 502, type: /^text\/html/, text: /500 Error!/ },
  },
  {
    id: 'P-VERSION-02',
    says: '3.6.1 has no exists, and lets an unpaid portal be searched',
    risk: 'sandbox-only',
    state: { faults: { version: '3.6.1', tariff: 'unpaid' } },
    observe: (portal) => statuses([portal.ask(EXISTS), portal.ask(LOOKUP)]),
    expected: [404, 404],
  },
  {
    id: 'P-VERSION-02',
    says: '3.6.1 skips a refused entry of an invite',
    risk: 'sandbox-only',
    state: { faults: { version: '3.6.1' } },
    observe: async (portal) => {
      const bad = { email: 'bad@localhost', type: 'User' };
      const { status } = await invite(portal, [bad, ...entries(1)]);
      return [status, (await portal.ask('GET /people')).json];
    },
    expected: [200, { total: 2 }],
  },
  {
    id: 'P-VERSION-02',
    says: '3.6.1 lets a RoomAdmin create nobody',
    risk: 'sandbox-only',
    state: { faults: { version: '3.6.1' }, keys: [{ key: 'sk-room', role: 'RoomAdmin' }] },
    observe: create({}),
    expected: shapeA(403, thrown.authorizing),
  },
  {
    id: 'P-VERSION-02',
    says: '3.6.1 validates both names together',
    risk: 'sandbox-only',
    state: { faults: { version: '3.6.1' } },
    observe: create({ firstName: '', lastName: 'Lee' }),
    expected: { status: 200 },
  },
  {
    id: 'P-VERSION-03',
    says: '3.6.1 names the removed profile as creator',
    risk: 'sandbox-only',
    state: { faults: { version: '3.6.1' } },
    observe: create({}),
    expected: { response: { createdBy: { displayName: /removed/ } } },
  },
  {
    id: 'P-VERSION-04',
    says: '3.7 ends an invite at the first refused entry',
    risk: 'sandbox-only',
    observe: (portal) => invite(portal, [{ email: 'bad@localhost', type: 'User' }]),
    expected: shapeA(400, thrown.argument, 'Incorrect email'),
  },
];

function entries(count: number): object[] {
  const one = (_: unknown, index: number) => ({ email: `p${index}@example.com`, type: 'User' });
  return Array.from({ length: count }, one);
}

async function inTurn(calls: readonly (() => ReturnType<typeof invite>)[]): Promise<number[]> {
  const found: number[] = [];
  for (const call of calls) found.push((await call()).status);
  return found;
}
