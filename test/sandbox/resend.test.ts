import { describe, expect, it } from 'vitest';
import { type Answer, call, invite, openSandbox, post, shapeA, types } from './support.ts';

type Sandbox = Awaited<ReturnType<typeof openSandbox>>;

function resend(sandbox: Sandbox, body: unknown, key?: string): Promise<Answer> {
  return call(sandbox, 'PUT /people/invite', { body, ...(key !== undefined && { key }) });
}

async function crowd(): Promise<{ sandbox: Sandbox; ids: Record<string, string> }> {
  const keys = ['sk-owner', { key: 'sk-user', role: 'User' as const }];
  const people = { existing: ['active@example.com'], disabled: ['gone@example.com'] };
  const sandbox = await openSandbox({ keys, ...people });
  await post(sandbox, { email: 'posted@example.com' });
  await invite(sandbox, [{ email: 'invited@example.com', type: 'User' }]);
  const { accounts, staff } = sandbox.state();
  const ids = Object.fromEntries([...accounts, ...staff].map(({ email, id }) => [email, id]));
  return { sandbox, ids };
}

function resent(sandbox: Sandbox): Record<string, number> {
  const mails = Object.entries(sandbox.state().mailsSent);
  return Object.fromEntries(mails.map(([email, counts]) => [email, counts.invite]));
}

describe('PUT /people/invite', () => {
  it('mails those pending, skips the others and returns them all', async () => {
    const { sandbox, ids } = await crowd();
    const chosen = ['posted', 'invited', 'active', 'gone'].map(
      (name) => ids[`${name}@example.com`],
    );
    const answer = await resend(sandbox, { userIds: chosen });
    expect(answer.json.response).toMatchObject(chosen.map((id) => ({ id })));
    expect(resent(sandbox)).toEqual({ 'posted@example.com': 1, 'invited@example.com': 2 });
  });

  it('counts its streamed list as one', async () => {
    const { sandbox, ids } = await crowd();
    const answer = await resend(sandbox, { userIds: Object.values(ids) });
    expect(Object(answer.json.response)).toHaveLength(6);
    expect(answer.json).toMatchObject({ count: 1, status: 0, statusCode: 200 });
  });

  it('resends to everybody pending', async () => {
    const { sandbox } = await crowd();
    const answer = await resend(sandbox, { resendAll: true });
    expect(Object(answer.json.response)).toHaveLength(2);
    expect(resent(sandbox)).toEqual({ 'posted@example.com': 1, 'invited@example.com': 2 });
  });

  it('leaves the invitation limit alone', async () => {
    const { sandbox, ids } = await crowd();
    await resend(sandbox, { userIds: [ids['posted@example.com']] });
    const settings = await call(sandbox, 'GET /settings');
    expect(settings.json.response).toMatchObject({ invitationLimit: 2_147_483_647 });
  });

  it('lets a User choose nobody but themselves', async () => {
    const { sandbox, ids } = await crowd();
    const self = ids['user@sandbox.example'];
    const other = ids['posted@example.com'];
    expect((await resend(sandbox, { userIds: [self] }, 'sk-user')).status).toBe(200);
    for (const body of [{ userIds: [self, other] }, { resendAll: true }]) {
      const answer = await resend(sandbox, body, 'sk-user');
      expect(answer.json).toMatchObject(shapeA(403, types.security, 'Access denied'));
    }
  });

  const unbound: [string, unknown, string][] = [
    ['an id that is none', { userIds: ['x'] }, '$.userIds[0]'],
    ['ids in one text', { userIds: 'x' }, '$.userIds'],
    ['a quoted truth', { resendAll: 'true' }, '$.resendAll'],
  ];

  it.each(unbound)('refuses %s in shape B', async (_, body, key) => {
    const answer = await resend(await openSandbox(), body);
    expect(answer.status).toBe(400);
    expect(Object.keys(Object(answer.json.response).errors)).toEqual([key]);
  });

  it('fails at an unknown id', async () => {
    const answer = await resend(await openSandbox(), { userIds: [crypto.randomUUID()] });
    expect(answer.json).toMatchObject(shapeA(500, 'System.NullReferenceException'));
  });

  it('refuses a body without ids', async () => {
    const answer = await resend(await openSandbox(), {});
    expect(answer.json).toMatchObject(shapeA(400, types.nullArgument));
  });
});
