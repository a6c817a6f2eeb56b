import { expect, test } from 'vitest';
import { openStage } from '../support/stage.ts';

const NO_SEAT = { adminSeats: 1, requestsPerMinute: 0, writesPerDay: 0 };
const TYPES = ['--allow-types', 'RoomAdmin'];

test('people who got another role than asked are reported, and set-roles gives them theirs', async () => {
  const stage = await openStage({ sandbox: { limits: NO_SEAT } });
  const rows = [
    'r0@example.com,Ana,Lee,RoomAdmin',
    'r1@example.com,Bo,Lee,RoomAdmin',
    'u@example.com,Cy,Lee,User',
  ];
  stage.write('people.csv', `email,first_name,last_name,type\n${rows.join('\n')}\n`);
  const batch = ['--batch', 'staff'];
  const sentence = '2 accounts have another role than asked: onboard report staff --role-differs';
  const run = await stage.run(['run', 'people.csv', ...batch, ...TYPES]);
  expect([run.code, run.stdout]).toEqual([3, expect.stringContaining(sentence)]);
  expect((await stage.run(['status', 'staff'])).stdout).toContain(sentence);
  const report = await stage.run(['report', 'staff', '--role-differs', '--format', 'ndjson']);
  const listed = report.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(listed.map(({ email, code }) => [email, code])).toEqual([
    ['r0@example.com', 'role-differs'],
    ['r1@example.com', 'role-differs'],
  ]);
  const kept = await stage.run(['set-roles', 'staff']);
  expect([kept.code, kept.stdout]).toEqual([3, expect.stringContaining('0 roles set, 2 left')]);
  stage.sandbox.setFaults({ limits: { adminSeats: 9 } });
  const dry = await stage.run(['set-roles', 'staff', '--dry-run']);
  expect(dry.stdout).toContain('people.csv line 2 r***@example.com: User to RoomAdmin');
  const set = await stage.run(['set-roles', 'staff']);
  expect([set.code, set.stdout]).toEqual([0, expect.stringContaining('2 roles set, 0 left')]);
  expect((await stage.run(['watch', 'staff'])).code).toBe(0);
});

test('an address that the invite refuses is counted in the plan, and is no failure', async () => {
  const stage = await openStage();
  stage.write(
    'people.csv',
    'email,first_name,last_name\njosè@example.com,José,Lee\nana@example.com,Ana,Lee\n',
  );
  const plan = await stage.run(['run', 'people.csv', '--dry-run']);
  expect(plan.stdout).toContain('not invitable: 1 person');
  const run = await stage.run(['run', 'people.csv', '--batch', 'staff']);
  const sentence =
    '1 not invitable, with their activation mail: onboard report staff --not-invitable';
  expect([run.code, run.stdout]).toEqual([0, expect.stringContaining(sentence)]);
  const report = await stage.run(['report', 'staff', '--not-invitable']);
  expect(report.stdout).toContain('josè@example.com');
  expect(report.stdout).not.toContain('ana@example.com');
});
