import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

const BERLIN = { TZ: 'Europe/Berlin' };

test('a local time that the clocks skip is refused, and an ordinary one is said with its offset', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(1));
  const submit = (time: string, ...more: string[]) => {
    const args = ['submit', 'people.csv', '--invite-at', time, ...more];
    return stage.process.run(args, { env: BERLIN });
  };
  const skipped = await submit('2031-03-30T02:30');
  expect([skipped.code, skipped.stderr]).toEqual([2, expect.stringMatching(/does not exist/)]);
  const planned = await submit('2031-07-01T08:00', '--dry-run');
  expect(planned.stdout).toContain('the invite is sent at 2031-07-01 08:00:00+02:00');
});

test('plan, submit and status say when the invite will be sent, with its zone', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const args = ['submit', 'people.csv', '--invite-at', '2031-12-01T08:00+01:00'];
  const at = /the invite is sent at 2031-12-0\d \d\d:\d\d:00(Z|[+-]\d\d:\d\d)/;
  const plan = await stage.run([...args, '--dry-run']);
  expect(plan.stdout).toMatch(at);
  const submitted = await stage.run(args);
  expect(submitted.stderr).toMatch(at);
  const batch = submitted.stdout.trim();
  expect((await stage.run(['status', batch])).stdout).toMatch(at);
  const { inviteAt } = JSON.parse((await stage.run(['status', batch, '--json'])).stdout);
  expect(inviteAt).toBe('2031-12-01T07:00:00.000Z');
});

test('a time gone by is refused for a new batch, and accepted for one that is stored', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const args = ['people.csv', '--invite-at', '2020-01-01T08:00Z'];
  for (const verb of [['submit'], ['run'], ['submit', '--dry-run']]) {
    const { code, stderr } = await stage.run([...verb, ...args]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^E_USAGE: .*2020-01-01 .*has gone by/m),
    ]);
  }
  expect((await stage.run(['status'])).stdout).toMatch(/^no batches/);
  expect((await stage.run(['submit', 'people.csv'])).code).toBe(0);
  const again = await stage.run(['submit', ...args]);
  expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('submitted before')]);
});

test('every time on the screen has its zone', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const ran = await stage.run([
    'run',
    'people.csv',
    '--hold-invite',
    '--invite-at',
    '2031-12-01T08:00Z',
  ]);
  const batch = /batch (b\w+)/.exec(ran.stdout)?.[1] ?? '';
  const shown = [ran];
  for (const args of [
    ['status'],
    ['status', batch],
    ['log'],
    ['find', 'p0@example.com'],
    ['check'],
  ]) {
    shown.push(await stage.run(args));
  }
  await stage.run(['cancel', batch, '--no-invite', '--yes']);
  await stage.run(['purge', batch, '--people', '--yes']);
  shown.push(await stage.run(['status', batch]), await stage.run(['retry', batch]));
  const text = shown.map(({ stdout, stderr }) => stdout + stderr).join('');
  const times = text.match(/(?:\d{4}-\d\d-\d\d[T ])\d\d:\d\d\S*/g) ?? [];
  expect(times.length).toBeGreaterThan(5);
  const zoned = /^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)\W*$/;
  expect(times.filter((time) => !zoned.test(time))).toEqual([]);
});
