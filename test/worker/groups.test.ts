import { expect, test } from 'vitest';
import { readRemarks } from '../../src/ledger/batch/batch-remarks.ts';
import { noteGroupMade } from '../../src/ledger/groups/groups-lock.ts';
import type { NewRow } from '../../src/ledger/rows/record-rows.ts';
import { cellKey, type GroupMode, nameKey } from '../../src/people/groups.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { empty, shapeA } from '../portal/answers.ts';
import { types } from '../portal/verdict-of.ts';
import { addGroup } from '../sandbox/support.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { person } from '../support/people.ts';
import { type HandlerCase, openCase } from './handler-case.ts';

interface Given {
  /** The cells of each row. */
  cells: readonly string[][];
  /** Groups of the portal before. */
  known?: readonly string[];
  mode?: GroupMode;
  names?: readonly string[];
  plan?: Plan;
  keys?: readonly { key: string; permissions: string[] }[];
}

/** A batch whose rows name groups, submitted by a producer without a key. */
async function caseWith({ cells, known = [], mode = 'existing', names = [], plan }: Given) {
  const rows = cells.map((department, index): NewRow => {
    const row = person(`p${index}@example.com`, index);
    return row.kind === 'person' ? { ...row, person: { ...row.person, department } } : row;
  });
  const groups = new Map<string, { rows: number }>();
  for (const cell of cells.flat()) {
    groups.set(cellKey(cell), { rows: (groups.get(cellKey(cell))?.rows ?? 0) + 1 });
  }
  for (const name of names) groups.set(nameKey(name), { rows: rows.length });
  const named = { groups, isSettled: false };
  const submission = { named, groups: mode, group: names };
  const at = await openCase({ rows, submission, ...(plan === undefined ? {} : { plan }) });
  const ids: string[] = [];
  for (const name of known) ids.push(await addGroup(at.stage.sandbox, name));
  return { at, ids, ledger: at.stage.ledger };
}

const asked = (at: HandlerCase) => at.stage.asked.map(({ what }) => what);
const groupsOn = ({ stage }: HandlerCase) =>
  stage.sandbox.state().accounts.map(({ groups }) => groups.map(({ name }) => name));
const warningsOf = async (at: HandlerCase, row = 0) => (await at.outcome(row)).warnings;

test('a person gets the groups that the list names, in any spelling, without a request more', async () => {
  const { at } = await caseWith({ cells: [['sales ;Ops'], ['SALES']], known: ['Sales', 'Ops'] });
  expect(await at.createUser(0)).toEqual(done('created'));
  expect(await at.createUser(1)).toEqual(done('created'));
  expect(groupsOn(at)).toEqual([['Sales', 'Ops'], ['Sales']]);
  expect(asked(at)).toEqual(['GET /group', 'POST /people', 'POST /people']);
  expect(await warningsOf(at)).toBeUndefined();
});

test('a person without groups is created before any group is read', async () => {
  const { at } = await caseWith({ cells: [[], ['Sales']], known: ['Sales'] });
  await at.createUser(0);
  expect(asked(at)).toEqual(['POST /people']);
});

test('an unknown name keeps nobody out, and row and batch say so', async () => {
  const { at, ledger } = await caseWith({
    cells: [['Salez|Ops'], ['salez']],
    known: ['Sales', 'Ops'],
  });
  await at.createUser(0);
  expect(groupsOn(at)).toEqual([['Ops']]);
  expect(await warningsOf(at)).toEqual([
    'The portal has no group "Salez": the account is not in it.',
  ]);
  expect(await readRemarks(ledger, at.batch)).toEqual([
    {
      code: 'groups-unknown',
      text: 'no group of the portal has the name "Salez" (2 rows; like "Sales"): these people are created without it',
    },
  ]);
});

test('several hundred groups are read by pages, once for a batch', async () => {
  const known = Array.from({ length: 201 }, (_, n) => `Group ${n}`);
  const { at } = await caseWith({ cells: [['Group 200'], ['Group 7']], known });
  await at.createUser(0);
  await at.createUser(1);
  expect(groupsOn(at)).toEqual([['Group 200'], ['Group 7']]);
  expect(asked(at).filter((what) => what === 'GET /group')).toHaveLength(3);
});

test('a group for everybody is one of each person', async () => {
  const { at } = await caseWith({ cells: [[], ['Ops']], known: ['New', 'Ops'], names: ['new'] });
  await at.createUser(0);
  await at.createUser(1);
  expect(groupsOn(at)).toEqual([['New'], ['Ops', 'New']]);
});

test('a missing group is made once, before its people, and said so', async () => {
  const cells = [['Neu'], ['NEU ; x'], [`${'n'.repeat(129)}`]];
  const { at, ledger } = await caseWith({ cells, known: ['x'], mode: 'create' });
  for (const row of [0, 1, 2]) await at.createUser(row);
  expect(asked(at).slice(0, 3)).toEqual(['GET /group', 'POST /group', 'POST /people']);
  expect(asked(at).filter((what) => what === 'POST /group')).toHaveLength(1);
  expect(groupsOn(at)).toEqual([['Neu'], ['Neu', 'x'], []]);
  const [made, unknown] = await readRemarks(ledger, at.batch);
  expect([made?.text, unknown?.code]).toEqual(['groups made: "Neu"', 'groups-unknown']);
});

test('a group whose answer was lost is found by its name, not made twice', async () => {
  let posts = 0;
  const plan: Plan = ({ what }) => {
    if (what !== 'POST /group' || ++posts > 1) return undefined;
    return { after: 'reset' };
  };
  const { at } = await caseWith({ cells: [['Neu']], mode: 'create', plan });
  let now = Date.now();
  Object.assign(at.deps, { now: () => now });
  expect(await at.createUser()).toEqual(snooze(at.deps.lookUpDelayMs));
  expect(await at.createUser()).toEqual(snooze(at.deps.lookUpDelayMs));
  expect(asked(at)).toEqual(['GET /group', 'POST /group']);
  now += at.deps.lookUpDelayMs;
  expect(await at.createUser()).toEqual(done('created'));
  expect(at.stage.sandbox.state().groups.map(({ name }) => name)).toEqual(['Neu']);
  expect(groupsOn(at)).toEqual([['Neu']]);
});

test('two jobs at once make a group once, and create both people', async () => {
  const { at } = await caseWith({ cells: [['Neu'], ['neu'], ['Neu']], mode: 'create' });
  const ends = await Promise.all([0, 1, 2].map((row) => at.createUser(row)));
  expect(ends).toEqual(Array(3).fill(done('created')));
  expect(at.stage.sandbox.state().groups).toMatchObject([{ name: 'Neu', members: 3 }]);
  expect(asked(at).filter((what) => what.endsWith('/group'))).toHaveLength(2);
});

test('a name that several groups have holds the batch before anybody is created', async () => {
  const { at, ids } = await caseWith({ cells: [['Sales']], known: ['Sales', 'sales'] });
  const { queues } = await at.createUser();
  expect(queues).toMatchObject({
    kind: 'hold',
    hold: { code: 'group-ambiguous', batch: at.batch },
  });
  expect(JSON.stringify(queues)).toContain(ids[1]);
  expect(asked(at)).toEqual(['GET /group']);
});

test('a group for everybody that is missing holds the batch, and is found after it was made', async () => {
  const { at } = await caseWith({ cells: [[]], names: ['Neu'] });
  expect((await at.createUser()).queues).toMatchObject({ hold: { code: 'group-missing' } });
  await addGroup(at.stage.sandbox, 'Neu');
  expect(await at.createUser()).toEqual(done('created'));
  expect(groupsOn(at)).toEqual([['Neu']]);
});

test.each([
  ['is not allowed', empty(403)],
  ['is denied', shapeA(403, 'Access denied', types.security)],
])('people are created without groups where reading them %s', async (_, answer) => {
  const plan: Plan = ({ what }) => (what === 'GET /group' ? { before: answer } : undefined);
  const { at, ledger } = await caseWith({ cells: [['Sales']], plan });
  expect(await at.createUser()).toEqual(done('created'));
  expect(await readRemarks(ledger, at.batch)).toMatchObject([{ code: 'groups-unread' }]);
  expect(await warningsOf(at)).toHaveLength(1);
});

test.each<[string, Partial<Given>]>([
  ['groups that are to be made', { mode: 'create' }],
  ['a group for everybody', { names: ['Neu'] }],
])('%s hold the batch where groups may not be read', async (_, more) => {
  const plan: Plan = ({ what }) => (what === 'GET /group' ? { before: empty(403) } : undefined);
  const { at } = await caseWith({ cells: [['Neu']], plan, ...more });
  expect((await at.createUser()).queues).toMatchObject({ hold: { code: 'key-missing-scope' } });
  expect(at.stage.sandbox.state().accounts).toEqual([]);
});

test('groups that cannot be read now are read again, without an attempt', async () => {
  let reads = 0;
  const plan: Plan = ({ what }) =>
    what === 'GET /group' && ++reads === 1 ? { before: shapeA(500, 'x') } : undefined;
  const { at } = await caseWith({ cells: [['Sales']], known: ['Sales'], plan });
  expect((await at.createUser()).job.kind).toBe('snooze');
  expect(await at.createUser()).toEqual(done('created'));
  expect(groupsOn(at)).toEqual([['Sales']]);
});

test('a limit of the portal slows the queues while groups are read', async () => {
  let reads = 0;
  const limited = empty(429, { 'retry-after': '7' });
  const plan: Plan = ({ what }) =>
    what === 'GET /group' && ++reads === 1 ? { before: limited } : undefined;
  const { at } = await caseWith({ cells: [['Sales']], known: ['Sales'], plan });
  expect((await at.createUser()).queues).toMatchObject({ kind: 'slow-down' });
  expect(await at.createUser()).toEqual(done('created'));
});

test('a group that the portal leaves out without a word is warned of and counted', async () => {
  const plan: Plan = async ({ what }) => {
    if (what === 'POST /people') await removeAll();
    return undefined;
  };
  let removeAll = async () => {};
  const { at, ids } = await caseWith({ cells: [['Sales;Ops']], known: ['Sales', 'Ops'], plan });
  removeAll = async () => {
    const { url, key } = at.stage.sandbox;
    const headers = { authorization: `Bearer ${key}` };
    await fetch(`${url}/api/2.0/group/${ids[0]}`, { method: 'DELETE', headers });
  };
  expect(await at.createUser()).toEqual(done('created'));
  expect(await warningsOf(at)).toEqual([
    'The portal left out the group "Sales": add the account there.',
  ]);
  expect(await at.stage.report(at.batch)).toMatchObject({ created: 1, groupsMissing: 1 });
  expect(await at.stage.rows(at.batch)).toMatchObject([{ code: 'groups-missing' }]);
});

test('a batch that was stored by an older version sends its ids', async () => {
  const sales = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
  const row = person('p0@example.com');
  const admins = 'cd84e66b-b803-40fc-99f9-b2969a54a1de';
  if (row.kind === 'person') row.person.department = [sales, 'no id', admins];
  const at = await openCase({ rows: [row] });
  await at.createUser();
  expect(JSON.parse(at.stage.asked[0]?.body ?? '')).toMatchObject({ department: [sales] });
  expect(asked(at)).toEqual(['POST /people']);
});

test('a job that waits too long for another process leaves without an attempt', async () => {
  const { at, ledger } = await caseWith({ cells: [['Sales']], known: ['Sales'] });
  await ledger.redis.set(ledger.keys.groupsLock, 'another');
  const { timings } = at.deps;
  Object.assign(at.deps, { timings: { ...timings, groupsWaitMs: 20, groupsPollMs: 10 } });
  expect(await at.createUser()).toEqual(snooze(timings.pendingPollMs));
  expect(asked(at)).toEqual([]);
});

test('an id that the portal does not list is not sent', async () => {
  const unlisted = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
  const { at, ids } = await caseWith({ cells: [[`${unlisted};Sales`]], known: ['Sales'] });
  await at.createUser();
  const body = JSON.parse(at.stage.asked.at(-1)?.body ?? '');
  expect(body.department).toEqual(ids);
  expect(await warningsOf(at)).toHaveLength(1);
});

test('ids are sent as given where groups may not be read, except those of system groups', async () => {
  const sales = '5b1e8a52-0c1d-4f6e-9a7b-2d3c4e5f6a7b';
  const guests = 'aced04fa-dd96-4b35-af3e-346bf1eb972d';
  const plan: Plan = ({ what }) => (what === 'GET /group' ? { before: empty(403) } : undefined);
  const { at } = await caseWith({ cells: [[sales, guests]], plan });
  await at.createUser();
  expect(JSON.parse(at.stage.asked.at(-1)?.body ?? '').department).toEqual([sales]);
});

test('the lock is kept while many groups are read, so that no other process makes groups', async () => {
  const known = Array.from({ length: 120 }, (_, n) => `Group ${n}`);
  const left: number[] = [];
  let look = async () => {};
  const plan: Plan = async ({ what }) => {
    if (what === 'GET /group') await look();
    return undefined;
  };
  const { at, ledger } = await caseWith({ cells: [['Group 7']], known, plan });
  const lock = ledger.keys.groupsLock;
  look = async () => {
    left.push(await ledger.redis.pttl(lock));
    await ledger.redis.pexpire(lock, 1000);
  };
  expect(await at.createUser()).toEqual(done('created'));
  expect(left).toHaveLength(2);
  expect(Math.min(...left)).toBeGreaterThan(at.deps.timings.groupsLockMs / 2);
  expect(await ledger.redis.exists(lock)).toBe(0);
});

test('a group whose answer another list lost is waited for, not made twice', async () => {
  const { at, ledger } = await caseWith({ cells: [['Neu']], mode: 'create' });
  const now = Date.now();
  Object.assign(at.deps, { now: () => now });
  await noteGroupMade(ledger, now);
  expect(await at.createUser()).toEqual(snooze(at.deps.lookUpDelayMs));
  expect(asked(at)).toEqual([]);
  await noteGroupMade(ledger, now - at.deps.lookUpDelayMs);
  expect(await at.createUser()).toEqual(done('created'));
});
