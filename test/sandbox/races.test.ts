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

describe('a User and a RoomAdmin of one address', () => {
  it('who are created at the same time are two accounts of one user name; one is found', async () => {
    const sandbox = await openSandbox({ lockServiceMs: MEETING_MS });
    const answers = await Promise.all([post(sandbox), post(sandbox, { type: 'RoomAdmin' })]);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
    const { accounts } = sandbox.state();
    expect(accounts.map((one) => one.userName)).toEqual(['ana.oneil', 'ana.oneil']);
    const read = await call(sandbox, 'GET /people/email?email=ana.oneil@example.com');
    expect(accounts.map((one) => one.id)).toContain(Object(read.json.response).id);
  });

  it('who come one after the other are one account', async () => {
    const sandbox = await openSandbox({ lockServiceMs: 1 });
    await post(sandbox);
    expect((await post(sandbox, { type: 'RoomAdmin' })).status).toBe(400);
    expect(sandbox.state().accounts).toHaveLength(1);
  });
});

describe('an account between its row and its group', () => {
  it('is a RoomAdmin to every reader, and takes a paid seat from others', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 2 } });
    sandbox.setFaults({ groupDelayMs: 60_000 });
    const creating = post(sandbox);
    const cut = expect(creating).rejects.toThrow();
    await waitFor(() => sandbox.state().accounts.length === 1);
    const read = await call(sandbox, 'GET /people/email?email=ana.oneil@example.com');
    expect(read.json.response).toMatchObject({ isRoomAdmin: true, isCollaborator: false });
    sandbox.setFaults({ groupDelayMs: 0 });
    const admin = await post(sandbox, { email: 'boss@example.com', type: 'RoomAdmin' });
    expect(admin.json.response).toMatchObject({ isCollaborator: true });
    sandbox.setFaults({ outages: [{ kind: 'killed', lastsMs: 1 }] });
    await cut;
    expect(sandbox.state().accounts).toMatchObject([{ type: 'RoomAdmin' }, { type: 'User' }]);
  });

  it('is a User at the end', async () => {
    const sandbox = await openSandbox({ faults: { groupDelayMs: 5 } });
    expect((await post(sandbox)).json.response).toMatchObject({ isCollaborator: true });
    expect(sandbox.state().accounts).toMatchObject([{ type: 'User', mails: { activation: 1 } }]);
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
  it('before its body is read prevents the creation', async () => {
    const sandbox = await openSandbox({ latencyMs: MEETING_MS });
    const leaving = new AbortController();
    const request = fetch(`${sandbox.url}/api/2.0/people`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${sandbox.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'a@example.com', firstName: 'Ana', lastName: '', type: 4 }),
      signal: leaving.signal,
    });
    const left = expect(request).rejects.toThrow();
    await waitFor(() => sandbox.state().mostInFlight.write === 1);
    leaving.abort();
    await left;
    await waitFor(() => sandbox.state().requests['POST /api/2.0/people reset'] === 1);
    expect(sandbox.state()).toMatchObject({ accounts: [], postsByEmail: {} });
  });

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
