import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listActions } from '../../src/actions/list-actions.ts';
import { openStage } from '../support/stage.ts';

const LIST = `Work Email,first_name,last_name,Type,Office
p0@example.com,Ana,Lee,Full-time,Rome
broken,Ana,Lee,Part-time,Rome
p0@example.com,Ben,Lee,Full-time,Rome
`;

test('a plan for a program has every column, and each row that stays out on a line of its own', async () => {
  const stage = await openStage();
  stage.write('people.csv', LIST);
  const { code, stdout } = await stage.run(['submit', 'people.csv', '--dry-run', '--json']);
  const plan = JSON.parse(stdout);
  expect(code).toBe(0);
  const at = { file: 'people.csv' };
  expect(plan.columns).toEqual([
    { ...at, header: 'Work Email', column: 'email', example: 'p0@example.com' },
    { ...at, header: 'first_name', column: 'firstName', example: 'Ana' },
    { ...at, header: 'last_name', column: 'lastName', example: 'Lee' },
    { ...at, header: 'Type', column: 'type', notUnderstood: 3 },
    { ...at, header: 'Office', column: null },
  ]);
  const [opening, first, second, rest] = stdout.split('\n');
  expect([opening, rest?.startsWith('],')]).toEqual(['{"rows":[', true]);
  expect(JSON.parse(first?.slice(0, -1) ?? '')).toMatchObject({ line: 3, code: 'email-shape' });
  expect(JSON.parse(second ?? '')).toMatchObject({ line: 4, cells: { firstName: 'Ben' } });
});

test('a program learns the headers of a list whose columns are not understood', async () => {
  const stage = await openStage();
  stage.write('people.csv', 'Contact,First,Last,a@example.com\nx,y,z,\n');
  const { code, stdout } = await stage.run(['submit', 'people.csv', '--dry-run', '--json']);
  expect([code, JSON.parse(stdout).error]).toEqual([
    1,
    {
      code: 'E_FILE_COLUMNS',
      message: expect.stringContaining('no column for email'),
      headers: ['Contact', 'First', 'Last'],
    },
  ]);
});

test('a program that submits for somebody names the files without their folder, and itself in the log', async () => {
  const stage = await openStage();
  const folder = join(stage.dir, 'spool');
  mkdirSync(folder);
  writeFileSync(join(folder, '-people.csv'), LIST);
  const flags = ['--folder', folder, '--via', 'console/operator', '--json'];
  const { code, stdout } = await stage.run(['submit', ...flags, '--', '-people.csv']);
  const { batchId } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(await stage.rows(batchId)).toMatchObject(Array(3).fill({ file: '-people.csv' }));
  const [entry] = await listActions(stage.ledger, { batch: batchId, limit: 1 });
  expect(entry).toMatchObject({ action: 'submit', by: { via: 'console', role: 'operator' } });
});

test('with --no-notify nobody is notified of a batch, although an address is set', async () => {
  const stage = await openStage({ env: { ONBOARD_NOTIFY_URL: 'https://ops.example.com/hook' } });
  stage.write('people.csv', LIST);
  const planned = async (...flags: string[]) => {
    const { stdout } = await stage.run(['submit', 'people.csv', '--dry-run', '--json', ...flags]);
    return JSON.parse(stdout).asked.isNotified;
  };
  expect([await planned(), await planned('--no-notify')]).toEqual([true, false]);
});
