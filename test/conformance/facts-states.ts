import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { anyText, ask, create, type Fact, inTurn, shapeA, shapeC, thrown } from './fact.ts';
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
    observe: (portal) => inTurn(requests.map((request) => () => portal.ask(request))),
    expected,
  };
}

/** States of a portal, its proxy and its versions. */
export const states: readonly Fact[] = [
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
  {
    id: 'P-TENANT-05',
    says: 'an address that is not allowed gets one sentence',
    risk: 'sandbox-only',
    state: { faults: { addressRefused: true } },
    observe: create({}, { headers: { Accept: 'text/plain' } }),
    expected: { status: 403, type: /^text\/plain/, text: anyText },
  },
  {
    id: 'P-KEY-11',
    says: 'a key at a host that is no portal fails',
    risk: 'sandbox-only',
    state: { faults: { hostUnknown: true } },
    observe: ask(SELF),
    expected: shapeA(500, 'System.Exception', 'Could not resolve current tenant :-(.'),
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
    observe: (portal) => inTurn([EXISTS, LOOKUP].map((request) => () => portal.ask(request))),
    expected: [404, 404],
  },
  {
    id: 'P-VERSION-02',
    says: '3.6.1 skips a refused entry of an invite',
    risk: 'sandbox-only',
    state: { faults: { version: '3.6.1' } },
    observe: async (portal) => {
      const bad = { email: 'bad@localhost', type: 'User' };
      const { status } = await invite(portal, [bad, { email: 'p0@example.com', type: 'User' }]);
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
