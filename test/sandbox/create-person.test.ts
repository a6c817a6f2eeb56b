import { describe, expect, it } from 'vitest';
import { call, clock, openSandbox, post, shapeA, types } from './support.ts';

const FIELDS =
  'firstName lastName userName email status activationStatus department isAdmin isRoomAdmin ' +
  'isLDAP isOwner isVisitor isCollaborator cultureName mobilePhoneActivationStatus isSSO ' +
  'usedSpace createdBy registrationDate id displayName avatar avatarOriginal avatarMax ' +
  'avatarMedium avatarSmall profileUrl hasAvatar isAnonim';

describe('POST /people for somebody new', () => {
  it('answers 200 with the fields in the order of the real portal', async () => {
    const sandbox = await openSandbox();
    const answer = await post(sandbox, { cultureName: 'de' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(Object.keys(answer.json)).toEqual([
      'response',
      'count',
      'links',
      'status',
      'statusCode',
    ]);
    expect(Object.keys(Object(answer.json.response))).toEqual(FIELDS.split(' '));
    expect(answer.json).toMatchObject({
      count: 1,
      links: [{ href: `${sandbox.url}/api/2.0/people`, action: 'POST' }],
      status: 0,
      statusCode: 200,
    });
  });

  it('makes an active User whose activation is pending and mails once', async () => {
    const time = clock();
    const sandbox = await openSandbox({ now: time.now });
    const answer = await post(sandbox);
    expect(answer.json.response).toMatchObject({
      userName: 'ana.oneil',
      status: 1,
      activationStatus: 2,
      isCollaborator: true,
      isRoomAdmin: false,
      displayName: 'Ana O&#39;Neil',
      profileUrl: `${sandbox.url}/accounts/people/filter?search=ana.oneil%40example.com`,
      createdBy: { displayName: 'Sandbox Owner' },
    });
    const state = sandbox.state();
    expect(state.accounts).toMatchObject([
      { email: 'ana.oneil@example.com', type: 'User', origin: 'post', registeredAt: time.now() },
    ]);
    expect(state.accounts[0]?.createdBy).toBe(state.staff[0]?.id);
    expect(state.mailsSent).toEqual({ 'ana.oneil@example.com': { activation: 1, invite: 0 } });
  });

  it('shows ticks at once and whole seconds later, in the zone of the portal', async () => {
    const time = clock(Date.UTC(2026, 6, 1, 10, 20, 30, 123));
    const sandbox = await openSandbox({ now: time.now, utcOffsetMinutes: 120 });
    const made = await post(sandbox);
    const read = await call(sandbox, 'GET /people/email?email=ana.oneil@example.com');
    expect(made.json.response).toMatchObject({
      registrationDate: '2026-07-01T12:20:30.1230000+02:00',
    });
    expect(read.json.response).toMatchObject({
      registrationDate: '2026-07-01T12:20:30.0000000+02:00',
    });
  });

  const stored: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['keeps the case of the address', { email: 'Ana@Example.com' }, { email: 'Ana@Example.com' }],
    ['drops a display name', { email: 'Ana <ana@example.com>' }, { email: 'ana@example.com' }],
    ['keeps the last word before the @', { email: 'a b@x.example' }, { email: 'b@x.example' }],
    ['drops a comment', { email: 'a(c)@x.example' }, { email: 'a@x.example' }],
    ['takes a name that is a space', { firstName: ' ' }, { firstName: ' ' }],
    ['takes a line feed at the end', { firstName: 'Ana\n' }, { firstName: 'Ana\n' }],
    ['drops spaces around it', { email: ' ana@example.com ' }, { email: 'ana@example.com' }],
    ['returns the comment as notes', { comment: 'hi' }, { notes: 'hi' }],
    ['returns the location', { location: 'Riga' }, { location: 'Riga' }],
    ['takes an empty last name', { lastName: '' }, { lastName: '', displayName: 'Ana' }],
    ['cuts a culture down to an enabled one', { cultureName: 'fr-FR' }, { cultureName: 'fr' }],
    ['turns an unknown culture into en-US', { cultureName: 'tlh' }, { cultureName: 'en-US' }],
    ['takes properties in any case', { EMAIL: 'x@y.example' }, { email: 'x@y.example' }],
    ['ignores members that it does not know', { sex: 'male', worksfrom: 1 }, { firstName: 'Ana' }],
    ['ignores groups that do not exist', { department: [crypto.randomUUID()] }, { department: '' }],
    ['takes non-Latin names', { firstName: 'Юлия', lastName: '山田' }, { firstName: 'Юлия' }],
  ];

  it.each(stored)('%s', async (_, sent, expected) => {
    const answer = await post(await openSandbox(), sent);
    expect(answer.status).toBe(200);
    expect(answer.json.response).toMatchObject(expected);
  });

  it('keeps every column up to its width', async () => {
    const widest = {
      ...{ firstName: 'A'.repeat(64), lastName: 'B'.repeat(64), location: 'c'.repeat(255) },
      ...{ comment: 'd'.repeat(512), contacts: [{ type: 'phone', value: '1'.repeat(1018) }] },
    };
    const answer = await post(await openSandbox(), widest);
    const { comment, ...same } = widest;
    expect(answer.json.response).toMatchObject({ ...same, notes: comment });
  });

  it('appends 1, 2, 3 to a user name that is taken', async () => {
    const sandbox = await openSandbox({ existing: ['info@a.example'] });
    for (const domain of ['b', 'c', 'd']) await post(sandbox, { email: `Info@${domain}.example` });
    const names = sandbox.state().accounts.map((account) => account.userName);
    expect(names).toEqual(['info', 'Info1', 'Info2', 'Info3']);
  });
});

describe('POST /people for somebody who cannot be made', () => {
  const incorrect = 'Incorrect firstname or lastname';
  const table: [string, Record<string, unknown>, object][] = [
    ['no address', { email: null }, shapeA(400, types.nullArgument)],
    [
      'an emoji in the address, found by the database',
      { email: 'a🎉@x.example' },
      shapeA(500, types.database),
    ],
    ['a comma in the address', { email: 'a,b@x.example' }, shapeA(500, types.format)],
    ['doubled dots', { email: 'a..b@x.example' }, shapeA(500, types.format)],
    ['a mailto:', { email: 'mailto:a@x.example' }, shapeA(500, types.format)],
    ['a space in the domain', { email: 'a@exa mple.com' }, shapeA(500, types.format)],
    ['no first name', { firstName: null }, shapeA(400, types.nullArgument)],
    ['an empty first name', { firstName: '' }, shapeA(400, types.argument, incorrect)],
    ['a digit', { firstName: 'Ana2' }, shapeA(400, types.argument, incorrect)],
    ['a dot', { lastName: 'Jr.' }, shapeA(400, types.argument, incorrect)],
    ['a typographic apostrophe', { lastName: 'O’Neil' }, shapeA(400, types.argument, incorrect)],
    ['a no-break space', { lastName: 'de\u00a0la' }, shapeA(400, types.argument, incorrect)],
    ['a letter outside the BMP', { firstName: '𠮷' }, shapeA(400, types.argument, incorrect)],
    ['no last name, found by the database', { lastName: null }, shapeA(500, types.database)],
  ];

  it.each(table)('refuses %s', async (_, sent, expected) => {
    const sandbox = await openSandbox();
    const answer = await post(sandbox, sent);
    expect(answer.json).toMatchObject(expected);
    expect(answer.status).toBe(Object(expected).statusCode);
    expect(sandbox.state().accounts).toEqual([]);
  });

  it.each([
    ['FirstName', 64, { firstName: 'A'.repeat(65) }],
    ['LastName', 64, { lastName: 'A'.repeat(65) }],
    ['CultureName', 20, { cultureName: `de-${'a'.repeat(18)}` }],
    ['Location', 255, { location: 'a'.repeat(256) }],
    ['Notes', 512, { comment: 'a'.repeat(513) }],
    ['Contacts', 1024, { contacts: [{ type: 'phone', value: '1'.repeat(1019) }] }],
  ])('refuses a %s of more than %i characters, in English', async (name, width, sent) => {
    const sandbox = await openSandbox({ locale: 'de' });
    const answer = await post(sandbox, sent);
    const text = `The field ${name} must be a string or array type with a maximum length of '${width}'.`;
    expect(answer.json).toMatchObject(shapeA(400, types.argument, text));
    expect(sandbox.state().accounts).toEqual([]);
  });

  const present = [
    ['in another case', 'ANA@Example.com'],
    ['with a display name', 'Ana <ana@example.com>'],
    ['who is disabled', 'gone@example.com'],
    ['with an accent', 'Aná@example.com'],
  ];

  it.each(present)('refuses somebody who is there already: %s', async (_, email) => {
    const existing = ['ana@example.com'];
    const sandbox = await openSandbox({ existing, disabled: ['gone@example.com'] });
    const answer = await post(sandbox, { email });
    const text = 'User with this email is already registered';
    expect(answer.json).toMatchObject(shapeA(400, types.argument, text));
    expect(sandbox.state().accounts).toHaveLength(2);
  });

  it('leaves a groupless RoomAdmin behind when the culture breaks the mail', async () => {
    const sandbox = await openSandbox();
    const answer = await post(sandbox, { cultureName: 'no such culture' });
    expect(answer.json).toMatchObject(shapeA(400, types.culture));
    expect(sandbox.state().accounts).toMatchObject([{ type: 'RoomAdmin', origin: 'post' }]);
    expect(sandbox.state().mailsSent).toEqual({});
  });

  it('speaks the language of the account that made the key', async () => {
    const keys = ['sk-owner', { key: 'sk-german', role: 'DocSpaceAdmin' as const, culture: 'de' }];
    const sandbox = await openSandbox({ keys });
    const said = async (key: string) => (await post(sandbox, { firstName: '1' }, { key })).json;
    expect(await said('sk-owner')).toMatchObject({ error: { message: incorrect } });
    expect(await said('sk-german')).toMatchObject({
      error: { message: expect.stringMatching(/Vorname/) },
    });
    const settings = await call(sandbox, 'GET /settings', { key: 'sk-german' });
    expect(settings.json.response).toMatchObject({ culture: 'en-US' });
  });

  it('speaks German on a German portal', async () => {
    const sandbox = await openSandbox({ locale: 'de', existing: ['ana.oneil@example.com'] });
    const again = await post(sandbox);
    const name = await post(sandbox, { email: 'b@example.com', firstName: '1' });
    expect(again.json).toMatchObject({ error: { message: expect.stringMatching(/registriert/) } });
    expect(name.json).toMatchObject({ error: { message: expect.stringMatching(/Vorname/) } });
  });
});
