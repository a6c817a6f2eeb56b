import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

const LIST = `${peopleCsv(2)}broken,Ana,Lee\nworse,Ana,Lee\np9@example.com,,\n`;

const rejected = (batch: string) =>
  new RegExp(
    [
      'rejected:',
      '  2 email-shape, as people\\.csv line 4: email: The e-mail must be .*',
      '  1 [a-z-]+, as people\\.csv line 6: .*',
      `  to correct them in a file: onboard report ${batch} --rejected`,
      '',
    ].join('\n'),
  );

async function withList(sandbox = {}): Promise<Stage> {
  const stage = await openStage({ sandbox, env: { ONBOARD_ATTEMPTS: '1' } });
  stage.write('people.csv', LIST);
  return stage;
}

test('submit says why rows were rejected, and status says it again', async () => {
  const stage = await withList();
  const submitted = await stage.run(['submit', 'people.csv']);
  const batch = submitted.stdout.trim();
  expect(submitted.stdout).toBe(`${batch}\n`);
  expect(submitted.stderr).toMatch(rejected(batch));
  expect((await stage.run(['status', batch])).stdout).toMatch(rejected(batch));
  const { rejections } = JSON.parse((await stage.run(['status', batch, '--json'])).stdout);
  expect(rejections).toMatchObject([
    { code: 'email-shape', count: 2, example: { file: 'people.csv', line: 4 } },
    { count: 1, example: { line: 6 } },
  ]);
  const list = await stage.run(['report', batch, '--rejected']);
  expect(list.stdout.trim().split('\n')).toHaveLength(4);
});

test('the end of run says why people failed and rows were rejected, as status does', async () => {
  const stage = await withList({ faults: { create: { race403: 1 } } });
  const ran = await stage.run(['run', 'people.csv']);
  expect(ran.code).toBe(3);
  const batch = /batch (b\w+)/.exec(ran.stdout)?.[1] ?? '';
  expect(ran.stdout).toMatch(rejected(batch));
  const failed = /failed:\n {2}2 user-already-exists, as people\.csv line 2, p0@example\.com: .*\n/;
  expect(ran.stdout).toMatch(failed);
  expect(ran.stdout).toContain(`onboard retry ${batch}\n`);
  expect((await stage.run(['status', batch])).stdout).toContain(
    ran.stdout.slice(ran.stdout.indexOf('rejected:')),
  );
});

test('the plan names everything that was asked for', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(20));
  const args = ['submit', 'people.csv', '--dry-run', '--hold-invite', '--limit', '7'];
  args.push('--min-created', '80', '--invite-size', '5', '--max-failures', '30');
  args.push('--invite-at', '2031-12-01T08:00Z', '--notify', 'https://ops.example.com/secret');
  const { code, stdout } = await stage.run(args);
  expect(code).toBe(0);
  for (const words of [/first 7 people/, /held back for onboard invite/, /80 %/, /30 %/]) {
    expect(stdout).toMatch(words);
  }
  expect(stdout).toMatch(/at most 5 people[\s\S]*notified \(--notify\)/);
  expect(stdout).not.toContain('secret');
  const json = JSON.parse((await stage.run([...args, '--json'])).stdout);
  expect(json.asked).toMatchObject({ limit: 7, inviteHeld: true, isNotified: true });
});
