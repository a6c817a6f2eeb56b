import { describe, expect, it } from 'vitest';
import type { FaultsPatch } from '../../src/sandbox/faults/faults.ts';
import { waitFor } from '../support/wait-for.ts';
import { addGroup, call, idOf, openSandbox, post } from './support.ts';

const EMAIL = 'ana.oneil@example.com';
const NO_MAIL = { activation: 0, invite: 0 };
const emails = (count: number) => Array.from({ length: count }, (_, at) => `p${at}@example.com`);

describe('a server that dies between the row and its group', () => {
  it('leaves a RoomAdmin without groups and mail, and no answer', async () => {
    const sandbox = await openSandbox({ faults: { create: { halfMade: 1 } } });
    const department = [await addGroup(sandbox, 'Sales')];
    await expect(post(sandbox, { department })).rejects.toThrow();
    expect(sandbox.state()).toMatchObject({
      accounts: [{ email: EMAIL, type: 'RoomAdmin', mails: NO_MAIL, groups: [] }],
      faultsByEmail: { [EMAIL]: { 'create.halfMade': 1 } },
    });
    const read = await call(sandbox, `GET /people/email?email=${EMAIL}`);
    expect(read.json.response).toMatchObject({ isRoomAdmin: true, isCollaborator: false });
  });

  it.each<keyof NonNullable<FaultsPatch['create']>>(['halfMade', 'error500Groupless'])(
    '(%s) stored a password for some of them',
    async (kind) => {
      const sandbox = await openSandbox({ faults: { create: { [kind]: 1 } } });
      for (const email of emails(20)) await post(sandbox, { email }).catch(() => undefined);
      const { accounts } = sandbox.state();
      expect(accounts.map((one) => [one.type, one.mails])).toEqual(
        emails(20).map(() => ['RoomAdmin', NO_MAIL]),
      );
      const withPassword = accounts.filter((one) => one.hasPassword).length;
      expect(withPassword).toBeGreaterThan(0);
      expect(withPassword).toBeLessThan(20);
    },
  );

  it('leaves people who an invite of their address does not change', async () => {
    const sandbox = await openSandbox({ faults: { create: { halfMade: 1 } } });
    await post(sandbox).catch(() => undefined);
    const body = { invitations: [{ email: EMAIL, type: 'User' }] };
    expect((await call(sandbox, 'POST /people/invite', { body })).status).toBe(200);
    expect(sandbox.state().accounts).toMatchObject([{ type: 'RoomAdmin', mails: NO_MAIL }]);
  });
});

describe('a server that is killed and restarted', () => {
  it('cuts those in flight, leaves some half-made, refuses for a time, and keeps its people', async () => {
    const sandbox = await openSandbox({ existing: ['old@example.com'], latencyMs: 1500 });
    const posts = emails(12).map((email) => post(sandbox, { email }));
    await waitFor(() => sandbox.state().mostInFlight.write === 12);
    sandbox.setFaults({ latencyMs: 60_000 });
    const ends = Promise.allSettled([...posts, call(sandbox, 'GET /people/@self')]);
    await waitFor(() => Object.keys(sandbox.state().postsByEmail).length === 12);
    sandbox.setFaults({ latencyMs: 0, outages: [{ kind: 'killed', lastsMs: 600_000 }] });
    expect((await ends).map((end) => end.status)).toEqual(Array(13).fill('rejected'));
    await expect(call(sandbox, 'GET /people/@self')).rejects.toThrow();
    const { accounts, faultsByKind } = sandbox.state();
    const [old, ...halfMade] = accounts;
    expect(old).toMatchObject({ email: 'old@example.com', type: 'User' });
    expect(halfMade.length).toBeGreaterThan(0);
    expect(halfMade.length).toBeLessThan(12);
    for (const one of halfMade) expect(one).toMatchObject({ type: 'RoomAdmin', mails: NO_MAIL });
    expect(faultsByKind).toEqual({ 'outage.killed': 13, 'killed.halfMade': halfMade.length });
    sandbox.setFaults({ outages: [] });
    await waitFor(() =>
      call(sandbox, 'GET /people/@self').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    expect(sandbox.state().accounts.map((one) => one.id)).toEqual(accounts.map((one) => one.id));
    expect((await post(sandbox, { email: 'later@example.com' })).status).toBe(200);
  });

  it('creates nobody who waited for the lock', async () => {
    const sandbox = await openSandbox({ lockServiceMs: 30_000 });
    const ends = Promise.allSettled(emails(3).map((email) => post(sandbox, { email })));
    await waitFor(() => sandbox.state().mostInFlight.write === 3);
    sandbox.setFaults({ outages: [{ kind: 'killed', lastsMs: 1 }], lock: { serviceMs: 0 } });
    await ends;
    await waitFor(() =>
      post(sandbox).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    expect(sandbox.state().accounts.map((one) => one.email)).toEqual([EMAIL]);
  });
});

describe('a fault of a change', () => {
  it('makes a group whose answer is lost, and loses a resend', async () => {
    const sandbox = await openSandbox();
    await post(sandbox);
    sandbox.setFaults({ change: { resetAfter: 1 } });
    await expect(addGroup(sandbox, 'Sales')).rejects.toThrow();
    const resend = { body: { userIds: [idOf(sandbox, EMAIL)] } };
    await expect(call(sandbox, 'PUT /people/invite', resend)).rejects.toThrow();
    expect(sandbox.state()).toMatchObject({
      groups: [{ name: 'Sales' }],
      accounts: [{ mails: { invite: 1 } }],
      faultsByKind: { 'change.resetAfter': 2 },
    });
  });
});
