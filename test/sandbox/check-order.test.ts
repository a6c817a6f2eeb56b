import { describe, expect, it } from 'vitest';
import { openSandbox, post, shapeA, types } from './support.ts';

const keys = [
  { key: 'sk-owner' },
  { key: 'sk-admin', role: 'DocSpaceAdmin' },
  { key: 'sk-room', role: 'RoomAdmin' },
  { key: 'sk-user', role: 'User' },
] as const;

describe('who may create whom', () => {
  const made = 'made';
  const table: [string, string, string][] = [
    ['sk-owner', 'User', made],
    ['sk-owner', 'RoomAdmin', made],
    ['sk-owner', 'DocSpaceAdmin', made],
    ['sk-owner', 'All', made],
    ['sk-owner', 'Guest', types.security],
    ['sk-admin', 'RoomAdmin', made],
    ['sk-admin', 'DocSpaceAdmin', types.security],
    ['sk-admin', 'Guest', types.security],
    ['sk-room', 'User', made],
    ['sk-room', 'RoomAdmin', types.authorizing],
    ['sk-room', 'All', types.authorizing],
    ['sk-user', 'User', types.authorizing],
  ];

  it.each(table)('%s asking for %s: %s', async (key, type, outcome) => {
    const answer = await post(await openSandbox({ keys }), { type }, { key });
    if (outcome === made) expect(answer.status).toBe(200);
    else expect(answer.json).toMatchObject(shapeA(403, outcome, 'Access denied'));
  });
});

/**
 * A request with faults of several steps gets the answer of the first: each row corrects the fault
 * of the row before (P-CREATE-02 to P-CREATE-06).
 */
describe('the order of the checks', () => {
  const worst = { type: 'User', email: 'a,b@x.example', firstName: '1', lastName: 'x'.repeat(300) };
  const rows: [string, Record<string, unknown>, string, number][] = [
    ['length before role', worst, 'sk-user', 400],
    ['role before address', { ...worst, lastName: '2' }, 'sk-user', 403],
    ['address before name', { ...worst, lastName: '2' }, 'sk-owner', 500],
    ['name before presence', { email: 'old@x.example', firstName: '1' }, 'sk-owner', 400],
  ];

  it.each(rows)('puts %s', async (_, sent, key, status) => {
    const sandbox = await openSandbox({ keys, existing: ['old@x.example'] });
    expect((await post(sandbox, sent, { key })).status).toBe(status);
  });

  it('tells of the name where both the name and the presence are wrong', async () => {
    const sandbox = await openSandbox({ existing: ['old@x.example'] });
    const answer = await post(sandbox, { email: 'old@x.example', firstName: '1' });
    expect(answer.json).toMatchObject({ error: { message: 'Incorrect firstname or lastname' } });
  });

  it('refuses everybody when members may not be invited, after the role', async () => {
    const sandbox = await openSandbox({ keys, allowInvitingMembers: false });
    const owner = await post(sandbox, { email: 'a,b@x.example' });
    const user = await post(sandbox, {}, { key: 'sk-user' });
    expect(owner.json).toMatchObject(shapeA(403, types.security, 'Access denied'));
    expect(user.json).toMatchObject(shapeA(403, types.authorizing, 'Access denied'));
  });

  it('puts 401 before the body and 415 before the role', async () => {
    const sandbox = await openSandbox({ keys });
    expect((await post(sandbox, {}, { key: 'sk-none', raw: '{' })).status).toBe(401);
    const headers = { 'Content-Type': 'text/plain' };
    expect((await post(sandbox, {}, { key: 'sk-user', headers })).status).toBe(415);
  });
});
