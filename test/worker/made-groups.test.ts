import { expect, test } from 'vitest';
import { readRemarks } from '../../src/ledger/batch/batch-remarks.ts';
import { noteGroupMade } from '../../src/ledger/groups/groups-lock.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { empty, shapeA } from '../portal/answers.ts';
import { types } from '../portal/verdict-of.ts';
import { addGroup } from '../sandbox/support.ts';
import type { Plan } from '../support/faulty-portal.ts';
import { asked, caseWith, type Given, groupsOn, warningsOf } from './groups-case.ts';

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
