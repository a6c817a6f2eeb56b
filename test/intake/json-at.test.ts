import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonElements } from '../../src/intake/json/json-elements.ts';
import { entriesOf, fileWith, onboardErrorFrom, open, refusalOf } from './intake-fixtures.ts';

const ana = { email: 'ana@example.org', firstName: 'Ana', lastName: 'Lima' };
const realm = {
  realm: 'staff',
  roles: { realm: [{ name: 'admin' }] },
  users: [{ username: 'ana', enabled: true, ...ana, attributes: { locale: ['de'] } }],
  clients: [{ clientId: 'x' }],
};

test('an object that holds arrays names them', async () => {
  const refused = await refusalOf('p.json', JSON.stringify(realm, null, 2));
  expect([refused.code, refused.message]).toEqual([
    'E_FILE_MALFORMED',
    expect.stringMatching(/an object with arrays, .*: --at "roles\.realm", "users", "clients"\.$/),
  ]);
});

test('--at reads the array that it names, with the lines of the file', async () => {
  const path = await fileWith('p.json', JSON.stringify(realm, null, 2));
  const source = await open([path], { at: 'users' });
  expect(await entriesOf(source)).toMatchObject([
    { kind: 'person', at: { line: 11 }, person: ana },
  ]);
  const plain = await open([await fileWith('p.json', JSON.stringify(realm.users))]);
  expect(plain.digest).not.toBe(source.digest);
});

test('a directory of SCIM is read with the array of its addresses mapped', async () => {
  const scim = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 1,
    Resources: [
      {
        userName: 'ana',
        name: { formatted: 'Ana Lima', givenName: 'Ana', familyName: 'Lima' },
        emails: [{ value: ana.email, primary: true }],
        meta: { resourceType: 'User' },
      },
    ],
  };
  const path = await fileWith('p.json', JSON.stringify(scim));
  const options = { at: 'Resources', maps: ['emails.0.value=email'] };
  expect(await entriesOf(await open([path], options))).toMatchObject([
    { kind: 'person', person: ana },
  ]);
  const without = await onboardErrorFrom(open([path], { at: 'Resources' }));
  expect(without.message).toMatch(
    /no column for email; found: .*"emails\.0\.value".*--map "HEADER=email"/,
  );
});

test.each(['p.json', 'p.ndjson'])(
  'fields of a profile inside an object are mapped (%s)',
  async (name) => {
    const user = { id: '1', status: 'ACTIVE', profile: { ...ana, login: 'ana', type: 'x' } };
    const path = await fileWith(
      name,
      name === 'p.json' ? JSON.stringify([user]) : JSON.stringify(user),
    );
    const maps = [
      'profile.email=email',
      'profile.firstName=first_name',
      'profile.lastName=last_name',
    ];
    const source = await open([path], { maps });
    expect(await entriesOf(source)).toMatchObject([{ kind: 'person', person: ana }]);
    expect(source.ignoredColumns).toEqual(['id', 'status', 'profile.login', 'profile.type']);
    const refused = await onboardErrorFrom(open([path]));
    expect(refused.message).toMatch(/found: "id", "status", "profile\.email"/);
  },
);

test.each([
  ['nested', { data: { users: [ana] } }, 'data.users'],
  [
    'beside another of its name',
    { users: { users: 1 }, list: [[ana]], data: { users: [ana] } },
    'data.users',
  ],
  [
    'with an escaped key',
    '{"us\\u0065rs":[{"email":"ana@example.org","firstName":"Ana","lastName":"Lima"}]}',
    'users',
  ],
  ['after texts that look like it', { a: '"users":[', b: ['}', '{'], users: [ana] }, 'users'],
])('an array is found where it is %s', async (_what, content, at) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const path = await fileWith('p.json', text);
  expect(await entriesOf(await open([path], { at }))).toMatchObject([{ person: ana }]);
});

test.each([
  [
    'another name',
    JSON.stringify(realm),
    'people',
    /no array at this place; its arrays are "roles\.realm", "users", "clients"\.$/,
  ],
  ['a value that is no array', JSON.stringify(realm), 'realm', /no array at this place/],
  [
    'a file that is an array',
    JSON.stringify([ana]),
    'users',
    /the file holds an array, .*remove --at\.$/,
  ],
  ['an object without arrays', '{"a":1}', 'users', /it has no array of objects/],
  ['an object cut off before', '{"a":1,', 'users', /ends before the object is closed/],
  ['an object cut off behind', '{"users":[{}],', 'users', /ends before the object is closed/],
  ['a bracket too many', '{"users":[{}]]}', 'users', /a \] here closes nothing/],
  ['more text', '{"users":[{}]} x', 'users', /more text follows/],
])('--at with %s is one clear error', async (_what, text, at, message) => {
  const path = await fileWith('p.json', text);
  const refused = await onboardErrorFrom(open([path], { at }));
  expect([refused.code, refused.message]).toEqual([
    'E_FILE_MALFORMED',
    expect.stringMatching(message),
  ]);
});

test('objects one after another are still named NDJSON', async () => {
  const lines = `${JSON.stringify({ ...ana, emails: [{ value: 'x' }] })}\n`.repeat(2);
  const refused = await refusalOf('p.json', lines);
  expect(refused.message).toMatch(/--format ndjson/);
  expect((await refusalOf('p.json', JSON.stringify(ana))).message).toMatch(/--format ndjson/);
});

test('--at says nothing about other formats', async () => {
  const path = await fileWith('p.csv', 'email,first_name,last_name\n');
  const refused = await onboardErrorFrom(open([path], { at: 'users' }));
  expect([refused.code, refused.message]).toEqual([
    'E_USAGE',
    `--at users: ${path} is not JSON (.json); remove --at`,
  ]);
});

test('in any slices, around any values, the elements are those of JSON.parse', () => {
  const shape = fc.record({
    before: fc.jsonValue(),
    elements: fc.array(fc.jsonValue()),
    after: fc.jsonValue(),
  });
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 9 }), ({ before, elements, after }, size) => {
      const text = JSON.stringify({ before, at: { list: elements }, after }, null, 1);
      const splitter = new JsonElements('p', 'at.list');
      const found = [];
      for (let at = 0; at < text.length; at += size)
        found.push(...splitter.push(text.slice(at, at + size)));
      found.push(...splitter.end());
      expect(found.map((element) => JSON.parse(element.text))).toEqual(
        JSON.parse(JSON.stringify(elements)),
      );
    }),
  );
});
