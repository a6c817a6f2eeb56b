import { describe, expect, it } from 'vitest';
import { call, clock, invite, openSandbox, post, shapeA, types } from './support.ts';

const keys = [
  { key: 'sk-owner' },
  { key: 'sk-admin', role: 'DocSpaceAdmin' },
  { key: 'sk-room', role: 'RoomAdmin' },
  { key: 'sk-user', role: 'User' },
] as const;

describe('POST /people/invite', () => {
  it('makes nameless pending accounts and mails each', async () => {
    const sandbox = await openSandbox();
    const entries = ['a@example.com', 'B@example.com'].map((email) => ({ email, type: 'User' }));
    const answer = await invite(sandbox, entries, { culture: 'de' });
    expect(answer.status).toBe(200);
    expect(sandbox.state().accounts).toMatchObject([
      { email: 'a@example.com', status: 4, activationStatus: 2, origin: 'invite', type: 'User' },
      { email: 'B@example.com', status: 4, userName: 'B' },
    ]);
    expect(sandbox.state().mailsSent).toEqual({
      'a@example.com': { activation: 0, invite: 1 },
      'b@example.com': { activation: 0, invite: 1 },
    });
  });

  it('answers with everybody who is pending, however they came', async () => {
    const sandbox = await openSandbox({ existing: ['old@example.com'] });
    await post(sandbox);
    const answer = await invite(sandbox, [{ email: 'New@example.com', type: 'User' }]);
    expect(answer.json).toMatchObject({
      response: [
        { displayName: 'Ana O&#39;Neil' },
        {
          displayName: 'New@example.com',
          profileUrl: expect.stringMatching(/=new%40example.com$/),
        },
      ],
      count: 2,
      links: [{ href: `${sandbox.url}/api/2.0/people/invite`, action: 'POST' }],
    });
    const first = Object(answer.json.response)[0];
    expect(Object.keys(first).slice(0, 3)).toEqual(['id', 'displayName', 'avatar']);
    expect(first).not.toHaveProperty('email');
  });

  it('mails nobody who has an account', async () => {
    const sandbox = await openSandbox({ existing: ['old@example.com'] });
    await post(sandbox);
    const entries = ['old@example.com', 'ANA.oneil@example.com'].map((email) => ({
      email,
      type: 0,
    }));
    expect((await invite(sandbox, entries)).status).toBe(200);
    const invited = Object.values(sandbox.state().mailsSent).map((mails) => mails.invite);
    expect(invited).toEqual([0]);
    expect(sandbox.state().accounts).toHaveLength(2);
  });

  it('takes a repeated address for somebody who is there', async () => {
    const sandbox = await openSandbox();
    const entry = { email: 'a@example.com', type: 'User' };
    expect((await invite(sandbox, [entry, entry])).json).toMatchObject({ count: 1 });
    expect(sandbox.state().mailsSent['a@example.com']?.invite).toBe(1);
  });

  it('lists the pending for an empty list', async () => {
    const sandbox = await openSandbox();
    await post(sandbox);
    expect((await invite(sandbox, [])).json).toMatchObject({ count: 1 });
  });

  const promotions: [unknown, string][] = [
    ['RoomAdmin', 'RoomAdmin'],
    ['DocSpaceAdmin', 'DocSpaceAdmin'],
    ['User', 'User'],
    ['All', 'User'],
    [undefined, 'User'],
  ];

  it.each(promotions)('of a User for %s leaves a %s', async (type, expected) => {
    const sandbox = await openSandbox();
    await post(sandbox);
    await invite(sandbox, [{ email: 'ana.oneil@example.com', type }]);
    expect(sandbox.state().accounts).toMatchObject([{ type: expected }]);
  });

  it.each([undefined, 'All', 99, -1])(
    'makes a RoomAdmin of a new address of type %s',
    async (type) => {
      const sandbox = await openSandbox();
      await invite(sandbox, [{ email: 'a@example.com', type }]);
      expect(sandbox.state().accounts).toMatchObject([{ type: 'RoomAdmin' }]);
    },
  );

  it('is remembered as accepted or refused', async () => {
    const time = clock();
    const sandbox = await openSandbox({ now: time.now });
    await invite(sandbox, [{ email: 'A@example.com', type: 'User' }]);
    await invite(sandbox, [{ email: 'bad@example', type: 'User' }]);
    const at = time.now();
    expect(sandbox.state().acceptedInvites).toEqual([{ at, emails: ['A@example.com'] }]);
    expect(sandbox.state().refusedInvites).toEqual([{ at, emails: ['bad@example'], status: 400 }]);
  });
});

describe('an invite request that does not validate', () => {
  const table: [string, unknown, string][] = [
    ['no list', undefined, 'Invitations'],
    ['null for the list', null, 'Invitations'],
    ['a text for the list', 'a@example.com', '$.invitations'],
    ['a text for an entry', ['a@example.com'], '$.invitations[0]'],
    ['no address', [{ email: 'a@example.com' }, { email: 'x' }], 'Invitations[1].Email'],
    ['an empty address', [{ email: '' }], 'Invitations[0].Email'],
    ['a type that is none', [{ email: 'a@example.com', type: 'Boss' }], '$.invitations[0].type'],
  ];

  it.each(table)('is refused in shape B: %s', async (_, invitations, key) => {
    const sandbox = await openSandbox();
    const answer = await invite(sandbox, invitations);
    expect(answer.status).toBe(400);
    const { errors } = Object(answer.json.response);
    expect(Object.keys(errors)).toEqual([key]);
    expect(sandbox.state().accounts).toEqual([]);
  });

  it('is a 500 for a null entry', async () => {
    const answer = await invite(await openSandbox(), [null]);
    expect(answer.json).toMatchObject(shapeA(500, 'System.NullReferenceException'));
  });

  it('is refused whole over the invitation limit, in the language of the portal', async () => {
    const sandbox = await openSandbox({ locale: 'de', limits: { invitationLimit: 1 } });
    const entries = ['a@example.com', 'b@example.com'].map((email) => ({ email, type: 'User' }));
    const answer = await invite(sandbox, entries);
    expect(answer.json).toMatchObject({
      response: { errors: { Invitations: [expect.stringMatching(/Limit/)] } },
    });
    expect(sandbox.state().mailsSent).toEqual({});
  });
});

describe('an invite that breaks off', () => {
  const bad: [string, Record<string, unknown>, object][] = [
    ['a weak address', { email: 'x@localhost' }, shapeA(400, types.argument, 'Incorrect email')],
    ['an umlaut', { email: 'ü@example.com' }, shapeA(400, types.argument, 'Incorrect email')],
    [
      'dashes as third and fourth character',
      { email: 'ab--c@example.com' },
      shapeA(400, types.argument, 'Decoded string is not a valid IDN name.'),
    ],
    ['punycode', { email: 'x@xn--bcher-kva.example' }, shapeA(400, types.argument)],
    ['no address', { email: null }, shapeA(400, types.argument, 'Incorrect email')],
    ['a Guest', { email: 'x@example.com', type: 'Guest' }, shapeA(403, types.security)],
    [
      'somebody disabled',
      { email: 'gone@example.com', type: 'User' },
      shapeA(400, types.argument, 'User disabled: gone@example.com'),
    ],
  ];

  it.each(bad)(
    'at %s keeps what was done before and does nothing after',
    async (_, entry, error) => {
      const sandbox = await openSandbox({ disabled: ['gone@example.com'] });
      const before = { email: 'before@example.com', type: 'User' };
      const after = { email: 'after@example.com', type: 'User' };
      const answer = await invite(sandbox, [before, entry, after]);
      expect(answer.json).toMatchObject(error);
      expect(Object.keys(sandbox.state().mailsSent)).toEqual(['before@example.com']);
      const emails = sandbox.state().accounts.map((account) => account.email);
      expect(emails).toEqual(['gone@example.com', 'before@example.com']);
    },
  );

  it('at a culture that is none has made the account but not mailed', async () => {
    const sandbox = await openSandbox();
    const entry = { email: 'a@example.com', type: 'User' };
    const answer = await invite(sandbox, [entry], { culture: 'no such' });
    expect(answer.json).toMatchObject(shapeA(400, types.culture));
    expect(sandbox.state().accounts).toHaveLength(1);
    expect(sandbox.state().mailsSent).toEqual({});
  });
});

describe('who may invite whom', () => {
  const table: [string, string, string | undefined][] = [
    ['sk-owner', 'DocSpaceAdmin', undefined],
    ['sk-admin', 'DocSpaceAdmin', types.security],
    ['sk-admin', 'RoomAdmin', undefined],
    ['sk-room', 'RoomAdmin', types.security],
    ['sk-room', 'User', undefined],
    ['sk-user', 'User', types.security],
  ];

  it.each(table)('%s for a %s: %s', async (key, type, refusal) => {
    const answer = await invite(await openSandbox({ keys }), [{ email: 'a@b.example', type }], {
      key,
    });
    expect(answer.status).toBe(refusal === undefined ? 200 : 403);
    if (refusal !== undefined) expect(answer.json).toMatchObject(shapeA(403, refusal));
  });

  it('is nobody when members may not be invited', async () => {
    const sandbox = await openSandbox({ allowInvitingMembers: false });
    const answer = await invite(sandbox, []);
    expect(answer.json).toMatchObject(shapeA(403, types.security, 'Access denied'));
  });
});

describe('the seats of the plan in an invite', () => {
  it('are counted before anything is done', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 2 } });
    const entries = ['a', 'b'].map((name) => ({ email: `${name}@example.com`, type: 'RoomAdmin' }));
    const answer = await invite(sandbox, [{ email: 'c@example.com', type: 'User' }, ...entries]);
    const text = 'The number of admins exceeds the limit: 2/1.';
    expect(answer.json).toMatchObject(shapeA(402, types.quota, text));
    expect(sandbox.state().accounts).toEqual([]);
  });

  it('are not counted for type All, which runs out of them half-way', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 2 } });
    const entries = ['a', 'b'].map((name) => ({ email: `${name}@example.com` }));
    const answer = await invite(sandbox, entries);
    expect(answer.json).toMatchObject(shapeA(402, types.quota));
    expect(Object.keys(sandbox.state().mailsSent)).toEqual(['a@example.com']);
  });

  it('are needed for a promotion', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 1 } });
    await post(sandbox);
    const answer = await invite(sandbox, [{ email: 'ana.oneil@example.com', type: 'RoomAdmin' }]);
    expect(answer.status).toBe(402);
    expect(sandbox.state().accounts).toMatchObject([{ type: 'User' }]);
    expect((await call(sandbox, 'GET /people/@self')).status).toBe(200);
  });
});
