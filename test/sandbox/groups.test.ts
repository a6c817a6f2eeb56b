import { describe, expect, it } from 'vitest';
import { addGroup, call, idOf, openSandbox, post, shapeA, types } from './support.ts';

const ANA = 'ana.oneil@example.com';
const ZERO = '00000000-0000-0000-0000-000000000000';

async function withAna() {
  const sandbox = await openSandbox({
    existing: ['old@example.com'],
    disabled: ['gone@x.example'],
  });
  await post(sandbox);
  const ids = { ana: idOf(sandbox, ANA), old: idOf(sandbox, 'old@example.com') };
  return { sandbox, ...ids, gone: idOf(sandbox, 'gone@x.example') };
}

const membersOf = (answer: { json: Record<string, unknown> }): string[] =>
  Object(answer.json.response).members.map((one: { email: string }) => one.email);

describe('a group', () => {
  it('is made with its manager and its members, in full', async () => {
    const { sandbox, ana, old } = await withAna();
    const body = { groupName: 'Sales', groupManager: old, members: [ana] };
    const answer = await call(sandbox, 'POST /group', { body });
    expect(answer.status).toBe(200);
    expect(answer.json.response).toMatchObject({
      name: 'Sales',
      parent: ZERO,
      category: ZERO,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      isLDAP: false,
      manager: { email: 'old@example.com' },
      members: [{ email: 'old@example.com' }, { email: ANA, isCollaborator: true }],
      membersCount: 2,
    });
  });

  it('is made a second time under the same name', async () => {
    const sandbox = await openSandbox();
    const ids = [await addGroup(sandbox, 'Sales'), await addGroup(sandbox, 'Sales')];
    expect(new Set(ids).size).toBe(2);
    expect((await call(sandbox, 'GET /group')).json).toMatchObject({ count: 2, total: 2 });
  });

  it('keeps a ? for each letter beyond the BMP', async () => {
    const sandbox = await openSandbox();
    const id = await addGroup(sandbox, 'Party 🎉🎉');
    const answer = await call(sandbox, `GET /group/${id}`);
    expect(answer.json.response).toMatchObject({ name: 'Party ??', members: [], membersCount: 0 });
  });

  it.each<[string, unknown, string]>([
    ['an empty name', { groupName: '' }, 'GroupName'],
    ['129 characters', { groupName: 'g'.repeat(129) }, 'GroupName'],
    ['no name', { members: [] }, '$'],
    ['a member that is no id', { groupName: 'a', members: ['x'] }, '$.members[0]'],
    ['a manager that is no id', { groupName: 'a', groupManager: 'x' }, '$.groupManager'],
  ])('is refused in shape B: %s', async (_, body, key) => {
    const sandbox = await openSandbox();
    const answer = await call(sandbox, 'POST /group', { body });
    expect([answer.status, Object.keys(Object(answer.json.response).errors)]).toEqual([400, [key]]);
    expect(sandbox.state().groups).toEqual([]);
  });

  it('of 128 characters is made', async () => {
    expect(await addGroup(await openSandbox(), 'g'.repeat(128))).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is not made when a member or its manager is unknown or disabled', async () => {
    const { sandbox, ana, gone } = await withAna();
    const bodies = [{ members: [ana, ZERO] }, { members: [gone] }, { groupManager: ZERO }];
    for (const body of bodies) {
      const answer = await call(sandbox, 'POST /group', { body: { groupName: 'Sales', ...body } });
      const expected = shapeA(400, types.argument, 'The user could not be found');
      expect(answer.json).toMatchObject(expected);
    }
    expect(sandbox.state().groups).toEqual([]);
  });

  it('is read with or without its members; an unknown one is a 404 in shape A', async () => {
    const { sandbox, ana } = await withAna();
    const id = await addGroup(sandbox, 'Sales', [ana]);
    expect(membersOf(await call(sandbox, `GET /group/${id.toUpperCase()}`))).toEqual([ANA]);
    const brief = await call(sandbox, `GET /group/${id}?includeMembers=false`);
    expect(brief.json.response).toMatchObject({ name: 'Sales', membersCount: 1 });
    expect(brief.json.response).not.toHaveProperty('members');
    const unknown = await call(sandbox, `GET /group/${ana}`);
    expect(unknown.json).toMatchObject(shapeA(404, types.notFound));
    const wrong = await call(sandbox, 'GET /group/sales');
    expect([wrong.status, wrong.text]).toEqual([404, '']);
  });

  it('changes its name, its manager and its members, and goes', async () => {
    const { sandbox, ana, old } = await withAna();
    const id = await addGroup(sandbox, 'Sales', [ana]);
    const body = { groupName: 'Shop', membersToAdd: [old], membersToRemove: [ana] };
    const changed = await call(sandbox, `PUT /group/${id}`, { body });
    expect(changed.json.response).toMatchObject({ name: 'Shop', members: [{ id: old }] });
    const manager = await call(sandbox, `PUT /group/${id}`, { body: { groupManager: ana } });
    expect(manager.json.response).toMatchObject({ name: 'Shop', manager: { id: ana } });
    const gone = await call(sandbox, `DELETE /group/${id}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expect((await call(sandbox, `GET /group/${id}`)).status).toBe(404);
    expect((await call(sandbox, `DELETE /group/${id}`)).status).toBe(404);
    expect(sandbox.state().accounts.flatMap((one) => one.groups)).toEqual([]);
  });
});

describe('the members of a group', () => {
  it('are added once, unknown ids are ignored without a word', async () => {
    const { sandbox, ana, old } = await withAna();
    const id = await addGroup(sandbox, 'Sales', [old]);
    for (const members of [[ana, ZERO], [ana]]) {
      const answer = await call(sandbox, `PUT /group/${id}/members`, { body: { members } });
      expect(answer.status).toBe(200);
      expect(membersOf(answer)).toEqual(['old@example.com', ANA]);
    }
  });

  it('are replaced by a POST and removed by a DELETE', async () => {
    const { sandbox, ana, old } = await withAna();
    const id = await addGroup(sandbox, 'Sales', [old]);
    const path = `/group/${id}/members`;
    expect(membersOf(await call(sandbox, `POST ${path}`, { body: { members: [ana] } }))).toEqual([
      ANA,
    ]);
    const removed = await call(sandbox, `DELETE ${path}`, { body: { members: [ana] } });
    expect([removed.status, removed.text]).toEqual([204, '']);
    expect(membersOf(await call(sandbox, `GET /group/${id}`))).toEqual([]);
  });

  it('cannot be missing, nor go into an unknown group', async () => {
    const { sandbox, ana } = await withAna();
    const id = await addGroup(sandbox, 'Sales');
    const none = await call(sandbox, `PUT /group/${id}/members`, { body: {} });
    expect(none.json).toMatchObject(shapeA(500, 'System.NullReferenceException'));
    const body = { members: [ana] };
    const nowhere = await call(sandbox, `PUT /group/${ana}/members`, { body });
    expect(nowhere.json).toMatchObject(shapeA(404, types.notFound));
  });

  it('know the manager of a group by the user name', async () => {
    const { sandbox, ana, old } = await withAna();
    const body = { groupName: 'Sales', groupManager: old, members: [ana] };
    const id = String(Object((await call(sandbox, 'POST /group', { body })).json.response).id);
    const summary = { id, name: 'Sales', manager: 'old' };
    expect((await call(sandbox, `GET /group/user/${ana}`)).json.response).toEqual([summary]);
    const read = await call(sandbox, `GET /people/email?email=${ANA}`);
    expect(read.json.response).toMatchObject({ groups: [summary] });
  });

  it('know their groups', async () => {
    const { sandbox, ana } = await withAna();
    const id = await addGroup(sandbox, 'R & D', [ana]);
    const answer = await call(sandbox, `GET /group/user/${ana}`);
    expect(answer.json.response).toEqual([{ id, name: 'R & D' }]);
    const read = await call(sandbox, `GET /people/email?email=${ANA}`);
    expect(read.json.response).toMatchObject({
      department: 'R &amp; D',
      groups: [{ id, name: 'R & D' }],
    });
    const account = sandbox.state().accounts.find((one) => one.id === ana);
    expect(account).toMatchObject({ groups: [{ id, name: 'R & D' }], hasPassword: true });
  });
});

describe('the list of groups', () => {
  it('begins with those that a portal has already', async () => {
    const sandbox = await openSandbox({ groups: ['Sales', 'R & D', 'Sales'] });
    const { json } = await call(sandbox, 'GET /group');
    expect(json).toMatchObject({ total: 3, response: [{ name: 'R & D' }, { name: 'Sales' }, {}] });
    expect(sandbox.state().groups).toHaveLength(3);
  });

  it('comes in pages of at most 100 with the total', async () => {
    const sandbox = await openSandbox();
    for (let index = 0; index < 103; index += 1) {
      await addGroup(sandbox, `G${String(index).padStart(3, '0')}`);
    }
    const first = await call(sandbox, 'GET /group?count=1000');
    expect(first.json).toMatchObject({ count: 100, total: 103 });
    expect(Object.keys(first.json)).toEqual(
      'response count total links status statusCode'.split(' '),
    );
    const last = await call(sandbox, 'GET /group?count=100&startIndex=100');
    expect(last.json).toMatchObject({ count: 3, total: 103, response: [{ name: 'G100' }, {}, {}] });
    expect(Object(last.json.response)[0]).not.toHaveProperty('members');
    expect((await call(sandbox, 'GET /group?startIndex=500')).json).toMatchObject({ count: 0 });
  });

  it('is filtered by any part of a name, in any case', async () => {
    const sandbox = await openSandbox();
    for (const name of ['Sales', 'After-sales', 'Shop']) await addGroup(sandbox, name);
    const answer = await call(sandbox, 'GET /group?filterValue=SALES');
    expect(answer.json).toMatchObject({
      total: 2,
      response: [{ name: 'After-sales' }, { name: 'Sales' }],
    });
  });
});

describe('the scopes of groups', () => {
  it.each([
    ['accounts:read', 200, 403],
    ['accounts:write', 403, 200],
    ['*:read', 200, 403],
    ['*:write', 200, 200],
    ['rooms:write', 403, 403],
  ])('%s reads with %i and makes one with %i', async (scope, reads, writes) => {
    const sandbox = await openSandbox({ keys: [{ key: 'sk-scoped', permissions: [scope] }] });
    const read = await call(sandbox, 'GET /group');
    const made = await call(sandbox, 'POST /group', { body: { groupName: 'Sales' } });
    expect([read.status, made.status]).toEqual([reads, writes]);
    if (reads === 403) expect(read.text).toBe('');
  });

  it('a User reads none, and a RoomAdmin makes none', async () => {
    const keys = [
      { key: 'sk-user', role: 'User' as const },
      { key: 'sk-room', role: 'RoomAdmin' as const },
    ];
    const sandbox = await openSandbox({ keys });
    const read = await call(sandbox, 'GET /group', { key: 'sk-user' });
    const made = await call(sandbox, 'POST /group', { key: 'sk-room', body: { groupName: 'a' } });
    for (const one of [read, made]) expect(one.json).toMatchObject(shapeA(403, types.authorizing));
    expect((await call(sandbox, 'GET /group', { key: 'sk-room' })).status).toBe(200);
  });
});
