import { describe, expect, it } from 'vitest';
import { type Answer, call, idOf, openSandbox, post, shapeA, types } from './support.ts';

const ANA = 'ana.oneil@example.com';
const USERS = '88f11e7c-7407-4bea-b4cb-070010cdbb6b';

type Sandbox = Awaited<ReturnType<typeof openSandbox>>;

function change(sandbox: Sandbox, type: string, userIds: unknown, key?: string): Promise<Answer> {
  const options = { body: { userIds }, ...(key !== undefined && { key }) };
  return call(sandbox, `PUT /people/type/${type}`, options);
}

describe('PUT /people/type', () => {
  it('changes the role of an ordinary account and answers with the account', async () => {
    const sandbox = await openSandbox();
    await post(sandbox, { type: 'RoomAdmin' });
    const answer = await change(sandbox, 'User', [idOf(sandbox, ANA)]);
    expect(answer.json).toMatchObject({
      response: [{ email: ANA, isCollaborator: true, isRoomAdmin: false }],
      count: 1,
    });
    await change(sandbox, 'docspaceadmin', [idOf(sandbox, ANA)]);
    expect(sandbox.state().accounts).toMatchObject([{ type: 'DocSpaceAdmin' }]);
  });

  it('refuses a User who was left a RoomAdmin, whom the group of Users makes a User', async () => {
    const sandbox = await openSandbox({ faults: { create: { error500Groupless: 1 } } });
    await post(sandbox);
    const id = idOf(sandbox, ANA);
    const refused = await change(sandbox, 'User', [id]);
    expect(refused.json).toMatchObject(shapeA(403, types.security, 'Access denied'));
    expect(sandbox.state().accounts).toMatchObject([
      { type: 'RoomAdmin', mails: { activation: 0, invite: 0 } },
    ]);
    await call(sandbox, `PUT /group/${USERS}/members`, { body: { members: [id] } });
    await call(sandbox, 'PUT /people/invite', { body: { userIds: [id] } });
    expect(sandbox.state().accounts).toMatchObject([{ type: 'User', mails: { invite: 1 } }]);
  });

  it('leaves the owner and the caller as they are', async () => {
    const keys = ['sk-owner', { key: 'sk-admin', role: 'DocSpaceAdmin' as const }];
    const sandbox = await openSandbox({ keys });
    const ids = ['owner@sandbox.example', 'docspaceadmin@sandbox.example'];
    await change(
      sandbox,
      'User',
      ids.map((email) => idOf(sandbox, email)),
      'sk-admin',
    );
    expect(sandbox.state().staff.map((one) => one.type)).toEqual([
      'DocSpaceAdmin',
      'DocSpaceAdmin',
    ]);
  });

  it('needs a free seat for a paid type', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 1 } });
    await post(sandbox);
    const answer = await change(sandbox, 'RoomAdmin', [idOf(sandbox, ANA)]);
    expect(answer.json).toMatchObject(shapeA(402, types.quota));
    expect(sandbox.state().accounts).toMatchObject([{ type: 'User' }]);
  });

  it.each<[string, string, string | undefined, object | undefined]>([
    ['a word that is no type', 'Boss', undefined, undefined],
    ['a DocSpaceAdmin by one', 'DocSpaceAdmin', 'sk-admin', shapeA(403, types.security)],
    ['anybody by a User', 'User', 'sk-user', shapeA(403, types.authorizing)],
  ])('refuses %s', async (_, type, key, expected) => {
    const keys = [
      'sk-owner',
      { key: 'sk-admin', role: 'DocSpaceAdmin' as const },
      { key: 'sk-user', role: 'User' as const },
    ];
    const sandbox = await openSandbox({ keys });
    const answer = await change(sandbox, type, [], key);
    expect(answer.json).toMatchObject(
      expected ?? { response: { errors: { type: [expect.stringContaining('boss')] } } },
    );
  });

  it('needs ids', async () => {
    const answer = await change(await openSandbox(), 'User', undefined);
    expect(answer.json).toMatchObject(shapeA(400, types.nullArgument));
  });
});
