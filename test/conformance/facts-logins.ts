import { anyList, anyText, ask, create, empty, type Fact } from './fact.ts';
import { addressIn, field, idIn } from './probe.ts';

const WRONG_KEY = `sk-${'0'.repeat(64)}`;
const SELF = 'GET /people/@self';

/** Keys, the proxy and dates. */
export const logins: readonly Fact[] = [
  ...['bearer ', 'Bearer  ', ''].map(
    (prefix): Fact => ({
      id: 'P-KEY-01',
      says: `the prefix "${prefix}" is no API key`,
      risk: 'safe',
      observe: (portal) => {
        const headers = { Authorization: `${prefix}${portal.key}` };
        return portal.ask(SELF, { key: null, headers });
      },
      expected: { status: 401 },
    }),
  ),
  {
    id: 'P-KEY-09',
    says: 'settings without a key are public',
    risk: 'safe',
    observe: ask('GET /settings', { key: null }),
    expected: { status: 200, response: { userNameRegex: anyText } },
  },
  {
    id: 'P-KEY-10',
    says: 'a key describes itself, without showing itself',
    risk: 'safe',
    observe: ask('GET /keys/@self'),
    expected: {
      status: 200,
      response: {
        ...{ id: anyText, name: anyText, permissions: anyList, isActive: true },
        ...{ key: /^sk-\*{3}.{4}$/, createBy: { id: anyText, displayName: anyText } },
      },
    },
  },
  {
    id: 'P-KEY-13',
    says: 'a request without a key deletes the cookie',
    risk: 'safe',
    observe: ask(SELF, { key: null }),
    expected: { ...empty(401), headers: { 'set-cookie': /asc_auth_key=;/ } },
  },
  {
    id: 'P-KEY-13',
    says: 'a wrong key sets no cookie',
    risk: 'safe',
    observe: ask(SELF, { key: WRONG_KEY }),
    expected: { ...empty(401), headers: { 'set-cookie': undefined } },
  },
  {
    id: 'P-KEY-15',
    says: 'a token that is no key sees the public settings',
    risk: 'safe',
    observe: ask('GET /settings', { key: null, headers: { Authorization: 'Bearer something' } }),
    expected: { status: 200, response: { invitationLimit: undefined, culture: anyText } },
  },
  {
    id: 'P-KEY-14',
    says: 'a header confirm beside a key changes nothing',
    risk: 'safe',
    observe: create({}, { headers: { confirm: 'x' } }),
    expected: { status: 200, response: { isCollaborator: true } },
  },
  {
    id: 'P-LIMIT-05',
    says: 'a success has no rate-limit headers',
    risk: 'safe',
    observe: ask(SELF),
    expected: { status: 200, headers: { 'x-ratelimit-limit': undefined } },
  },
  {
    id: 'P-PROXY-03',
    says: 'a path outside the API is a page',
    risk: 'safe',
    observe: ask('GET //accounts/people', { key: null }),
    expected: { status: 200, type: /^text\/html/ },
  },
  {
    id: 'P-DATE-03',
    says: 'the Date header and the registration are of one clock',
    risk: 'safe',
    observe: async (portal) => {
      const { headers, response } = await portal.create();
      const registeredAt = Date.parse(String(field(response, 'registrationDate')));
      return Math.abs(Date.parse(String(headers.date)) - registeredAt) < 5000;
    },
    expected: true,
  },
  {
    id: 'P-DATE-01',
    says: 'a date has seven digits of a second and a zone',
    risk: 'safe',
    observe: async (portal) => (await portal.ana()).response,
    expected: { registrationDate: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}(?:Z|[+-]\d\d:\d\d)$/ },
  },
  {
    id: 'P-DATE-01',
    says: 'a portal east of Greenwich shows its own time',
    risk: 'sandbox-only',
    state: { utcOffsetMinutes: 120, now: () => Date.UTC(2026, 6, 1, 10) },
    observe: create({}),
    expected: { response: { registrationDate: '2026-07-01T12:00:00.0000000+02:00' } },
  },
  {
    id: 'P-DATE-02',
    says: 'a later lookup shows whole seconds',
    risk: 'safe',
    observe: async (portal) => {
      const email = addressIn(await portal.ana());
      return (await portal.ask(`GET /people/email?email=${email}`)).response;
    },
    expected: { registrationDate: /\.0{7}/, id: anyText },
  },
  {
    id: 'P-LOOKUP-05',
    says: 'an account is found as soon as it is stored',
    risk: 'safe',
    observe: async (portal) => {
      const made = await portal.create();
      const found = await portal.ask(`GET /people/email?email=${addressIn(made)}`);
      return [found.status, idIn(found) === idIn(made)];
    },
    expected: [200, true],
  },
];
