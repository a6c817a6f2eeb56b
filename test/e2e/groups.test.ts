import { expect, test } from 'vitest';
import { addGroup } from '../sandbox/support.ts';
import { createdOn } from '../support/people.ts';
import { openStage, type Stage, TEST_KEY } from '../support/stage.ts';

const LIST = `email,first_name,last_name,Department,Team
p0@example.com,Ana,Lee,Sales,
p1@example.com,Ana,Lee,sales;Ops,Blue
p2@example.com,Ana,Lee,,
p3@example.com,Ana,Lee,Salez,
`;

/** A stage with the list, and these groups on its portal; returns their ids. */
async function stageWith(known: readonly string[], options: Parameters<typeof openStage>[0] = {}) {
  const stage = await openStage(options);
  stage.write('people.csv', LIST);
  const ids: string[] = [];
  for (const name of known) ids.push(await addGroup(stage.sandbox, name));
  return { stage, ids };
}

/** Requests about groups that the portal answered. */
function groupRequests({ sandbox }: Stage): Record<string, number> {
  const all = Object.entries(sandbox.state().requests);
  return Object.fromEntries(all.filter(([what]) => what.includes('/group')));
}

const namesOf = ({ sandbox }: Stage) =>
  sandbox
    .state()
    .accounts.filter(({ origin }) => origin === 'post')
    .map(({ email, groups }) => [email.slice(0, 2), ...groups.map(({ name }) => name).sort()])
    .sort();

const idIn = (text: string) => /p1(?:-[0-9a-f]{8}){4,5}-g[0-9a-f]{8}/.exec(text)?.[0] ?? '';

test('people of a list with departments are in the groups of the portal, and nobody is kept out', async () => {
  const { stage } = await stageWith(['Sales', 'Ops']);
  const ran = await stage.run(['run', 'people.csv', '--batch', 'one']);
  expect(ran.code).toBe(0);
  expect(namesOf(stage)).toEqual([['p0', 'Sales'], ['p1', 'Ops', 'Sales'], ['p2'], ['p3']]);
  const warning =
    'warning: no group of the portal has the name "Blue" (1 row), "Salez" (1 row; like "Sales")';
  expect(ran.stderr).toContain(warning);
  expect(groupRequests(stage)).toEqual({
    'GET /api/2.0/group 200': 1,
    'POST /api/2.0/group 200': 2,
  });
  const status = await stage.run(['status', 'one']);
  expect(status.stdout).toContain(warning);
  const report = await stage.run(['report', 'one']);
  expect(report.stdout).toContain('p1@example.com,Ana Lee,User,sales;Ops|Blue,created');
});

test('a plan counts the people in each group, and moves when the groups do', async () => {
  const { stage } = await stageWith(['Sales', 'Ops']);
  const dry = await stage.run(['run', 'people.csv', '--dry-run']);
  expect(dry.stdout).toContain('  groups: "Sales" (2 people), "Ops" (1 person)\n');
  expect(dry.stdout).toContain(
    '  unknown groups, left out: "Blue" (1 person), "Salez" (1 person; like "Sales")\n',
  );
  const make = ['run', 'people.csv', '--groups', 'create'];
  const json = JSON.parse((await stage.run([...make, '--dry-run', '--json'])).stdout);
  expect(json.groups).toMatchObject({
    existing: [{ name: 'Sales', people: 2 }, { name: 'Ops' }],
    toMake: [{ name: 'Blue' }, { name: 'Salez' }],
    unknown: [],
  });
  expect(createdOn(stage.sandbox)).toEqual([]);
  await addGroup(stage.sandbox, 'Blue');
  const moved = await stage.run(['run', 'people.csv', '--plan', idIn(dry.stdout)]);
  expect(moved.code).toBe(1);
  expect(moved.stderr).toContain('since the plan, the groups of the portal have changed');
  const again = await stage.run(['run', 'people.csv', '--dry-run']);
  expect((await stage.run(['run', 'people.csv', '--plan', idIn(again.stdout)])).code).toBe(0);
});

test('missing groups are made before the first person, by one request each', async () => {
  const { stage } = await stageWith(['Sales']);
  const ran = await stage.run(['run', 'people.csv', '--groups', 'create', '--group', 'Everybody']);
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain('groups made: "Ops", "Blue", "Salez", "Everybody"');
  expect(namesOf(stage)).toEqual([
    ['p0', 'Everybody', 'Sales'],
    ['p1', 'Blue', 'Everybody', 'Ops', 'Sales'],
    ['p2', 'Everybody'],
    ['p3', 'Everybody', 'Salez'],
  ]);
  expect(groupRequests(stage)).toEqual({
    'GET /api/2.0/group 200': 1,
    'POST /api/2.0/group 200': 5,
  });
  // A second list with the same names makes none.
  stage.write('more.csv', LIST.replace(/p(\d)@/g, 'q$1@'));
  expect((await stage.run(['run', 'more.csv', '--groups', 'create'])).code).toBe(0);
  expect(stage.sandbox.state().groups).toHaveLength(5);
});

test('the cost of groups: no request more for a person, and a read for each hundred groups', async () => {
  const known = Array.from({ length: 150 }, (_, n) => `Group ${n}`);
  const { stage } = await stageWith(['Sales', 'Ops', ...known]);
  expect((await stage.run(['run', 'people.csv'])).code).toBe(0);
  const { requests } = stage.sandbox.state();
  expect(requests['GET /api/2.0/group 200']).toBe(2);
  expect(requests['POST /api/2.0/people 200']).toBe(4);
  expect(Object.keys(requests).filter((what) => what.includes('people/email'))).toEqual([]);
  expect(Object.keys(requests).filter((what) => what.startsWith('PUT'))).toEqual([]);
});

test('names that must be known reject their rows, with the names most like them', async () => {
  const { stage } = await stageWith(['Sales', 'Ops', 'Blue']);
  const ran = await stage.run(['run', 'people.csv', '--groups', 'require', '--batch', 'one']);
  expect(ran.code).toBe(0);
  expect(namesOf(stage).map(([name]) => name)).toEqual(['p0', 'p1', 'p2']);
  const list = await stage.run(['report', 'one', '--rejected']);
  expect(list.stdout).toMatch(/p3@example.com,Ana,Lee,User,,Salez,,.*group-unknown,.*Sales/);
  const again = await stage.run(['run', 'people.csv', '--groups', 'require', '--batch', 'one']);
  expect(again.stderr).toContain('submitted before');
});

test('groups that are ignored are not read', async () => {
  const { stage } = await stageWith(['Sales']);
  expect((await stage.run(['run', 'people.csv', '--groups', 'ignore'])).code).toBe(0);
  expect(namesOf(stage)).toEqual([['p0'], ['p1'], ['p2'], ['p3']]);
  expect(groupRequests(stage)).toEqual({ 'POST /api/2.0/group 200': 1 });
});

test.each(['run', 'submit'])(
  '%s refuses a name that several groups have, with their ids, before anything is written',
  async (verb) => {
    const { stage, ids } = await stageWith(['Sales', 'SALES']);
    const ran = await stage.run([verb, 'people.csv']);
    expect([ran.code, createdOn(stage.sandbox)]).toEqual([1, []]);
    expect(ran.stderr).toContain(`E_GROUP_AMBIGUOUS`);
    for (const id of ids) expect(ran.stderr).toContain(`${id} (0 members)`);
    expect((await stage.run(['status'])).stdout).toContain('no batches yet');
    stage.write('people.csv', LIST.replace(/,(S|s)ales/g, `,${ids[1]}`));
    expect((await stage.run(['run', 'people.csv'])).code).toBe(0);
    expect(namesOf(stage)[0]).toEqual(['p0', 'SALES']);
  },
);

test('a group for everybody that does not exist is an error, with the names most like it', async () => {
  const { stage } = await stageWith(['Everybody']);
  const ran = await stage.run(['run', 'people.csv', '--group', 'Everybodi']);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/E_GROUP_UNKNOWN.*"Everybodi" \(like "Everybody"\)/);
});

const permissions = ['accounts:write', 'accounts.self:read'];

test('a key that may not read groups warns, and people are created without them', async () => {
  const keys = [{ key: TEST_KEY, permissions }];
  const { stage } = await stageWith([], { sandbox: { keys } });
  const ran = await stage.run(['run', 'people.csv', '--batch', 'one']);
  expect(ran.code).toBe(0);
  expect(ran.stderr).toMatch(/warning: the key may not read groups.*accounts:read/);
  expect(namesOf(stage)).toEqual([['p0'], ['p1'], ['p2'], ['p3']]);
  const status = await stage.run(['status', 'one']);
  expect(status.stdout).toContain('warning: the groups of the portal could not be read');
});

test.each([
  ['--groups', 'create'],
  ['--groups', 'require'],
  ['--group', 'Sales'],
])('a key that may not read groups is a fault with %s %s', async (...flags) => {
  const keys = [{ key: TEST_KEY, permissions }];
  const { stage } = await stageWith([], { sandbox: { keys } });
  const ran = await stage.run(['run', 'people.csv', ...flags]);
  expect([ran.code, createdOn(stage.sandbox)]).toEqual([4, []]);
  expect(ran.stderr).toMatch(/nothing was submitted:\n.*may not read groups/);
});

test('names that must be known without a key are an error of the configuration', async () => {
  const { stage } = await stageWith([], { env: { DOCSPACE_API_KEY: '' } });
  const ran = await stage.run(['submit', 'people.csv', '--groups', 'require']);
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('E_CONFIG')]);
});

test('retried and cancelled people keep their groups', async () => {
  const { stage } = await stageWith(['Sales', 'Ops', 'Blue', 'Salez']);
  expect((await stage.run(['submit', 'people.csv', '--batch', 'one'])).code).toBe(0);
  expect((await stage.run(['cancel', 'one', '--yes'])).code).toBe(0);
  expect((await stage.run(['retry', 'one'])).code).toBe(0);
  await stage.startWorkers();
  await stage.untilFinished('one');
  expect(namesOf(stage)).toEqual([
    ['p0', 'Sales'],
    ['p1', 'Blue', 'Ops', 'Sales'],
    ['p2'],
    ['p3', 'Salez'],
  ]);
});

test('a key whose owner may not make groups submits nothing', async () => {
  const { stage } = await stageWith([], {
    sandbox: { keys: [{ key: TEST_KEY, role: 'RoomAdmin' }] },
  });
  const ran = await stage.run(['run', 'people.csv', '--groups', 'create']);
  expect([ran.code, createdOn(stage.sandbox)]).toEqual([1, []]);
  expect(ran.stderr).toContain('E_REFUSED: a group could not be made');
  expect((await stage.run(['status'])).stdout).toContain('no batches yet');
});

test('a plan without a key leaves the groups to the workers, who find them', async () => {
  const { stage } = await stageWith(['Sales', 'Ops']);
  const env = { DOCSPACE_API_KEY: '' };
  const dry = await stage.run(['submit', 'people.csv', '--dry-run'], { env });
  expect(dry.stdout).toContain('  groups: found by the workers, before the first person\n');
  expect((await stage.run(['submit', 'people.csv', '--batch', 'one'], { env })).code).toBe(0);
  expect(groupRequests(stage)).toEqual({ 'POST /api/2.0/group 200': 2 });
  await stage.startWorkers();
  await stage.untilFinished('one');
  expect(namesOf(stage)[1]).toEqual(['p1', 'Ops', 'Sales']);
  expect((await stage.run(['status', 'one'])).stdout).toContain('"Salez" (1 row; like "Sales")');
});
