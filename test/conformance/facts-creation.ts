import { ask, create, type Fact, shapeA, shapeB, thrown } from './fact.ts';
import { addressIn, field } from './probe.ts';

const JSON_HEADER = { 'Content-Type': 'application/json' };
const INCORRECT = shapeA(400, thrown.argument);

/** A creation that is refused before anything is stored. */
function refused(id: string, sent: Record<string, unknown>, expected: object): Fact {
  const says = `a creation with ${JSON.stringify(sent).slice(0, 60)} is refused`;
  return { id, says, risk: 'safe', observe: create(sent), expected };
}

/** A value that is longer than its column. */
function tooLong(name: string, width: number, sent: Record<string, unknown>): Fact {
  const text = `The field ${name} must be a string or array type with a maximum length of '${width}'.`;
  const says = `more than ${width} characters for ${name} make no account`;
  const observe = create(sent);
  const expected = shapeA(400, thrown.argument, text);
  return { id: 'P-CREATE-12', says, risk: 'safe', observe, expected };
}

/** An address that is stored as another; `wrap` gets a marked one. */
function rewritten(says: string, wrap: (email: string) => string): Fact {
  return {
    id: 'P-CREATE-04',
    says,
    risk: 'safe',
    observe: async (portal) => {
      const email = portal.email();
      const { status, response } = await portal.create({ email: wrap(email) });
      return [status, field(response, 'email') === email];
    },
    expected: [200, true],
  };
}

/** Creations of Users, and creations that are refused. */
export const creations: readonly Fact[] = [
  {
    id: 'P-CREATE-01',
    says: 'location and comment are stored',
    risk: 'safe',
    observe: create({ location: 'Riga', comment: 'marked' }),
    expected: { status: 200, response: { location: 'Riga', notes: 'marked' } },
  },
  {
    id: 'P-CREATE-02',
    says: 'an empty body is refused',
    risk: 'safe',
    observe: ask('POST /people', { raw: '', headers: JSON_HEADER }),
    expected: shapeB(''),
  },
  {
    id: 'P-CREATE-02',
    says: 'malformed JSON is refused',
    risk: 'safe',
    observe: ask('POST /people', { raw: '{', headers: JSON_HEADER }),
    expected: { status: 400, type: /^application\/problem\+json/ },
  },
  refused('P-CREATE-02', { email: 'conformance-a@b@example.com' }, shapeB('Email')),
  refused('P-CREATE-02', { firstName: 'a'.repeat(256) }, shapeB('FirstName')),
  refused('P-CREATE-02', { lastName: 'a'.repeat(256) }, shapeB('LastName')),
  refused('P-CREATE-02', { type: 'Boss' }, shapeB('$.type')),
  refused('P-CREATE-04', { email: null }, shapeA(400, thrown.nullArgument)),
  ...['conformance-a;b@', '.conformance-a@', 'conformance-a..b@', 'mailto:conformance-a@'].map(
    (local) => refused('P-CREATE-04', { email: `${local}example.com` }, shapeA(500, thrown.format)),
  ),
  refused('P-CREATE-04', { email: 'conformance-a@exa mple.com' }, shapeA(500, thrown.format)),
  rewritten('a display name is dropped', (email) => `Ana <${email}>`),
  rewritten('words before the address are dropped', (email) => `ana lee ${email}`),
  rewritten('a comment is dropped', (email) => email.replace('@', '(c)@')),
  ...['Ana2', 'Jr.', 'O’Neil', 'de\u00a0la', 'a\tb', '𠮷', ''].map((firstName) =>
    refused('P-CREATE-05', { firstName }, INCORRECT),
  ),
  refused('P-CREATE-05', { firstName: null }, shapeA(400, thrown.nullArgument)),
  {
    id: 'P-CREATE-05',
    says: 'letters of any alphabet, an apostrophe and an empty last name pass',
    risk: 'safe',
    observe: create({ firstName: "Юлия d'Arc-山田", lastName: '' }),
    expected: { status: 200, response: { firstName: "Юлия d'Arc-山田", lastName: '' } },
  },
  ...[' ', 'Ana\n'].map(
    (firstName): Fact => ({
      id: 'P-CREATE-05',
      says: `the first name ${JSON.stringify(firstName)} is stored`,
      risk: 'safe',
      observe: create({ firstName }),
      expected: { status: 200, response: { firstName } },
    }),
  ),
  {
    id: 'P-CREATE-06',
    says: 'an address that has an account is refused like a bad name',
    risk: 'safe',
    observe: async (portal) => {
      const email = field((await portal.ana()).response, 'email');
      return portal.create({ email });
    },
    expected: INCORRECT,
  },
  tooLong('FirstName', 64, { firstName: 'a'.repeat(65) }),
  tooLong('LastName', 64, { lastName: 'a'.repeat(65) }),
  tooLong('Location', 255, { location: 'a'.repeat(256) }),
  tooLong('Notes', 512, { comment: 'a'.repeat(513) }),
  tooLong('Contacts', 1024, { contacts: [{ type: 'phone', value: '1'.repeat(1100) }] }),
  refused('P-CREATE-12', { lastName: null }, { status: 500 }),
  {
    id: 'P-CREATE-12',
    says: 'names of 64 characters are stored whole',
    risk: 'safe',
    observe: create({ firstName: 'a'.repeat(64), lastName: 'b'.repeat(64) }),
    expected: { response: { firstName: 'a'.repeat(64), lastName: 'b'.repeat(64) } },
  },
  {
    id: 'P-CREATE-21',
    says: 'an emoji before the @ is a 500',
    risk: 'safe',
    observe: (portal) => portal.create({ email: portal.email('🎉') }),
    expected: { status: 500 },
  },
  {
    id: 'P-CREATE-15',
    says: 'a success is 200, and the account is active with a pending activation',
    risk: 'safe',
    observe: (portal) => portal.ana(),
    expected: { status: 200, response: { status: 1, activationStatus: 2 } },
  },
  {
    id: 'P-CREATE-17',
    says: 'an unknown department is ignored',
    risk: 'safe',
    observe: create({ department: ['5a1f0c2e-0000-4000-8000-000000000001'] }),
    expected: { status: 200, response: { department: '', groups: undefined } },
  },
  {
    id: 'P-CREATE-18',
    says: 'the answer keeps the spelling of the address and encodes the display name',
    risk: 'safe',
    observe: async (portal) => {
      const email = portal.email().replace('conformance', 'Conformance');
      const { response } = await portal.create({ email, lastName: "O'Neil", comment: 'marked' });
      return { same: field(response, 'email') === email, response };
    },
    expected: { same: true, response: { displayName: /O&#39;Neil/, notes: 'marked' } },
  },
  {
    id: 'P-CREATE-18',
    says: 'a culture comes back as a language of the portal',
    risk: 'safe',
    observe: create({ cultureName: 'fr-FR' }),
    expected: { status: 200, response: { cultureName: 'fr' } },
  },
  {
    id: 'P-ROLE-02',
    says: 'a created account is active (1) with a pending activation (2)',
    risk: 'safe',
    observe: async (portal) => {
      const email = addressIn(await portal.ana());
      return (await portal.ask(`GET /people/exists?email=${email}`)).response;
    },
    expected: { exists: true, status: 1 },
  },
  {
    id: 'P-ROLE-03',
    says: 'one flag marks a User, and there is no type',
    risk: 'safe',
    observe: async (portal) => (await portal.ana()).response,
    expected: {
      ...{ isCollaborator: true, isRoomAdmin: false, isAdmin: false, isOwner: false },
      ...{ isVisitor: false, type: undefined },
    },
  },
  refused('P-ROLE-05', { type: null }, shapeB('$.type')),
  refused('P-ROLE-06', { type: 'Guest' }, shapeA(403, thrown.security, 'Access denied')),
];
