import {
  anyList,
  anyNumber,
  anyText,
  ask,
  empty,
  type Fact,
  shapeA,
  shapeB,
  thrown,
} from './fact.ts';
import { addressIn, field, type Probe } from './probe.ts';

const LOOKUP = 'GET /people/email';
const NOBODY = 'conformance-nobody@example.com';

async function lookedUp(portal: Probe, change: (address: string) => string): Promise<unknown> {
  const made = await portal.ana();
  const found = await portal.ask(`${LOOKUP}?email=${change(addressIn(made))}`);
  return [found.status, field(found.response, 'id') === field(made.response, 'id')];
}

/** A lookup by another spelling of an address that has an account. */
function found(says: string, change: (address: string) => string): Fact {
  const observe: Fact['observe'] = (portal) => lookedUp(portal, change);
  return { id: 'P-LOOKUP-04', says, risk: 'safe', observe, expected: [200, true] };
}

/** Lookups, lists, settings. */
export const reads: readonly Fact[] = [
  {
    id: 'P-LOOKUP-01',
    says: 'an encoded + finds the account',
    risk: 'safe',
    observe: (portal) => lookedUp(portal, (address) => address),
    expected: [200, true],
  },
  {
    id: 'P-LOOKUP-01',
    says: 'a + that is not encoded finds nobody',
    risk: 'safe',
    observe: (portal) => lookedUp(portal, (address) => address.replace('%2B', '+')),
    expected: [404, false],
  },
  {
    id: 'P-LOOKUP-02',
    says: 'nobody is a 404 in shape A, in English on request',
    risk: 'safe',
    observe: ask(`${LOOKUP}?email=${NOBODY}&culture=en-US`),
    expected: shapeA(404, thrown.notFound, 'The user could not be found'),
  },
  {
    id: 'P-LOOKUP-02',
    says: 'an invalid culture is refused',
    risk: 'safe',
    observe: ask(`${LOOKUP}?email=${NOBODY}&culture=no%20such`),
    expected: { status: 400 },
  },
  {
    id: 'P-LOOKUP-09',
    says: 'an address without an @ is refused in shape B',
    risk: 'safe',
    observe: ask(`${LOOKUP}?email=nobody`),
    expected: shapeB('email'),
  },
  {
    id: 'P-LOOKUP-09',
    says: 'a lookup needs an address, and so does exists',
    risk: 'safe',
    observe: async (portal) => [
      await portal.ask(LOOKUP),
      await portal.ask('GET /people/exists?email='),
    ],
    expected: Array(2).fill(
      shapeA(400, thrown.nullArgument, "Value cannot be null. (Parameter 'email')"),
    ),
  },
  found('a lookup ignores case', (address) => address.toUpperCase()),
  found('a lookup ignores accents (MySQL)', (address) => address.replace('o', 'ó')),
  found('a lookup drops surrounding spaces', (address) => `%20${address}%20`),
  {
    id: 'P-LOOKUP-06',
    says: 'an unknown path is a 404 with an empty body',
    risk: 'safe',
    observe: ask('GET /people/conformance/nothing'),
    expected: empty(404),
  },
  {
    id: 'P-LOOKUP-07',
    says: 'nobody does not exist, without a status',
    risk: 'safe',
    observe: ask(`GET /people/exists?email=${NOBODY}`),
    expected: { status: 200, response: { exists: false, status: undefined } },
  },
  {
    id: 'P-LOOKUP-08',
    says: 'the caller sees the account of the key, with more fields',
    risk: 'safe',
    observe: ask('GET /people/@self'),
    expected: {
      status: 200,
      response: { id: anyText, email: anyText, theme: anyNumber, loginEventId: anyNumber },
    },
  },
  {
    id: 'P-LIST-01',
    says: 'a page of people has the size that was asked, and the total',
    risk: 'safe',
    observe: ask('GET /people?count=1'),
    expected: { status: 200, json: { count: 1, total: anyNumber, response: [{ id: anyText }] } },
  },
  {
    id: 'P-LIST-01',
    says: 'a page has at most 100 people',
    risk: 'sandbox-only',
    state: { existing: Array.from({ length: 120 }, (_, index) => `p${index}@example.com`) },
    observe: ask('GET /people/filter?count=120'),
    expected: { json: { count: 100, total: 121 } },
  },
  {
    id: 'P-SETTINGS-01',
    says: 'the public part tells status, rule of names, version and language',
    risk: 'safe',
    observe: ask('GET /settings', { key: null }),
    expected: {
      status: 200,
      response: { tenantStatus: 0, userNameRegex: anyText, version: anyText, culture: anyText },
    },
  },
  {
    id: 'P-SETTINGS-02',
    says: 'a key sees the invitation limit, nobody else does',
    risk: 'safe',
    observe: async (portal) => {
      const known = await portal.ask('GET /settings');
      const open = await portal.ask('GET /settings', { key: null });
      return [known, open].map(({ response }) => typeof field(response, 'invitationLimit'));
    },
    expected: ['number', 'undefined'],
  },
  {
    id: 'P-SETTINGS-03',
    says: 'the invitation settings are two switches',
    risk: 'safe',
    observe: async (portal) => {
      const { response } = await portal.ask('GET /settings/invitationsettings');
      return ['allowInvitingMembers', 'allowInvitingGuests'].map(
        (name) => typeof field(response, name),
      );
    },
    expected: ['boolean', 'boolean'],
  },
  {
    id: 'P-SETTINGS-04',
    says: 'the public part has empty values, a deep link and the hash of passwords',
    risk: 'safe',
    observe: ask('GET /settings', { key: null }),
    expected: {
      response: {
        ...{ trustedDomainsType: 0, utcHoursOffset: 0, ownerId: /^[0-]{36}$/ },
        deepLink: { androidPackageName: anyText, url: anyText, iosPackageId: anyText },
        passwordHash: { size: anyNumber, iterations: anyNumber, salt: anyText },
      },
    },
  },
  {
    id: 'P-SETTINGS-05',
    says: 'the plan has a price, its kind and its features',
    risk: 'safe',
    observe: ask('GET /portal/payment/quota'),
    expected: {
      status: 200,
      response: { features: anyList, trial: (one: unknown) => one === !!one },
    },
  },
  {
    id: 'P-CULTURE-01',
    says: 'the languages of the portal are public',
    risk: 'safe',
    observe: async (portal) => {
      const { status, response } = await portal.ask('GET /settings/cultures', { key: null });
      return [status, Array.isArray(response) && response.includes('en-US')];
    },
    expected: [200, true],
  },
  {
    id: 'P-TENANT-01',
    says: 'an open portal has the status 0',
    risk: 'safe',
    observe: ask('GET /settings', { key: null }),
    expected: { response: { tenantStatus: 0 } },
  },
];
