import { describe, expect, it } from 'vitest';
import { addGroup, call, idOf, invite, openSandbox, post, shapeA, types } from './support.ts';

const ANA = 'ana.oneil@example.com';
const POISONED = shapeA(400, types.culture);

describe('an account with a malformed culture', () => {
  it.each(['x', 'no such', 'ab-', 'a'.repeat(20)])(
    '(%s) is there without group and mail, and can never be read again',
    async (cultureName) => {
      const sandbox = await openSandbox();
      const id = await addGroup(sandbox, 'Sales');
      expect((await post(sandbox, { cultureName })).json).toMatchObject(POISONED);
      expect(sandbox.state().accounts).toMatchObject([
        { type: 'RoomAdmin', mails: { activation: 0 }, groups: [] },
      ]);
      const body = { members: [idOf(sandbox, ANA)] };
      await call(sandbox, `PUT /group/${id}/members`, { body });
      const requests = [
        `GET /people/email?email=${ANA}`,
        'GET /people',
        'GET /people/filter',
        `GET /group/${id}`,
      ];
      for (const request of requests) {
        expect((await call(sandbox, request)).json).toMatchObject(POISONED);
      }
      const again = await post(sandbox, { cultureName: 'de' });
      const text = 'User with this email is already registered';
      expect(again.json).toMatchObject(shapeA(400, types.argument, text));
    },
  );

  it('breaks only the page that holds it', async () => {
    const sandbox = await openSandbox({ existing: ['a@example.com', 'b@example.com'] });
    await post(sandbox, { cultureName: 'x' });
    const statuses: number[] = [];
    for (const startIndex of [0, 1, 2, 3]) {
      const page = await call(sandbox, `GET /people?count=1&startIndex=${startIndex}`);
      statuses.push(page.status);
    }
    expect(statuses.filter((status) => status === 400)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  });

  it('is not mailed again; those before it in the request are', async () => {
    const sandbox = await openSandbox();
    await post(sandbox, { email: 'first@example.com' });
    await post(sandbox, { cultureName: 'x' });
    const userIds = ['first@example.com', ANA].map((email) => idOf(sandbox, email));
    const answer = await call(sandbox, 'PUT /people/invite', { body: { userIds } });
    expect(answer.json).toMatchObject(POISONED);
    const mails = sandbox.state().accounts.map((one) => one.mails.invite);
    expect(mails).toEqual([1, 0]);
  });

  it('is made by an invite, too', async () => {
    const sandbox = await openSandbox();
    await invite(sandbox, [{ email: ANA, type: 'User' }], { culture: 'x' });
    expect((await call(sandbox, `GET /people/email?email=${ANA}`)).json).toMatchObject(POISONED);
  });

  it('is whole when the culture is well formed and unknown', async () => {
    const sandbox = await openSandbox();
    const answer = await post(sandbox, { cultureName: 'zz-ZZZZZ' });
    expect(answer.json.response).toMatchObject({ cultureName: 'en-US', isCollaborator: true });
  });
});

describe('the list of people', () => {
  it('has at most 100 on a page, all of them in full, and the total', async () => {
    const existing = Array.from({ length: 120 }, (_, index) => `p${index}@example.com`);
    const sandbox = await openSandbox({ existing, disabled: ['gone@example.com'] });
    const page = await call(sandbox, 'GET /people?count=500');
    expect(page.json).toMatchObject({ count: 100, total: 121 });
    expect(Object(page.json.response)[1]).toMatchObject({ isCollaborator: true, status: 1 });
    const found = await call(sandbox, 'GET /people/filter?filterValue=P11&count=3');
    expect(found.json).toMatchObject({ count: 3, total: 11 });
  });

  it('is not for a key that may only read rooms', async () => {
    const sandbox = await openSandbox({ keys: [{ key: 'sk-rooms', permissions: ['rooms:read'] }] });
    expect((await call(sandbox, 'GET /people')).status).toBe(403);
  });
});
