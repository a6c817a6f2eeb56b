import { expect, it } from 'vitest';
import { addGroup, call, openSandbox, post } from './support.ts';

it('?fields= leaves of an object what it names, also inside', async () => {
  const sandbox = await openSandbox();
  await post(sandbox);
  const path =
    'GET /people/email?email=ana.oneil@example.com&fields=id,email,createdBy.displayName';
  const answer = await call(sandbox, path);
  expect(answer.json).toMatchObject({ count: 1, status: 0, statusCode: 200 });
  expect(answer.json.response).toEqual({
    id: expect.any(String),
    email: 'ana.oneil@example.com',
    createdBy: { displayName: 'Sandbox Owner' },
  });
});

it('?fields= leaves it of every entry of a list', async () => {
  const sandbox = await openSandbox();
  for (const name of ['A', 'B']) await addGroup(sandbox, name);
  const answer = await call(sandbox, 'GET /group?fields=name');
  expect(answer.json).toMatchObject({ total: 2, response: [{ name: 'A' }, { name: 'B' }] });
  expect(Object.keys(Object(answer.json.response)[0])).toEqual(['name']);
});

it('a header confirm beside a key changes nothing', async () => {
  const sandbox = await openSandbox();
  const answer = await post(sandbox, {}, { headers: { confirm: 'x' } });
  expect([answer.status, sandbox.state().accounts.length]).toEqual([200, 1]);
});
