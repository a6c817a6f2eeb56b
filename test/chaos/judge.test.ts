import { expect, test } from 'vitest';
import { judge } from '../../scripts/chaos/judge.ts';
import type { BatchEnd, PortalEnd, RoundEnd } from '../../scripts/chaos/round-end.ts';

const people = ['a@x.example', 'b@x.example', 'c@x.example'];

/** A batch as it should end: a and b created and invited, c there before. */
function batch(): BatchEnd {
  const counts = {
    batchId: 'b1',
    state: 'finished',
    total: 3,
    accepted: 3,
    pending: 0,
    created: 2,
    existing: 1,
    failed: 0,
    cancelled: 0,
    invited: 2,
    notInvitable: 0,
    inviteRequests: 1,
    unansweredInvites: 0,
  };
  const rows = people.map((email, index) => ({
    file: 'f',
    line: index + 2,
    email,
    state: index === 2 ? 'existing' : 'created',
    code: '',
    reason: '',
    attempts: 1,
    invited: index !== 2,
    marks: [],
    groups: index === 0 ? 'Ops|sales' : '',
  }));
  return { counts, rows, lines: 3, good: people };
}

function round(change: (end: RoundEnd, batch: BatchEnd) => void = () => undefined): RoundEnd {
  const one = batch();
  const end: RoundEnd = {
    batches: [one],
    portal: {
      accounts: people.map((email, index) => ({
        email: index === 0 ? email.toUpperCase() : email,
        origin: index === 2 ? 'existing' : 'post',
        type: 'User',
        mails: { activation: index === 2 ? 0 : 1, invite: 0 },
        groups: index === 0 ? [{ name: 'Sales' }, { name: 'ops' }] : [],
      })),
      groups: [{ name: 'Sales' }, { name: 'ops' }],
      postsOfExisting: { 'c@x.example': 1 },
      acceptedInvites: [{ emails: ['a@x.example', 'b@x.example'] }],
    },
    existing: ['c@x.example'],
    wrongAfterSetRoles: [],
    mayRepeat: false,
    hasLostPower: false,
    left: 'rows and jobs',
  };
  change(end, one);
  return end;
}

function account(portal: PortalEnd, index: number): PortalEnd['accounts'][number] {
  const found = portal.accounts[index];
  if (found === undefined) throw new Error('no such account');
  return found;
}

const rulesOf = (end: RoundEnd) => judge(end).map(({ rule, email }) => `${rule} ${email ?? ''}`);

test('a round that held breaks no rule', () => {
  expect(judge(round())).toEqual([]);
});

test.each<[string, string, (end: RoundEnd, batch: BatchEnd) => void]>([
  ['a batch that is not finished', '1 ', (_, one) => Object.assign(one.counts, { state: 'x' })],
  ['a row that is not reported', '1 a@x.example', (_, one) => one.rows.shift()],
  [
    'a row that is not at an end',
    '1 ',
    (_, one) => Object.assign(one.rows[0] ?? {}, { state: 'pending' }),
  ],
  [
    'an account that no batch knows',
    '2 d@x.example',
    ({ portal }) =>
      portal.accounts.push({ ...account(portal, 0), email: 'd@x.example', type: 'User' }),
  ],
  [
    'a created person without an account',
    '2 b@x.example',
    ({ portal }) => portal.accounts.splice(1, 1),
  ],
  [
    'a created person in no invite',
    '2 b@x.example',
    ({ portal }) => portal.acceptedInvites[0]?.emails.pop(),
  ],
  ['no invite at all', '2 a@x.example', ({ portal }) => portal.acceptedInvites.pop()],
  [
    'an invite that the report does not know',
    '2 ',
    ({ portal }) => portal.acceptedInvites.push({ emails: ['a@x.example', 'b@x.example'] }),
  ],
  [
    'an invite of somebody who was there',
    '2 c@x.example',
    ({ portal }) => portal.acceptedInvites[0]?.emails.push('c@x.example'),
  ],
  [
    'an invite of a stranger',
    '2 d@x.example',
    ({ portal }) => portal.acceptedInvites[0]?.emails.push('d@x.example'),
  ],
  [
    'two mails',
    '2 a@x.example',
    ({ portal }) => Object.assign(account(portal, 0), { mails: { activation: 1, invite: 1 } }),
  ],
  [
    'no mail, which the report does not say',
    '2 a@x.example',
    ({ portal }) => Object.assign(account(portal, 0), { mails: { activation: 0, invite: 0 } }),
  ],
  [
    'another role than asked, which the report does not say',
    '2 a@x.example',
    ({ portal }) => Object.assign(account(portal, 0), { type: 'RoomAdmin' }),
  ],
  [
    'a role that the report calls another one',
    '2 a@x.example',
    (_, one) => Object.assign(one.rows[0] ?? {}, { marks: ['other-role'] }),
  ],
  [
    'a role that set-roles did not set',
    '2 a@x.example',
    (end) => Object.assign(end, { wrongAfterSetRoles: ['A@x.example'] }),
  ],
  [
    'somebody who is reported as not invitable, and invited',
    '2 a@x.example',
    (_, one) => Object.assign(one.rows[0] ?? {}, { marks: ['not-invitable'] }),
  ],
  [
    'somebody outside a group of the list, which the report does not say',
    '2 a@x.example',
    ({ portal }) => account(portal, 0).groups.pop(),
  ],
  ['a group that was made twice', '2 ', ({ portal }) => portal.groups.push({ name: 'OPS' })],
  [
    'somebody in two accepted invites',
    '2 a@x.example',
    ({ portal }) => portal.acceptedInvites.push({ emails: ['a@x.example'] }),
  ],
  [
    'a second POST',
    '3 a@x.example',
    ({ portal }) => Object.assign(portal.postsOfExisting, { 'a@x.example': 1 }),
  ],
  ['two batches that created one person', '4 a@x.example', ({ batches }, one) => batches.push(one)],
  [
    'a good person who failed',
    '5 a@x.example',
    (_, one) => Object.assign(one.rows[0] ?? {}, { state: 'failed', code: 'timeout' }),
  ],
  ['a key in Redis', '6 ', (end) => Object.assign(end, { left: `x sk-${'0a'.repeat(32)} y` })],
])('the judge sees %s', (_, breach, change) => {
  expect(rulesOf(round(change))).toContain(breach);
});

test('a stopped worker may post late, a power failure may hide one accepted invite', () => {
  const late = round((end) => {
    Object.assign(end, { mayRepeat: true, hasLostPower: true });
    Object.assign(end.portal.postsOfExisting, { 'a@x.example': 1 });
    end.portal.acceptedInvites.push({ emails: ['a@x.example', 'b@x.example'] });
  });
  expect(judge(late)).toEqual([]);
});

test('people who are not invitable are in no invite, and those who are reported as unmailed have no mail', () => {
  const end = round(({ portal }, one) => {
    Object.assign(one.rows[1] ?? {}, { invited: false, marks: ['not-invitable', 'unmailed'] });
    Object.assign(one.counts, { invited: 1, notInvitable: 1 });
    Object.assign(account(portal, 1), { mails: { activation: 0, invite: 0 } });
    portal.acceptedInvites[0]?.emails.pop();
  });
  expect(judge(end)).toEqual([]);
});
