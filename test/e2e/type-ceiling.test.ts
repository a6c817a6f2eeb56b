import { expect, test } from 'vitest';
import { openStage } from '../support/stage.ts';

const list = [
  'email,first_name,last_name,role',
  'a@example.com,Ana,Lee,',
  'b@example.com,Bo,Lee,docspace admin',
  'c@example.com,Cy,Lee,Room admin',
  'd@example.com,Di,Lee,3',
  '',
].join('\n');

test('one cell of a list makes no administrator, and its row names the flag that would', async () => {
  const stage = await openStage();
  stage.write('people.csv', list);
  const ended = await stage.run(['run', 'people.csv', '--json']);
  const { batchId, ...report } = JSON.parse(ended.stdout);
  expect(report).toMatchObject({ created: 1, rejected: 3, types: { User: 1 } });
  const types = stage.sandbox.state().accounts.map(({ type }) => type);
  expect(types).toEqual(['User']);
  const rows = await stage.rows(batchId);
  expect(rows.map(({ code, type }) => [code, type])).toEqual([
    ['', 'User'],
    ['type-over-ceiling', 'docspace admin'],
    ['type-over-ceiling', 'Room admin'],
    ['type-unknown', '3'],
  ]);
  expect(rows[1]?.reason).toContain('--allow-types DocSpaceAdmin');
});

test('types beyond the one of the submission are allowed by name, and every output counts them', async () => {
  const stage = await openStage();
  stage.write('people.csv', list);
  const flags = ['people.csv', '--allow-types', 'RoomAdmin,DocSpaceAdmin', '--batch', 'may'];
  const counts = '1 User, 1 RoomAdmin, 1 DocSpaceAdmin';
  const plan = await stage.run(['run', ...flags, '--dry-run']);
  expect(plan.stdout).toContain(`  accepted: ${counts}\n`);
  const ended = await stage.run(['run', ...flags]);
  expect(ended.stdout).toContain(`  accepted: ${counts}\n`);
  const again = await stage.run(['submit', ...flags]);
  expect(again.stderr).toContain(counts);
  const [one, all, json, log, report] = await Promise.all([
    stage.run(['status', 'may']),
    stage.run(['status']),
    stage.run(['status', '--json']),
    stage.run(['log', 'may']),
    stage.run(['report', 'may', '--format', 'csv']),
  ]);
  expect(one.stdout).toContain(`  accepted: ${counts}\n`);
  expect(all.stdout).toMatch(/STARTED +TYPES\n/);
  expect(all.stdout).toContain(counts);
  const types = { User: 1, RoomAdmin: 1, DocSpaceAdmin: 1 };
  expect(JSON.parse(json.stdout)).toMatchObject([{ types }]);
  expect(log.stdout).toContain('User 1, RoomAdmin 1, DocSpaceAdmin 1');
  expect(report.stdout).toContain('b@example.com,Bo Lee,DocSpaceAdmin,,created');
});

test('another ceiling is another batch, and none of it is more than the type alone', async () => {
  const stage = await openStage();
  stage.write('people.csv', list);
  const idOf = async (...flags: string[]) => {
    const { stdout } = await stage.run(['submit', 'people.csv', '--dry-run', '--json', ...flags]);
    return JSON.parse(stdout).batch.id;
  };
  const [plain, same, one, two, other] = await Promise.all([
    idOf(),
    idOf('--allow-types', 'User'),
    idOf('--allow-types', 'RoomAdmin,All'),
    idOf('--allow-types', 'All,RoomAdmin'),
    idOf('--allow-types', 'All'),
  ]);
  expect([same, two]).toEqual([plain, one]);
  expect(new Set([plain, one, other]).size).toBe(3);
  const wrong = await stage.run(['submit', 'people.csv', '--allow-types', 'Guest']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('RoomAdmin')]);
});
