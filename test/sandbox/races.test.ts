import { describe, expect, it } from 'vitest';
import { CreationLock } from '../../src/sandbox/people/creation-lock.ts';
import { waitFor } from '../support/wait-for.ts';
import { type Answer, call, openSandbox, post, shapeA, types } from './support.ts';

/** The answers with the winner first. */
function ranked(answers: readonly Answer[]): Answer[] {
  return [...answers].sort((one, other) => one.status - other.status);
}

/** Long enough for two requests sent together to be in the same half of the latency. */
const MEETING_MS = 400;

describe('two POSTs at the same time', () => {
  it('lose with 403 when the winner is there at the second look', async () => {
    const sandbox = await openSandbox({ latencyMs: MEETING_MS });
    const [winner, loser] = ranked(await Promise.all([post(sandbox), post(sandbox)]));
    expect(winner?.status).toBe(200);
    expect(loser?.json).toMatchObject(shapeA(403, types.operation, 'User already exist.'));
    expect(sandbox.state().accounts).toHaveLength(1);
  });

  it('lose with "Duplicate UserName" when they waited for the lock', async () => {
    const sandbox = await openSandbox({ lockServiceMs: MEETING_MS });
    const [winner, loser] = ranked(await Promise.all([post(sandbox), post(sandbox)]));
    expect(winner?.status).toBe(200);
    expect(loser?.json).toMatchObject(shapeA(400, types.argument, 'Duplicate UserName'));
    expect(sandbox.state().postsByEmail).toEqual({ 'ana.oneil@example.com': 2 });
  });

  it('hit different people with the same local part in the same way', async () => {
    const sandbox = await openSandbox({ lockServiceMs: MEETING_MS, existing: ['info@a.example'] });
    const first = post(sandbox, { email: 'info@b.example' });
    const second = post(sandbox, { email: 'info@c.example' });
    const [winner, loser] = ranked(await Promise.all([first, second]));
    // Both chose info1: the loser's own person does not exist, and a second try takes info2.
    expect(winner?.json.response).toMatchObject({ userName: 'info1' });
    expect(loser?.json).toMatchObject(shapeA(400, types.argument, 'Duplicate UserName'));
    const again = await Promise.all(
      ['info@b.example', 'info@c.example'].map((email) => post(sandbox, { email })),
    );
    expect(ranked(again)[0]?.json.response).toMatchObject({ userName: 'info2' });
  });

  it('of different lock classes do not wait for each other', async () => {
    const sandbox = await openSandbox({ lockServiceMs: MEETING_MS, lockWaitMs: 1 });
    const user = post(sandbox, { email: 'a@example.com' });
    const admin = post(sandbox, { email: 'b@example.com', type: 'RoomAdmin' });
    const statuses = (await Promise.all([user, admin])).map((answer) => answer.status);
    expect(statuses).toEqual([200, 200]);
  });
});

describe('the lock of a class', () => {
  it('gives up with a 500 that leaves nothing behind', async () => {
    const sandbox = await openSandbox({ lockServiceMs: MEETING_MS, lockWaitMs: 50 });
    const posts = ['a', 'b'].map((name) => post(sandbox, { email: `${name}@example.com` }));
    const [winner, loser] = ranked(await Promise.all(posts));
    expect(winner?.status).toBe(200);
    expect(loser?.json).toMatchObject({
      error: { type: expect.stringMatching(/\.DistributedLockException$/) },
      statusCode: 500,
    });
    expect(sandbox.state().accounts).toHaveLength(1);
  });

  it('serves in the order of asking and one at a time', async () => {
    const lock = new CreationLock(() => ({ serviceMs: 1, waitMs: 10_000 }));
    const served: number[] = [];
    await Promise.all([1, 2, 3, 4].map((id) => lock.run(() => served.push(id))));
    expect(served).toEqual([1, 2, 3, 4]);
  });

  it('is free again after work that throws', async () => {
    const lock = new CreationLock(() => ({ serviceMs: 0, waitMs: 10_000 }));
    const failing = lock.run(() => {
      throw new Error('broken');
    });
    await expect(failing).rejects.toThrow('broken');
    expect(await lock.run(() => 'served')).toBe('served');
  });

  it('skips those who gave up waiting', async () => {
    const lock = new CreationLock(() => ({ serviceMs: 60, waitMs: 20 }));
    const first = lock.run(() => 'first');
    await expect(lock.run(() => 'second')).rejects.toMatchObject({ status: 500 });
    expect(await first).toBe('first');
    expect(await lock.run(() => 'third')).toBe('third');
  });
});

describe('a client that goes away', () => {
  it('does not stop the creation', async () => {
    const sandbox = await openSandbox({ lockServiceMs: MEETING_MS });
    const request = fetch(`${sandbox.url}/api/2.0/people`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${sandbox.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'a@example.com', firstName: 'Ana', lastName: '', type: 4 }),
      signal: AbortSignal.timeout(MEETING_MS / 4),
    });
    await expect(request).rejects.toThrow();
    await waitFor(() => sandbox.state().accounts.length === 1);
    const found = await call(sandbox, 'GET /people/exists?email=a@example.com');
    expect(found.json.response).toEqual({ exists: true, status: 1 });
  });
});
