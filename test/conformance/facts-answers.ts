import {
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

const JSON_HEADER = { 'Content-Type': 'application/json' };
const WRONG_KEY = `sk-${'0'.repeat(64)}`;
const SELF = 'GET /people/@self';

/** Bodies and JSON. */
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
    id: 'P-SUCCESS-01',
    says: 'an envelope of one object counts 1 and links to its request',
    risk: 'safe',
    observe: async (portal) => (await portal.ask(SELF)).json,
    expected: { count: 1, links: [{ href: /\/people\/@self$/, action: 'GET' }], status: 0 },
  },
  {
    id: 'P-SUCCESS-05',
    says: 'every answer has its time and its version',
    risk: 'safe',
    observe: ask(SELF),
    expected: {
      headers: { 'server-timing': /aspnetcore-request-time;dur=/, 'api-supported-versions': '2.0' },
    },
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
];
