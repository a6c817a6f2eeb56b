import { describe, expect, it } from 'vitest';
import { addGroup, call, idOf, openSandbox, post } from './support.ts';

const ADMINS = 'cd84e66b-b803-40fc-99f9-b2969a54a1de';
const GUESTS = 'aced04fa-dd96-4b35-af3e-346bf1eb972d';
const USERS = '88f11e7c-7407-4bea-b4cb-070010cdbb6b';
const EVERYONE = 'c5cc67d1-c3e8-43c0-a3ad-3928ae3e5b5e';
const ROOM_ADMINS = 'abef62db-11a8-4673-9d32-ef1d8af19dc0';

describe('the departments of a new person', () => {
  it('come back as groups and as one text, each once, whatever the case of the id', async () => {
    const sandbox = await openSandbox();
    const sales = await addGroup(sandbox, 'Sales');
    const lab = await addGroup(sandbox, 'R & D');
    const department = [sales.toUpperCase(), lab, sales];
    const answer = await post(sandbox, { department });
    expect(answer.json.response).toMatchObject({
      department: 'Sales, R &amp; D',
      groups: [
        { id: sales, name: 'Sales' },
        { id: lab, name: 'R & D' },
      ],
    });
    expect(sandbox.state().groups).toMatchObject([{ members: 1 }, { members: 1 }]);
  });

  it('that are unknown, deleted or zero are dropped without a word', async () => {
    const sandbox = await openSandbox();
    const deleted = await addGroup(sandbox, 'Sales');
    await call(sandbox, `DELETE /group/${deleted}`);
    const zero = '00000000-0000-0000-0000-000000000000';
    const answer = await post(sandbox, { department: [crypto.randomUUID(), deleted, zero] });
    expect(answer.json.response).toMatchObject({ department: '', isCollaborator: true });
    expect(answer.json.response).not.toHaveProperty('groups');
  });

  it.each([
    [ADMINS, 'DocSpaceAdmin', { isAdmin: true, isCollaborator: false }],
    [GUESTS, 'Guest', { isVisitor: true, isCollaborator: false }],
    [USERS, 'User', { isCollaborator: true }],
    [EVERYONE, 'User', { isCollaborator: true }],
    [ROOM_ADMINS, 'User', { isCollaborator: true }],
  ])('of the system, %s, leave a %s past the seats', async (id, type, flags) => {
    const keys = [{ key: 'sk-rooms', permissions: ['rooms:read'] }];
    const sandbox = await openSandbox({ keys, limits: { adminSeats: 1 } });
    const answer = await post(sandbox, { department: [id] });
    expect([answer.status, answer.json.response]).toMatchObject([200, flags]);
    expect(sandbox.state().accounts).toMatchObject([{ type, groups: [] }]);
  });

  it('of a RoomAdmin who asks are ignored', async () => {
    const keys = ['sk-owner', { key: 'sk-room', role: 'RoomAdmin' as const }];
    const sandbox = await openSandbox({ keys });
    const department = [await addGroup(sandbox, 'Sales'), ADMINS];
    await post(sandbox, { department }, { key: 'sk-room' });
    expect(sandbox.state().accounts).toMatchObject([{ type: 'User', groups: [] }]);
  });
});

describe('a member of the group of Users', () => {
  it('is a User who was a RoomAdmin; the answer lists every User', async () => {
    const sandbox = await openSandbox({ existing: ['old@example.com'] });
    await post(sandbox, { type: 'RoomAdmin' });
    const body = { members: [idOf(sandbox, 'ana.oneil@example.com')] };
    const answer = await call(sandbox, `PUT /group/${USERS}/members`, { body });
    expect(Object(answer.json.response).members).toHaveLength(2);
    expect(sandbox.state().accounts).toMatchObject([{ type: 'User' }, { type: 'User' }]);
  });
});
