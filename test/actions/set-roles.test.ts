import { expect, test } from 'vitest';
import type { Acting } from '../../src/actions/batch-actions.ts';
import { setRoles } from '../../src/actions/set-roles.ts';
import { readLog } from '../../src/ledger/notes/read-log.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import type { AccountType } from '../../src/people/account-types.ts';
import { readActor } from '../../src/process/actor.ts';
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { shapeA } from '../portal/answers.ts';
import type { Fault, Plan } from '../support/faulty-portal.ts';
import { person } from '../support/people.ts';
import { openCase } from '../worker/handler-case.ts';

/** One person of each type, in this order: p0, p1, and so on. */
function typed(...types: AccountType[]): NewRow[] {
  return types.map((type, index) => {
    const row = person(`p${index}@example.com`, index);
    return row.kind === 'person' ? { ...row, person: { ...row.person, type } } : row;
  });
}

interface Staged {
  rows: readonly NewRow[];
  sandbox?: SandboxOptions;
  plan?: Plan;
}

/** A batch whose creations are done, and the roles that its people have on the portal. */
async function created({ rows, sandbox = {}, plan }: Staged) {
  const at = await openCase({ rows, sandbox, ...(plan === undefined ? {} : { plan }) });
  const { stage, batch } = at;
  for (const row of rows.keys()) {
    for (let starts = 3; starts > 0; starts -= 1) await at.createUser(row);
  }
  const acting: Acting = { producer: stage.producer(), by: readActor({ name: 'ana' }) };
  const { signal } = new AbortController();
  const portal = {
    portal: stage.portal,
    origin: new URL(stage.sandbox.url).origin,
    signal,
    pauseMs: 1,
  };
  const set = (more: { dryRun?: boolean; origin?: string } = {}) =>
    setRoles(acting, batch, {
      portal: { ...portal, origin: more.origin ?? portal.origin },
      dryRun: more.dryRun,
    });
  const roles = () => stage.sandbox.state().accounts.map(({ type }) => type);
  const listed = async () =>
    (await stage.rows(batch)).filter(({ marks }) => marks.includes('other-role'));
  return { ...at, set, roles, listed, acting };
}

const NO_SEAT: SandboxOptions = {
  limits: { adminSeats: 1, requestsPerMinute: 0, writesPerDay: 0 },
};

test('RoomAdmins who became Users because seats were over are RoomAdmins once there are seats', async () => {
  const rows = typed('RoomAdmin', 'User', 'All');
  const at = await created({ rows, sandbox: NO_SEAT });
  expect(at.roles()).toEqual(['User', 'User', 'User']);
  expect(await at.stage.report(at.batch)).toMatchObject({ failed: 0, otherRole: 2 });
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  const { set, left } = await at.set();
  expect([set.length, left]).toEqual([2, []]);
  expect(at.roles()).toEqual(['RoomAdmin', 'User', 'RoomAdmin']);
  expect(await at.stage.report(at.batch)).toMatchObject({ otherRole: 0 });
  expect(await at.listed()).toEqual([]);
});

test('without a seat the person stays a User, with the reason of the portal, and stays listed', async () => {
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT });
  const { set, left } = await at.set();
  expect(set).toEqual([]);
  const account = { place: 'people.csv line 2', email: 'p***@example.com' };
  const reason = expect.stringContaining('(HTTP 402)');
  expect(left).toEqual([{ ...account, asked: 'RoomAdmin', role: 'User', reason }]);
  expect(await at.listed()).toMatchObject([{ code: 'role-differs', reason }]);
  await at.set();
  const [row] = await at.listed();
  expect(row?.reason.match(/HTTP 402/g)).toHaveLength(1);
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  await at.set();
  expect((await at.stage.rows(at.batch))[0]).toMatchObject({ code: '', reason: '' });
});

test('a User who was left a RoomAdmin becomes a User as a member of the group of Users', async () => {
  const rows = typed('User', 'User');
  const at = await created({ rows, sandbox: { faults: { create: { error500Groupless: 1 } } } });
  expect(at.roles()).toEqual(['RoomAdmin', 'RoomAdmin']);
  for (let starts = 4; starts > 0; starts -= 1) await at.invite();
  at.stage.sandbox.setFaults({ create: { error500Groupless: 0 } });
  expect(await at.set()).toMatchObject({ set: [{ role: 'User' }, { role: 'User' }], left: [] });
  expect(at.roles()).toEqual(['User', 'User']);
  const asked = at.stage.asked.map(({ what }) => what);
  expect(asked).toContain('PUT /group/88f11e7c-7407-4bea-b4cb-070010cdbb6b/members');
});

test('somebody whose role an administrator has changed since is left as they are', async () => {
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT });
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  const [account] = at.stage.sandbox.state().accounts;
  await at.stage.portal.changeType('DocSpaceAdmin', [account?.id ?? '']);
  expect(await at.set()).toMatchObject({ set: [], left: [{ role: 'DocSpaceAdmin' }] });
  expect(at.roles()).toEqual(['DocSpaceAdmin']);
});

test('an account that has the role by now is no longer listed', async () => {
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT });
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  const [account] = at.stage.sandbox.state().accounts;
  await at.stage.portal.changeType('RoomAdmin', [account?.id ?? '']);
  const before = at.stage.asked.length;
  expect(await at.set()).toMatchObject({ set: [{ role: 'RoomAdmin' }], left: [] });
  expect(at.stage.asked.slice(before).map(({ what }) => what)).toEqual(['GET /people/email']);
  expect(await at.listed()).toEqual([]);
});

test('a dry run says what would be set, and changes nothing', async () => {
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT });
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  expect(await at.set({ dryRun: true })).toMatchObject({
    set: [{ role: 'User', asked: 'RoomAdmin', reason: null }],
    left: [],
  });
  expect(at.roles()).toEqual(['User']);
  expect(await at.listed()).toHaveLength(1);
});

test('people who were there before keep their role', async () => {
  const rows = typed('RoomAdmin');
  const at = await openCase({ rows, sandbox: { existing: ['p0@example.com'] } });
  for (let starts = 3; starts > 0; starts -= 1) await at.createUser();
  const report = { existing: 1, otherRole: 0, otherRoleBefore: 1 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('one refused account of a request does not keep the others from their role', async () => {
  const rows = typed('RoomAdmin', 'RoomAdmin', 'RoomAdmin');
  const refused = { before: shapeA(403, 'Access denied', 'System.Security.SecurityException') };
  let second = '';
  const plan: Plan = ({ what, body }) =>
    what === 'PUT /people/type/RoomAdmin' && body.includes(second) ? refused : undefined;
  const at = await created({ rows, sandbox: NO_SEAT, plan });
  second = at.stage.sandbox.state().accounts[1]?.id ?? '';
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  expect(await at.set()).toMatchObject({
    set: [{ place: 'people.csv line 2' }, { place: 'people.csv line 4' }],
    left: [{ place: 'people.csv line 3', role: 'User' }],
  });
});

test('a wait that the portal asks for, and an answer that is lost, are no end', async () => {
  const limit = { 'x-ratelimit-limit': '15' };
  const faults: Fault[] = [
    { before: 'reset' },
    { before: { status: 429, headers: limit, body: '' } },
  ];
  const plan: Plan = ({ what }) =>
    what.startsWith('PUT /people/type') ? faults.shift() : undefined;
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT, plan });
  at.stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  expect(await at.set()).toMatchObject({ set: [{ role: 'RoomAdmin' }], left: [] });
});

test('a portal that refuses everything ends it with its reason, and the log has no name', async () => {
  let isClosed = false;
  const plan: Plan = () =>
    isClosed ? { before: { status: 401, headers: {}, body: '' } } : undefined;
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT, plan });
  isClosed = true;
  await expect(at.set()).rejects.toMatchObject({ code: 'E_PORTAL' });
  const [entry] = await readLog(at.stage.ledger, { limit: 1 });
  expect(entry).toMatchObject({ action: 'set-roles', outcome: 'failed', code: 'E_PORTAL' });
  expect(JSON.stringify(entry)).not.toContain('p0');
});

test('a batch of another portal is refused before anything is sent', async () => {
  const at = await created({ rows: typed('RoomAdmin'), sandbox: NO_SEAT });
  const before = at.stage.asked.length;
  const setting = at.set({ origin: 'https://other.example' });
  await expect(setting).rejects.toMatchObject({ code: 'E_CONFIG' });
  expect(at.stage.asked).toHaveLength(before);
});
