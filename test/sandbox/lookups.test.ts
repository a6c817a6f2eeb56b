import { describe, expect, it } from 'vitest';
import { call, openSandbox, post, shapeA, types } from './support.ts';

const people = { existing: ['Ana.ONeil+work@example.com'], disabled: ['gone@example.com'] };

describe('GET /people/email', () => {
  const found: [string, string, object][] = [
    ['as stored', 'Ana.ONeil%2Bwork@example.com', { email: 'Ana.ONeil+work@example.com' }],
    ['in another case', 'ana.oneil%2bWORK@example.com', { email: 'Ana.ONeil+work@example.com' }],
    ['with spaces around', '%20ana.oneil%2Bwork@example.com%20', { status: 1 }],
    [
      'with another accent',
      'aná.oneil%2Bwork@example.com',
      { email: 'Ana.ONeil+work@example.com' },
    ],
    ['who is disabled', 'gone@example.com', { status: 2, terminated: expect.any(String) }],
    ['the owner', 'owner@sandbox.example', { isOwner: true, isAdmin: false }],
  ];

  it.each(found)('finds somebody %s', async (_, email, expected) => {
    const answer = await call(await openSandbox(people), `GET /people/email?email=${email}`);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ response: expected, count: 1, statusCode: 200 });
  });

  it('reads what was just written', async () => {
    const sandbox = await openSandbox();
    const made = await post(sandbox);
    const read = await call(sandbox, 'GET /people/email?email=ana.oneil@example.com');
    expect(read.json.response).toMatchObject({ id: Object(made.json.response).id });
  });

  it('takes a bare + for a space, as every form decoder does', async () => {
    const sandbox = await openSandbox(people);
    const answer = await call(sandbox, 'GET /people/email?email=Ana.ONeil+work@example.com');
    expect(answer.status).toBe(404);
  });

  const messages: [string, 'en' | 'de', string][] = [
    ['', 'en', 'The user could not be found'],
    ['', 'de', 'Der Benutzer wurde nicht gefunden'],
    ['&culture=en-US', 'de', 'The user could not be found'],
    ['&culture=de-AT', 'en', 'Der Benutzer wurde nicht gefunden'],
  ];

  it.each(messages)(
    'answers 404 in shape A ("%s" on a portal in %s)',
    async (query, locale, text) => {
      const sandbox = await openSandbox({ locale });
      const answer = await call(sandbox, `GET /people/email?email=nobody@example.com${query}`);
      expect(answer.status).toBe(404);
      expect(answer.json).toMatchObject(shapeA(404, types.notFound, text));
    },
  );

  it.each(['', '?email=', '?other=1'])('refuses a missing address: "%s"', async (query) => {
    const answer = await call(await openSandbox(), `GET /people/email${query}`);
    const text = "Value cannot be null. (Parameter 'email')";
    expect(answer.json).toMatchObject(shapeA(400, types.nullArgument, text));
  });

  it('refuses what is no address in shape B', async () => {
    const answer = await call(await openSandbox(), 'GET /people/email?email=ana');
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ response: { errors: { email: [expect.any(String)] } } });
  });

  it('refuses a culture that is none', async () => {
    const path = 'GET /people/email?email=a@example.com&culture=no%20such';
    const answer = await call(await openSandbox(), path);
    expect(answer.json).toMatchObject(shapeA(400, types.culture));
  });

  it('shows a User nobody but themselves', async () => {
    const sandbox = await openSandbox({ ...people, keys: [{ key: 'sk-user', role: 'User' }] });
    const other = await call(sandbox, 'GET /people/email?email=gone@example.com');
    const nobody = await call(sandbox, 'GET /people/email?email=nobody@example.com');
    const self = await call(sandbox, 'GET /people/email?email=user@sandbox.example');
    expect(other.json).toMatchObject(shapeA(403, types.security, 'Access denied'));
    expect([nobody.status, self.status]).toEqual([404, 200]);
  });

  it('tells only admins who made somebody', async () => {
    const keys = ['sk-owner', { key: 'sk-room', role: 'RoomAdmin' as const }];
    const sandbox = await openSandbox({ keys });
    await post(sandbox);
    const path = 'GET /people/email?email=ana.oneil@example.com';
    const asOwner = await call(sandbox, path);
    const asRoomAdmin = await call(sandbox, path, { key: 'sk-room' });
    expect(asOwner.json.response).toHaveProperty('createdBy.displayName', 'Sandbox Owner');
    expect(asRoomAdmin.json.response).not.toHaveProperty('createdBy');
  });
});

describe('GET /people/exists', () => {
  const table: [string, number, object][] = [
    ['?email=gone@example.com', 200, { response: { exists: true, status: 2 } }],
    ['?email=nobody@example.com', 200, { response: { exists: false } }],
    ['', 400, shapeA(400, types.nullArgument)],
    ['?email=x', 400, { response: { errors: { email: expect.any(Array) } } }],
  ];

  it.each(table)('"%s" is a %i', async (query, status, expected) => {
    const answer = await call(await openSandbox(people), `GET /people/exists${query}`);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject(expected);
  });

  it('leaves the status out of a negative answer', async () => {
    const answer = await call(await openSandbox(), 'GET /people/exists?email=nobody@example.com');
    expect(answer.json.response).toEqual({ exists: false });
  });
});
