import { describe, expect, it } from 'vitest';
import { call, clock, invite, openSandbox, person, post } from './support.ts';

const KEY = `sk-${'ab'.repeat(32)}`;

describe('the credential in a request', () => {
  const refused: [string, Record<string, string>][] = [
    ['no header at all', {}],
    ['the scheme in lower case', { Authorization: `bearer ${KEY}` }],
    ['no scheme', { Authorization: KEY }],
    ['two spaces after the scheme', { Authorization: `Bearer  ${KEY}` }],
    ['a key that nobody issued', { Authorization: 'Bearer sk-unknown' }],
    ['the header of the official SDK', { ApiKeyBearer: KEY }],
    ['a token that is no key', { Authorization: 'Bearer eyJhbGciOi.x.y' }],
  ];

  it.each(refused)('is refused with an empty 401: %s', async (_, headers) => {
    const sandbox = await openSandbox({ keys: [KEY] });
    const answer = await call(sandbox, 'GET /people/@self', { key: null, headers });
    expect(answer.status).toBe(401);
    expect(answer.text).toBe('');
    expect(answer.headers.get('www-authenticate')).toBeNull();
  });

  it('deletes the login cookie unless a key was sent', async () => {
    const sandbox = await openSandbox();
    const none = await call(sandbox, 'GET /people/@self', { key: null });
    const wrong = await call(sandbox, 'GET /people/@self', { key: 'sk-wrong' });
    expect(none.headers.get('set-cookie')).toContain('asc_auth_key=;');
    expect(wrong.headers.get('set-cookie')).toBeNull();
  });

  it('works until the moment it expires', async () => {
    const time = clock();
    const keys = [{ key: KEY, expiresAt: time.now() + 1000 }];
    const sandbox = await openSandbox({ keys, now: time.now });
    time.advance(999);
    expect((await call(sandbox, 'GET /keys/@self')).status).toBe(200);
    time.advance(1);
    expect((await call(sandbox, 'GET /keys/@self')).status).toBe(401);
  });

  it('is refused when the key was switched off', async () => {
    const sandbox = await openSandbox({ keys: [{ key: KEY, isActive: false }] });
    expect((await post(sandbox)).status).toBe(401);
    expect(sandbox.state().accounts).toEqual([]);
  });

  it('is one of several keys', async () => {
    const sandbox = await openSandbox({ keys: ['sk-one', 'sk-two'] });
    expect(sandbox.key).toBe('sk-one');
    for (const key of ['sk-one', 'sk-two']) {
      expect((await call(sandbox, 'GET /keys/@self', { key })).status).toBe(200);
    }
  });
});

describe('the scopes of a key', () => {
  const requests = {
    self: 'GET /people/@self',
    email: 'GET /people/email?email=owner@sandbox.example',
    exists: 'GET /people/exists?email=owner@sandbox.example',
    keySelf: 'GET /keys/@self',
    create: 'POST /people',
    invite: 'POST /people/invite',
    resend: 'PUT /people/invite',
  };
  const bodies: Record<string, unknown> = {
    create: person(),
    invite: { invitations: [] },
    resend: { userIds: [] },
  };
  const all = Object.keys(requests);
  const always = ['exists', 'keySelf', 'create'];
  const table: [string[], string[]][] = [
    [[], all],
    [['*'], all],
    [['*:write'], all],
    [['*:read'], [...always, 'self', 'email']],
    [['accounts:read'], [...always, 'email']],
    [['accounts:write'], [...always, 'email', 'invite', 'resend']],
    [['accounts.self:read'], [...always, 'self']],
    [['accounts:write', 'accounts.self:read'], all],
    [['rooms:read'], always],
  ];

  it.each(table)('%j opens %j and answers an empty 403 to the rest', async (permissions, open) => {
    const sandbox = await openSandbox({ keys: [{ key: KEY, permissions }] });
    for (const [name, request] of Object.entries(requests)) {
      const body = bodies[name];
      const answer = await call(sandbox, request, body === undefined ? {} : { body });
      expect([name, answer.status]).toEqual([name, open.includes(name) ? 200 : 403]);
      if (answer.status === 403) expect(answer.text).toBe('');
    }
  });

  const settings: [string, string | null, number][] = [
    ['no key', null, 200],
    ['a full key', 'sk-full', 200],
    ['a reading key', 'sk-read', 200],
    ['a key for accounts only', 'sk-accounts', 403],
    ['an unknown key', 'sk-unknown', 403],
  ];

  it.each(settings)('of %s on the anonymous settings', async (_, key, status) => {
    const keys = [
      'sk-full',
      { key: 'sk-read', permissions: ['*:read'] },
      { key: 'sk-accounts', permissions: ['accounts:write'] },
    ];
    const answer = await call(await openSandbox({ keys }), 'GET /settings', { key });
    expect(answer.status).toBe(status);
    if (status === 200) return;
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.json).toMatchObject({ title: 'Forbidden', status: 403 });
    expect(answer.json).not.toHaveProperty('statusCode');
  });

  it('are checked before the body', async () => {
    const sandbox = await openSandbox({ keys: [{ key: KEY, permissions: ['rooms:read'] }] });
    const answer = await invite(sandbox, undefined, { raw: '{' });
    expect([answer.status, answer.text]).toEqual([403, '']);
  });
});

describe('the roles of key owners', () => {
  const keys = [
    { key: 'sk-owner' },
    { key: 'sk-admin', role: 'DocSpaceAdmin' },
    { key: 'sk-room', role: 'RoomAdmin' },
    { key: 'sk-user', role: 'User' },
  ] as const;
  const flags = [
    ['sk-owner', { isOwner: true, isAdmin: false, isRoomAdmin: false, isCollaborator: false }],
    ['sk-admin', { isOwner: false, isAdmin: true, isRoomAdmin: false, isCollaborator: false }],
    ['sk-room', { isOwner: false, isAdmin: false, isRoomAdmin: true, isCollaborator: false }],
    ['sk-user', { isOwner: false, isAdmin: false, isRoomAdmin: false, isCollaborator: true }],
  ] as const;

  it.each(flags)('show in the flags of @self: %s', async (key, expected) => {
    const answer = await call(await openSandbox({ keys }), 'GET /people/@self', { key });
    expect(answer.json.response).toMatchObject(expected);
  });
});
