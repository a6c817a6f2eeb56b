import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const idIn = (text: string) => /p1(?:-[0-9a-f]{8}){4,5}/.exec(text)?.[0] ?? '';

async function keysOf(stage: Stage): Promise<string[]> {
  const keys = await stage.redis.keys(`${stage.prefix}*`);
  // These keys appear and expire by themselves.
  return keys.filter((key) => !/:(limiter|stalled-check|keeper|settled)$/.test(key)).sort();
}

const LIST = `${peopleCsv(4)}P1@example.com,Ana,Lee\nbroken,Ana,Lee\n`;

test('a dry run says what would happen and writes nothing; its plan can then be submitted', async () => {
  const stage = await openStage({ redis: 'private' });
  stage.write('people.csv', LIST);
  const dry = await stage.run(['run', 'people.csv', '--dry-run']);
  expect([dry.code, dry.stderr]).toEqual([0, '']);
  expect(await readdir(stage.dir)).toEqual(['people.csv']);
  expect(createdOn(stage.sandbox)).toEqual([]);
  const lines = [
    'people.csv line 6: duplicate: The same e-mail as people.csv line 3.',
    'people.csv line 7: rejected: email: .*',
    'plan p1-\\S+',
    '  batch b\\w{12}: new',
    '  6 rows = 4 accepted \\+ 1 rejected \\+ 1 duplicates',
    '  accepted: 4 User',
    '  the first: Ana Lee <p0@example.com>, .*',
    '  requests: 4 creations \\+ 1 invite',
    '  time: no limit is set; within a day at the documented 10,000 writes a day',
    'nothing was written; .* --plan p1-\\S+ instead of --dry-run',
  ];
  expect(dry.stdout).toMatch(new RegExp(`^${lines.join('\n')}\n$`));
  const ran = await stage.run(['run', 'people.csv', '--plan', idIn(dry.stdout)]);
  expect(ran.code).toBe(0);
  expect(createdOn(stage.sandbox)).toHaveLength(4);
});

test('--lookup tells who is there already; a plan that moved is refused and says where', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(6));
  stage.write('other.csv', peopleCsv(2));
  expect((await stage.run(['run', 'other.csv', '--batch', 'other'])).code).toBe(0);
  const before = await keysOf(stage);
  const [dry, json] = [
    await stage.run(['submit', 'people.csv', '--dry-run', '--lookup']),
    await stage.run(['submit', 'people.csv', '--dry-run', '--lookup', '--json']),
  ];
  expect(await keysOf(stage)).toEqual(before);
  expect(dry.stdout).toMatch(/^ {2}on the portal already: 2 of 6 \(p[01]@example.com, p[01]@/m);
  expect(dry.stdout).toContain('  requests: 6 creations + 2 lookups + 1 invite\n');
  const plan = JSON.parse(json.stdout);
  expect(plan).toMatchObject({
    rows: [],
    accepted: 6,
    present: { count: 2 },
    batch: { state: null },
  });
  expect(plan.id).toBe(idIn(dry.stdout));

  const moved = (args: string[]) => stage.run(['submit', ...args, '--plan', plan.id]);
  const [type, usage] = await Promise.all([
    moved(['people.csv', '--type', 'RoomAdmin']),
    stage.run(['submit', 'people.csv', '--plan', 'p1']),
  ]);
  expect([type.code, usage.code]).toEqual([1, 2]);
  expect(type.stderr).toMatch(
    /^E_PLAN_MOVED: nothing was submitted: since the plan, the options have changed/m,
  );
  stage.write('people.csv', peopleCsv(7));
  const input = await moved(['people.csv']);
  expect(input.stderr).toMatch(/since the plan, the files have changed/);
  expect(await keysOf(stage)).toEqual(before);

  stage.write('people.csv', peopleCsv(6));
  const again = await moved(['people.csv']);
  expect([again.code, again.stderr]).toEqual([0, '6 accepted, 0 rejected, 0 duplicates\n']);
});

test('people of an unfinished batch are named, and faults end a dry run with exit 4', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(3));
  stage.write('more.csv', peopleCsv(4));
  expect((await stage.run(['submit', 'people.csv', '--batch', 'first'])).code).toBe(0);
  const dry = await stage.run(['submit', 'more.csv', '--dry-run', '--strict', '--json']);
  expect(dry.code).toBe(3);
  const { rows, accepted } = JSON.parse(dry.stdout);
  expect(accepted).toBe(1);
  expect(rows).toHaveLength(3);
  expect(rows[0]).toEqual({
    kind: 'rejected',
    file: 'more.csv',
    line: 2,
    code: 'in-other-batch',
    reason: 'This person is in the unfinished batch first.',
    cells: { email: 'p0@example.com', firstName: 'Ana', lastName: 'Lee', type: 'User' },
  });
  const env = { DOCSPACE_API_KEY: `sk-${'0'.repeat(64)}` };
  const faulty = await stage.run(['submit', 'more.csv', '--dry-run'], { env });
  expect(faulty.code).toBe(4);
  expect(faulty.stdout).toMatch(/^fault {4}The portal does not accept the API key/m);
  const alone = await stage.run(['submit', 'more.csv', '--lookup']);
  expect([alone.code, alone.stdout]).toEqual([2, '']);
});
