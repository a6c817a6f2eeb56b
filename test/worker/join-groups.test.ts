import { expect, test } from 'vitest';
import { noteRow } from '../../src/ledger/rows/rows.ts';
import { cellKey } from '../../src/people/groups.ts';
import { done } from '../../src/worker/outcome.ts';
import { empty, shapeA } from '../portal/answers.ts';
import { types } from '../portal/verdict-of.ts';
import { addGroup, post } from '../sandbox/support.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { person } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

interface Given {
  plan?: Plan;
  people?: number;
  isThereBefore?: boolean;
  joinExisting?: boolean;
}

/** People of the group Sales whose creation was lost, and whose accounts the portal has without it. */
async function foundWithout({ plan, people = 1, isThereBefore, joinExisting }: Given = {}) {
  const emails = Array.from({ length: people }, (_, n) => `p${n}@example.com`);
  const rows = emails.map((email, n) => {
    const row = person(email, n);
    if (row.kind === 'person') row.person.department = ['Sales'];
    return row;
  });
  const named = { groups: new Map([[cellKey('Sales'), { rows: people }]]), isSettled: false };
  const submission = { named, groups: 'existing' as const, joinExisting };
  const at = await openCase({ rows, submission, ...(plan === undefined ? {} : { plan }) });
  const id = await addGroup(at.stage.sandbox, 'Sales');
  for (const [row, email] of emails.entries()) {
    const doubt = isThereBefore
      ? ({ kind: 'refused', code: 'bad-request', reason: 'No.' } as const)
      : ({ kind: 'posting' } as const);
    await noteRow(at.stage.ledger, { batch: at.batch, round: 1, row }, { doubt });
    await post(at.stage.sandbox, { email, type: 'User' });
  }
  if (isThereBefore)
    await at.stage.ledger.redis.hset(
      at.stage.ledger.keys.record(at.batch),
      'acceptedAt',
      Date.now() + 60_000,
      'acceptedOnPortal',
      Date.now() + 60_000,
    );
  for (const row of emails.keys()) await at.createUser(row);
  return { at, id };
}

/** Requests that the invite sends until it is over. */
async function requestsOfInvite(at: HandlerCase): Promise<string[]> {
  const before = at.stage.asked.length;
  for (let starts = 0; starts < 20; starts += 1) {
    if ((await at.invite()).job.kind === 'done') break;
  }
  return at.stage.asked.slice(before).map(({ what }) => what);
}

const members = ({ stage }: HandlerCase) => stage.sandbox.state().groups[0]?.members;

test('a person found without the groups of the list is added before the invite', async () => {
  const { at, id } = await foundWithout();
  expect(await at.stage.rows(at.batch)).toMatchObject([{ marks: ['to-join'] }]);
  expect(await requestsOfInvite(at)).toEqual([`PUT /group/${id}/members`, 'POST /people/invite']);
  expect(members(at)).toBe(1);
  expect(await at.outcome()).not.toHaveProperty('joins');
  const report = { state: 'finished', created: 1, invited: 1, groupsMissing: 0 };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
});

test('many people are added in slices of 100', async () => {
  const { at, id } = await foundWithout({ people: 101 });
  const put = `PUT /group/${id}/members`;
  expect(await requestsOfInvite(at)).toEqual([put, put, 'POST /people/invite']);
  expect(members(at)).toBe(101);
});

test('a worker killed after the portal added somebody adds them again', async () => {
  let puts = 0;
  const plan: Plan = ({ what }) =>
    what.startsWith('PUT') && ++puts === 1 ? { after: 'reset' } : undefined;
  const { at } = await foundWithout({ plan });
  expect(await requestsOfInvite(at)).toHaveLength(3);
  expect([members(at), puts]).toEqual([1, 2]);
});

test.each<[string, Plan]>([
  [
    'is gone',
    ({ what }) =>
      what.startsWith('PUT') ? { before: shapeA(404, 'x', types.notFound) } : undefined,
  ],
  [
    'may not be changed',
    ({ what }) => (what.startsWith('PUT') ? { before: empty(403) } : undefined),
  ],
  [
    'fails each time',
    ({ what }) => (what.startsWith('PUT') ? { before: shapeA(500, 'x') } : undefined),
  ],
])('a group that %s holds up no invite, and rows and summary say so', async (_, plan) => {
  const { at } = await foundWithout({ plan, people: 2 });
  expect((await requestsOfInvite(at)).at(-1)).toBe('POST /people/invite');
  const report = { state: 'finished', invited: 2, groupsMissing: 2, hold: null };
  expect(await at.stage.report(at.batch)).toMatchObject(report);
  const reason = expect.stringContaining('The account was not added to the group "Sales".');
  expect(await at.stage.rows(at.batch)).toMatchObject([
    { code: 'groups-missing', reason },
    { reason },
  ]);
});

test('people who had an account already stay as they are', async () => {
  const { at } = await foundWithout({ isThereBefore: true });
  expect(await at.states()).toEqual(['existing']);
  expect(await requestsOfInvite(at)).toEqual([]);
  expect(members(at)).toBe(0);
});

test('people who had an account are added where that is asked for', async () => {
  const { at, id } = await foundWithout({ isThereBefore: true, joinExisting: true });
  expect(await requestsOfInvite(at)).toEqual([`PUT /group/${id}/members`]);
  expect(members(at)).toBe(1);
});

test('a person who got the group although the answer was lost is not added again', async () => {
  const row = person('p0@example.com');
  if (row.kind === 'person') row.person.department = ['Sales'];
  const named = { groups: new Map([[cellKey('Sales'), { rows: 1 }]]), isSettled: false };
  const plan: Plan = ({ what }) => (what === 'POST /people' ? { after: 'reset' } : undefined);
  const submission = { named, groups: 'existing' as const };
  const at = await openCase({ rows: [row], submission, plan, deps: { lookUpDelayMs: 0 } });
  await addGroup(at.stage.sandbox, 'Sales');
  await at.createUser();
  expect(await at.createUser()).toEqual(done('created'));
  expect(await requestsOfInvite(at)).toEqual(['POST /people/invite']);
  expect(members(at)).toBe(1);
});
