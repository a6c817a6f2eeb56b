import {
  anyList,
  anyNumber,
  anyText,
  ask,
  create,
  empty,
  type Fact,
  shapeA,
  shapeB,
  shapeC,
  thrown,
} from './fact.ts';
import { addressIn, field, idIn } from './probe.ts';

const JSON_HEADER = { 'Content-Type': 'application/json' };
const WRONG_KEY = `sk-${'0'.repeat(64)}`;
const SELF = 'GET /people/@self';

/** Bodies, JSON and keys. */
export const answers: readonly Fact[] = [
  {
    id: 'P-ERROR-01',
    says: 'an exception has shape A and must not be cached',
    risk: 'safe',
    observe: create({ firstName: '1' }),
    expected: {
      ...shapeA(400, thrown.argument),
      type: /^application\/json/,
      headers: { 'cache-control': /no-cache/ },
      json: { error: { message: anyText, stack: anyText, hresult: anyNumber } },
    },
  },
  {
    id: 'P-ERROR-02',
    says: 'a validation fault has shape B, with keys in PascalCase',
    risk: 'safe',
    observe: create({ email: 'nobody' }),
    expected: { ...shapeB('Email'), type: /^application\/problem\+json/ },
  },
  {
    id: 'P-ERROR-03',
    says: 'key scopes of an anonymous endpoint answer with shape C',
    risk: 'safe',
    observe: ask('GET /settings', { key: WRONG_KEY }),
    expected: shapeC(403),
  },
  {
    id: 'P-ERROR-04',
    says: 'a rejected key gets an empty body',
    risk: 'safe',
    observe: ask(SELF, { key: WRONG_KEY }),
    expected: empty(401),
  },
  {
    id: 'P-ERROR-05',
    says: 'an ordinary exception names its type',
    risk: 'safe',
    observe: ask('GET /people/email?email=conformance-nobody@example.com'),
    expected: { json: { error: { type: /^[A-Z]\w*(?:\.\w+)+$/ } } },
  },
  {
    id: 'P-ERROR-06',
    says: 'a 415 says 200 in its body',
    risk: 'safe',
    observe: ask('POST /people', { raw: '{}', headers: { 'Content-Type': 'text/plain' } }),
    expected: { status: 415, json: { statusCode: 200, status: 0 } },
  },
  {
    id: 'P-ERROR-07',
    says: 'a format exception is a 500',
    risk: 'safe',
    observe: create({ email: 'conformance,a@example.com' }),
    expected: shapeA(500, thrown.format),
  },
  {
    id: 'P-SUCCESS-01',
    says: 'an envelope has its properties in this order',
    risk: 'safe',
    observe: async (portal) => Object.keys(Object((await portal.ask(SELF)).json)),
    expected: ['response', 'count', 'links', 'status', 'statusCode'],
  },
  {
    id: 'P-SUCCESS-03',
    says: 'a property without a value is omitted',
    risk: 'safe',
    observe: async (portal) => (await portal.ana()).response,
    expected: { location: undefined, cultureName: undefined, terminated: undefined },
  },
  {
    id: 'P-SUCCESS-04',
    says: '?fields= names what is left of the answer',
    risk: 'safe',
    observe: async (portal) => {
      const { response } = await portal.ask(`${SELF}?fields=id,email`);
      return Object.keys(Object(response)).sort();
    },
    expected: ['email', 'id'],
  },
  {
    id: 'P-JSON-01',
    says: 'names are matched without case, unknown ones ignored, numbers may be quoted',
    risk: 'safe',
    observe: (portal) =>
      portal.ask('POST /people', {
        body: { EMAIL: portal.email(), FirstName: 'Ana', LASTNAME: '', type: '4', sex: 'male' },
      }),
    expected: { status: 200, response: { isCollaborator: true } },
  },
  {
    id: 'P-JSON-01',
    says: 'a trailing comma is a fault',
    risk: 'safe',
    observe: ask('POST /people', { raw: '{"email":"a",}', headers: JSON_HEADER }),
    expected: { status: 400, type: /problem/ },
  },
  {
    id: 'P-JSON-02',
    says: 'text/json is read, in UTF-16 too',
    risk: 'safe',
    observe: ask('POST /people', {
      raw: new Uint8Array([0x7b, 0, 0x7d, 0]),
      headers: { 'Content-Type': 'text/json; charset=utf-16' },
    }),
    expected: { status: 400 },
  },
  {
    id: 'P-JSON-02',
    says: 'a body without a content type is not read',
    risk: 'safe',
    observe: ask('POST /people', { raw: new Uint8Array([0x7b, 0x7d]) }),
    expected: { status: 415 },
  },
  {
    id: 'P-JSON-04',
    says: 'a GUID without hyphens does not convert',
    risk: 'safe',
    observe: create({ department: ['cd84e66bb80340fc99f9b2969a54a1de'] }),
    expected: shapeB('$.department[0]'),
  },
  {
    id: 'P-JSON-05',
    says: 'a type may be a name in any case',
    risk: 'safe',
    observe: create({ type: 'user' }),
    expected: { status: 200, response: { isCollaborator: true } },
  },
  {
    id: 'P-JSON-05',
    says: 'a type may be a comma-separated list, which is no User',
    risk: 'sandbox-only',
    observe: create({ type: 'User,Guest' }),
    expected: { status: 200, response: { isRoomAdmin: true } },
  },
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
