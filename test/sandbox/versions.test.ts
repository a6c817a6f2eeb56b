import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../src/sandbox/faults/versions.ts';
import { call, invite, openSandbox, post, shapeA, types } from './support.ts';

const keys = [
  { key: 'sk-owner' },
  { key: 'sk-room', role: 'RoomAdmin' },
  { key: 'sk-files', permissions: ['files:read'] },
] as const;
const REMOVED = '4a515a15-d4d6-4b8e-828e-e0586f18f3a3';

function portal(version: string) {
  const existing = ['old@example.com'];
  return openSandbox({ keys, existing, disabled: ['gone@example.com'], faults: { version } });
}

describe('the version', () => {
  const table: [string, boolean][] = [
    ['3.0.4', true],
    ['3.6.1', true],
    ['3.7.0', false],
    ['3.7.2', false],
    ['3.10.0', false],
  ];

  it.each(table)('%s is an early one: %s', (version, expected) => {
    expect(traitsOf(version).isLegacy).toBe(expected);
  });

  it('is shown by the settings', async () => {
    const settings = await call(await portal('3.6.1'), 'GET /settings', { key: null });
    expect(settings.json.response).toMatchObject({ version: '3.6.1' });
  });

  it('may change while the portal runs, as an upgrade does', async () => {
    const sandbox = await portal('3.6.1');
    const exists = 'GET /people/exists?email=old@example.com';
    expect((await call(sandbox, exists)).status).toBe(404);
    sandbox.setFaults({ version: '3.7.2' });
    expect((await call(sandbox, exists)).json.response).toMatchObject({ exists: true });
  });
});

describe('up to 3.6.1', () => {
  it('GET /people/exists is a person who could not be found', async () => {
    const answer = await call(await portal('3.6.1'), 'GET /people/exists?email=old@example.com');
    expect(answer.json).toMatchObject(shapeA(404, types.notFound));
  });

  it('a RoomAdmin creates nobody', async () => {
    const early = await post(await portal('3.6.1'), {}, { key: 'sk-room' });
    const late = await post(await portal('3.7.2'), {}, { key: 'sk-room' });
    expect(early.json).toMatchObject(shapeA(403, types.authorizing, 'Access denied'));
    expect(late.status).toBe(200);
  });

  it('both names are checked as one', async () => {
    const sent = { firstName: '', lastName: 'Oneil' };
    expect((await post(await portal('3.6.1'), sent)).status).toBe(200);
    expect((await post(await portal('3.7.2'), sent)).status).toBe(400);
    const wrong = await post(await portal('3.6.1'), { firstName: 'Ana', lastName: '2' });
    expect(wrong.status).toBe(400);
  });

  it('the creator of a person is the removed profile, of an invited one the inviter', async () => {
    const sandbox = await portal('3.6.1');
    const made = await post(sandbox);
    const lookup = 'GET /people/email?email=';
    const read = await call(sandbox, `${lookup}ana.oneil@example.com`);
    for (const { json } of [made, read]) {
      expect(json.response).toMatchObject({
        createdBy: { id: REMOVED, displayName: 'Profile removed' },
      });
    }
    await invite(sandbox, [{ email: 'new@example.com', type: 'User' }]);
    const invited = await call(sandbox, `${lookup}new@example.com`);
    expect(invited.json.response).toMatchObject({ createdBy: { displayName: 'Sandbox Owner' } });
  });

  it('a lookup needs no scope and is served unpaid', async () => {
    const lookup = 'GET /people/email?email=old@example.com';
    const [early, late] = [await portal('3.6.1'), await portal('3.7.2')];
    expect((await call(early, lookup, { key: 'sk-files' })).status).toBe(200);
    expect((await call(late, lookup, { key: 'sk-files' })).status).toBe(403);
    for (const sandbox of [early, late]) sandbox.setFaults({ tariff: 'unpaid' });
    expect((await call(early, lookup)).status).toBe(200);
    expect((await call(late, lookup)).status).toBe(402);
  });

  it('the settings do not mind the scopes of a key, nor a wrong one', async () => {
    const sandbox = await portal('3.6.1');
    for (const key of ['sk-files', 'sk-wrong']) {
      expect((await call(sandbox, 'GET /settings', { key })).status).toBe(200);
    }
  });

  const entries = [
    { email: 'a@example.com', type: 'User' },
    { email: 'no address@example', type: 'User' },
    { email: 'gone@example.com', type: 'User' },
    { email: 'guest@example.com', type: 'Guest' },
    { email: 'b@example.com', type: 'User' },
  ];

  it('an invite skips what a later portal breaks off at', async () => {
    const [early, late] = [await portal('3.6.1'), await portal('3.7.2')];
    expect((await invite(early, entries)).status).toBe(200);
    expect((await invite(late, entries)).status).toBe(400);
    expect(Object.keys(early.state().mailsSent)).toEqual(['a@example.com', 'b@example.com']);
    expect(Object.keys(late.state().mailsSent)).toEqual(['a@example.com']);
  });

  it('an invite skips a refusal on demand as well', async () => {
    const sandbox = await portal('3.6.1');
    sandbox.setFaults({ invite: { refusedMidway: 1 } });
    const people = ['a', 'b', 'c'].map((name) => ({ email: `${name}@example.com`, type: 'User' }));
    expect((await invite(sandbox, people)).status).toBe(200);
    expect(Object.keys(sandbox.state().mailsSent)).toEqual(['a@example.com', 'c@example.com']);
    expect(sandbox.state().faultsByKind).toEqual({ 'invite.refusedMidway': 1 });
  });

  it('an invite still breaks off where the plan ends', async () => {
    const sandbox = await portal('3.6.1');
    sandbox.setFaults({ limits: { adminSeats: 1 } });
    const answer = await invite(sandbox, [{ email: 'a@example.com', type: 'RoomAdmin' }]);
    expect(answer.status).toBe(402);
  });
});
