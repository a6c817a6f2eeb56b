import { expect, test } from 'vitest';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { done } from '../../src/worker/outcome.ts';
import { accountDto, envelope, shapeA } from '../portal/answers.ts';
import { post } from '../sandbox/support.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { people, person } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

const email = 'p0@example.com';

type Type = 'User' | 'RoomAdmin';

/** A row whose creation was lost, and whose account the portal then has as it is posted here. */
async function foundAs(made: Type, asked: Type, plan?: Plan): Promise<HandlerCase> {
  const row = person(email);
  if (row.kind === 'person') row.person.type = asked;
  const at = await openCase({ rows: [row], ...(plan === undefined ? {} : { plan }) });
  await noteRow(
    at.stage.ledger,
    { batch: at.batch, round: 1, row: 0 },
    { doubt: { kind: 'posting' } },
  );
  await post(at.stage.sandbox, { email, type: made });
  expect(await at.createUser()).toMatchObject(done('created'));
  return at;
}

/** Requests that the invite sends until it is over. */
async function requestsOfInvite(at: HandlerCase): Promise<string[]> {
  const before = at.stage.asked.length;
  for (let starts = 0; starts < 20; starts += 1) {
    if ((await at.invite()).job.kind === 'done') break;
  }
  return at.stage.asked.slice(before).map(({ what }) => what);
}

const MEND = ['GET /people/email', 'PUT /people/invite', 'POST /people/invite'];

test('a person found half-made is looked up again and mailed before the invite', async () => {
  const at = await foundAs('RoomAdmin', 'User');
  expect(await requestsOfInvite(at)).toEqual(MEND);
  const { mailsSent } = at.stage.sandbox.state();
  expect(mailsSent[email]?.invite).toBe(1);
  const report = { state: 'finished', created: 1, invited: 1, otherRole: 1, unmailed: 0 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
  const [row] = await at.stage.rows(at.batch);
  expect(row).toMatchObject({ state: 'created', code: 'role-differs' });
});

test('a RoomAdmin found after a lost answer looks whole, and is mailed too', async () => {
  const at = await foundAs('RoomAdmin', 'RoomAdmin');
  expect(await requestsOfInvite(at)).toEqual(MEND);
  expect(await at.stage.report(at.batch)).toMatchObject({ otherRole: 0, unmailed: 0, invited: 1 });
});

test('a User found whole is neither looked up again nor mailed twice', async () => {
  const at = await foundAs('User', 'User');
  expect(await requestsOfInvite(at)).toEqual(['POST /people/invite']);
});

test('a User who was a RoomAdmin for a moment is as asked, and is not mailed twice', async () => {
  let looks = 0;
  const plan: Plan = ({ what }) => {
    if (what !== 'GET /people/email') return undefined;
    looks += 1;
    const roles = { isCollaborator: looks > 1, isRoomAdmin: looks === 1 };
    const registrationDate = new Date().toISOString();
    const dto = { ...accountDto, ...roles, email, registrationDate, createdBy: undefined };
    return { before: envelope(dto) };
  };
  const at = await foundAs('User', 'User', (asked) => plan(asked));
  expect((await at.stage.report(at.batch)).otherRole).toBe(1);
  expect(await requestsOfInvite(at)).toEqual(['GET /people/email', 'POST /people/invite']);
  const [row] = await at.stage.rows(at.batch);
  expect(row).toMatchObject({ code: '', reason: '', marks: [] });
  expect((await at.stage.report(at.batch)).otherRole).toBe(0);
});

test('an account that is gone again is not mailed, and its row says so', async () => {
  let isGone = false;
  const at = await foundAs('RoomAdmin', 'User', ({ what }) =>
    isGone && what === 'GET /people/email'
      ? { before: shapeA(404, 'no', 'ASC.Common.Web.ItemNotFoundException') }
      : undefined,
  );
  isGone = true;
  expect(await requestsOfInvite(at)).toEqual(['GET /people/email', 'POST /people/invite']);
  expect((await at.stage.rows(at.batch))[0]?.reason).toContain('no longer on the portal');
});

test('a portal that does not mail again keeps nobody from the invite, and they are listed', async () => {
  const at = await foundAs('RoomAdmin', 'User', ({ what }) =>
    what === 'PUT /people/invite' ? { before: shapeA(500, 'no') } : undefined,
  );
  const [look, mail, invite] = MEND;
  // Four attempts are set; those of the invite's own job are not used.
  expect(await requestsOfInvite(at)).toEqual([look, mail, mail, mail, mail, invite]);
  expect(await at.stage.report(at.batch)).toMatchObject({ state: 'finished', unmailed: 1 });
  expect((await at.stage.rows(at.batch))[0]).toMatchObject({ code: 'unmailed', invited: true });
});

test('one mail request takes everybody, and an answer that comes late is asked for again', async () => {
  const rows = people(3);
  const at = await openCase({
    rows,
    plan: ({ what }) => (what === 'PUT /people/invite' ? { after: 'reset' } : undefined),
  });
  for (const row of rows.keys()) {
    await noteRow(
      at.stage.ledger,
      { batch: at.batch, round: 1, row },
      { doubt: { kind: 'posting' } },
    );
    await post(at.stage.sandbox, { email: `p${row}@example.com`, type: 'RoomAdmin' });
    await at.createUser(row);
  }
  for (let looks = 0; looks < 3; looks += 1) await at.invite();
  expect(await at.invite()).toMatchObject({ job: { kind: 'snooze' } });
  const ids = at.stage.sandbox.state().accounts.map(({ id }) => id);
  const body = JSON.parse(at.stage.asked.at(-1)?.body ?? '');
  expect(body).toEqual({ userIds: ids, resendAll: false });
});
