import { expect, test } from 'vitest';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

const idIn = (text: string) => /p1(?:-[0-9a-f]{8}){4,5}/.exec(text)?.[0] ?? '';

test('submitting again with another gate says what changed, and what stays', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const submit = (...flags: string[]) => stage.run(['submit', 'people.csv', ...flags]);
  await submit('--invite-at', '2031-12-01T08:00Z');
  const later = await submit('--invite-at', '2031-12-02T08:00Z', '--min-created', '50');
  expect(later.stderr).toMatch(/changed: --invite-at is 2031-12-02 .*, was 2031-12-01 /);
  expect(later.stderr).toMatch(/changed: --min-created is 50 %, was not given\n/);
  const same = await submit('--min-created', '50');
  expect(same.stderr).toContain('no option was changed');
  expect(same.stderr).toMatch(/the invite is sent at 2031-12-02/);
  expect((await submit()).stderr).not.toContain('changed');
});

test('submitting a list again that is over, or whose invite is released, says that no gate was changed', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  await stage.run(['run', 'people.csv']);
  const over = await stage.run(['run', 'people.csv', '--hold-invite']);
  expect([over.code, over.stderr]).toEqual([
    0,
    expect.stringMatching(/not changed: --hold-invite, because the batch is finished/),
  ]);
  stage.write('more.csv', peopleCsv(2, 10));
  const batch = (await stage.run(['submit', 'more.csv'])).stdout.trim();
  await stage.run(['invite', batch]);
  const released = await stage.run(['submit', 'more.csv', '--hold-invite']);
  expect(released.stderr).toMatch(/not changed: --hold-invite, because the invite was released/);
});

test('a dry run of a batch that is over says that nothing would be sent', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  await stage.run(['run', 'people.csv']);
  const { code, stdout } = await stage.run(['run', 'people.csv', '--dry-run']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/ {2}batch b\w+: finished: nothing would be sent/);
  expect(stdout).not.toMatch(/creations|to submit exactly this/);
  const json = JSON.parse((await stage.run(['run', 'people.csv', '--dry-run', '--json'])).stdout);
  expect(json.estimate).toMatchObject({ creations: 0, lookups: 0, invites: 0 });
});

test('a plan that moved names the one cause', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(3));
  const planned = idIn((await stage.run(['run', 'people.csv', '--dry-run', '--lookup'])).stdout);
  const moved = (...flags: string[]) =>
    stage.run(['submit', 'people.csv', '--plan', planned, ...flags]);
  const causeOf = ({ stderr }: { stderr: string }) => /since the plan, (.*); run/.exec(stderr)?.[1];
  expect(causeOf(await moved('--type', 'RoomAdmin'))).toBe('the options have changed');
  stage.write('people.csv', peopleCsv(4));
  expect(causeOf(await moved())).toBe('the files have changed');
  stage.write('people.csv', `${peopleCsv(2)}p2@example.com,Eve,Lee\n`);
  expect(causeOf(await moved())).toBe('the files have changed');
  stage.write('people.csv', peopleCsv(3));
  await stage.run(['run', 'people.csv']);
  expect(causeOf(await moved())).toBe('this list was submitted, and its people have an account');
});

test('--dry-run --plan compares, and submits nothing', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(3));
  const dryRun = (...flags: string[]) => stage.run(['run', 'people.csv', '--dry-run', ...flags]);
  const plain = idIn((await dryRun()).stdout);
  const lookup = idIn((await dryRun('--lookup')).stdout);
  for (const plan of [plain, lookup]) {
    const same = await dryRun('--plan', plan);
    expect([same.code, same.stdout]).toEqual([
      0,
      expect.stringContaining('everything is as planned'),
    ]);
  }
  stage.write('people.csv', peopleCsv(2));
  const other = await dryRun('--plan', plain);
  expect([other.code, other.stderr]).toEqual([
    1,
    expect.stringMatching(/^E_PLAN_MOVED: .*since the plan, the files have changed/m),
  ]);
  expect((await dryRun('--plan', 'p1')).code).toBe(2);
  expect(createdOn(stage.sandbox)).toEqual([]);
});
