import { describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { call, clock, invite, openSandbox } from './support.ts';

describe('GET /people/@self', () => {
  it('is the profile of the owner, with the fields of one’s own', async () => {
    const sandbox = await openSandbox({ locale: 'de' });
    const answer = await call(sandbox, 'GET /people/@self');
    expect(answer.json.response).toMatchObject({
      email: 'owner@sandbox.example',
      isOwner: true,
      isAdmin: false,
      status: 1,
      activationStatus: 1,
      cultureName: 'de',
      theme: 0,
      loginEventId: 0,
      hasPersonalFolder: false,
    });
  });
});

describe('GET /keys/@self', () => {
  it('shows the end of the key, never the key', async () => {
    const key = `sk-${'0'.repeat(60)}beef`;
    const answer = await call(await openSandbox({ keys: [key] }), 'GET /keys/@self');
    expect(answer.json.response).toMatchObject({
      key: 'sk-***beef',
      keyPostfix: 'beef',
      permissions: [],
      createBy: { displayName: 'Sandbox Owner' },
      isActive: true,
    });
    expect(answer.json.response).not.toHaveProperty('expiresAt');
    expect(answer.text).not.toContain(key);
  });

  const permissions: [string[], string[]][] = [
    [[], []],
    [['*'], []],
    [
      ['accounts:write', 'accounts.self:read'],
      ['accounts:write', 'accounts.self:read'],
    ],
  ];

  it.each(permissions)('shows the permissions %j as %j', async (given, shown) => {
    const sandbox = await openSandbox({ keys: [{ key: 'sk-key', permissions: given }] });
    const answer = await call(sandbox, 'GET /keys/@self');
    expect(answer.json.response).toMatchObject({ permissions: shown });
  });

  it('shows when the key expires and when it was last used', async () => {
    const time = clock(Date.UTC(2026, 0, 1));
    const keys = [{ key: 'sk-key', expiresAt: Date.UTC(2027, 0, 1) }];
    const sandbox = await openSandbox({ keys, now: time.now });
    time.advance(5000);
    const answer = await call(sandbox, 'GET /keys/@self');
    expect(answer.json.response).toMatchObject({
      createOn: '2026-01-01T00:00:00.0000000Z',
      lastUsed: '2026-01-01T00:00:05.0000000Z',
      expiresAt: '2027-01-01T00:00:00.0000000Z',
    });
  });
});

describe('GET /settings', () => {
  it('gives everybody the public part', async () => {
    const answer = await call(await openSandbox(), 'GET /settings', { key: null });
    expect(answer.json.response).toMatchObject({
      culture: 'en-US',
      docSpace: true,
      version: '3.7.2',
      tenantStatus: 0,
      userNameRegex: "^[\\p{L}\\p{M}' \\-]+$",
      passwordHash: { iterations: 100_000 },
    });
    expect(answer.json.response).not.toHaveProperty('invitationLimit');
  });

  it('shows everybody what is no reference, empty', async () => {
    const answer = await call(await openSandbox({ utcOffsetMinutes: 60 }), 'GET /settings', {
      key: null,
    });
    expect(answer.json.response).toMatchObject({
      trustedDomainsType: 0,
      utcOffset: '00:00:00',
      utcHoursOffset: 0,
      ownerId: '00000000-0000-0000-0000-000000000000',
      debugInfo: false,
      limitedAccessSpace: false,
      deepLink: { androidPackageName: '', url: '', iosPackageId: '' },
    });
    for (const name of ['trustedDomains', 'timezone', 'nameSchemaId']) {
      expect(answer.json.response).not.toHaveProperty(name);
    }
  });

  it('shows how passwords are hashed to a key that asks', async () => {
    const answer = await call(await openSandbox(), 'GET /settings?withPassword=true');
    expect(answer.json.response).toMatchObject({ passwordHash: { iterations: 100_000 } });
  });

  it('gives a key the rest', async () => {
    const sandbox = await openSandbox({ utcOffsetMinutes: -210 });
    const answer = await call(sandbox, 'GET /settings');
    expect(answer.json.response).toMatchObject({
      utcOffset: '-03:30:00',
      utcHoursOffset: -3.5,
      ownerId: sandbox.state().staff[0]?.id,
      invitationLimit: 2_147_483_647,
    });
    expect(answer.json.response).not.toHaveProperty('passwordHash');
  });

  it('takes a token that is no key for nobody', async () => {
    const headers = { Authorization: 'Bearer something' };
    const answer = await call(await openSandbox(), 'GET /settings', { key: null, headers });
    expect(answer.status).toBe(200);
    expect(answer.json.response).toMatchObject({ ownerId: expect.stringMatching(/^0{8}-/) });
  });

  it('counts the invitation limit down and up again after a day', async () => {
    const time = clock();
    const sandbox = await openSandbox({ limits: { invitationLimit: 3 }, now: time.now });
    const limit = async (): Promise<unknown> => {
      const answer = await call(sandbox, 'GET /settings');
      return Object(answer.json.response).invitationLimit;
    };
    await invite(sandbox, [{ email: 'a@example.com', type: 'User' }]);
    expect(await limit()).toBe(2);
    time.advance(86_400_000);
    expect(await limit()).toBe(3);
  });
});

describe('GET /settings/invitationsettings', () => {
  it.each([true, false])('tells anybody whether members may be invited: %s', async (allowed) => {
    const sandbox = await openSandbox({ allowInvitingMembers: allowed });
    const answer = await call(sandbox, 'GET /settings/invitationsettings', { key: null });
    expect(answer.json.response).toMatchObject({ allowInvitingMembers: allowed });
  });

  it.each([
    ['3.1.4', 404],
    ['3.2.0', 200],
  ])('came with 3.2: %s answers %i', async (version, status) => {
    const sandbox = await openSandbox({ faults: { version } });
    expect((await call(sandbox, 'GET /settings/invitationsettings')).status).toBe(status);
  });
});

describe('GET /settings/cultures', () => {
  it('lists the languages of the portal to anybody', async () => {
    const answer = await call(await openSandbox(), 'GET /settings/cultures', { key: null });
    const { response } = answer.json;
    expect(response).toEqual(expect.arrayContaining(['de', 'en-US', 'pt-BR']));
    expect(answer.json.count).toBe(Object(response).length);
  });
});

describe('GET /portal/payment/quota', () => {
  const seatsOf = async (options: SandboxOptions) => {
    const answer = await call(await openSandbox(options), 'GET /portal/payment/quota');
    return Object(answer.json.response).features?.[0];
  };

  it('tells the paid seats and how many are taken; -1 is no limit', async () => {
    expect(await seatsOf({ limits: { adminSeats: 3 } })).toMatchObject({
      id: 'manager',
      value: 3,
      used: { value: 1 },
    });
    expect(await seatsOf({})).toMatchObject({ value: -1 });
  });

  it('has a price, and says that it is no trial', async () => {
    const answer = await call(await openSandbox(), 'GET /portal/payment/quota');
    expect(answer.json.response).toMatchObject({
      ...{ id: -1, price: { currencySymbol: '' }, nonProfit: false, free: false, trial: false },
      features: [{ id: 'manager' }, { id: 'users' }],
    });
  });

  it('does not tell a User what is taken, nor anything to a key for accounts only', async () => {
    const user = await seatsOf({ keys: [{ key: 'sk-user', role: 'User' }] });
    expect(user.used).not.toHaveProperty('value');
    const keys = [{ key: 'sk-accounts', permissions: ['accounts:write'] }];
    const refused = await call(await openSandbox({ keys }), 'GET /portal/payment/quota');
    expect([refused.status, refused.text]).toEqual([403, '']);
  });
});
