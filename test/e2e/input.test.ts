import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

test('standard input in another format and delimiter is one batch with files, under its own name', async () => {
  const stage = await openStage();
  stage.write('guests.txt', 'mail;shoe size;First Name;surname\nA@Example.com;;Ana;Lee\n');
  const stdin = 'e-mail;given name;last name\nb@example.com;Bo;Lee\na@example.com;Ana;Lee\n';
  const flags = ['--format', 'csv', '--delimiter', ';', '--batch', 'spring-2026', '--json'];
  const ended = await stage.run(['run', 'guests.txt', '-', ...flags], { stdin });
  expect(ended.code).toBe(0);
  expect(ended.stderr).toContain('columns not used: shoe size');
  const counts = { batchId: 'spring-2026', total: 3, created: 2, duplicates: 1 };
  expect(JSON.parse(ended.stdout)).toMatchObject(counts);
  const rows = await stage.run(['report', 'spring-2026', '--format', 'json']);
  expect(JSON.parse(rows.stdout)).toMatchObject([
    { file: 'guests.txt', line: 2, email: 'A@Example.com', state: 'created' },
    { file: '<stdin>', line: 2, email: 'b@example.com', state: 'created' },
    { line: 3, state: 'duplicate', reason: 'The same e-mail as guests.txt line 2.' },
  ]);
  const changed = 'mail;first_name;last_name\nc@x.org;C;Lee\n';
  const conflict = await stage.run(['submit', '-', ...flags], { stdin: changed });
  expect(conflict.code).toBe(1);
  expect(conflict.stderr).toContain(
    'E_BATCH_CONFLICT: batch spring-2026 has other files or options',
  );
});

test('NDJSON on standard input is read with --format ndjson', async () => {
  const stage = await openStage();
  const stdin = '{"email":"a@example.com","firstName":"Ana","lastName":"Lee"}\n{"email":"b"}\n';
  const ended = await stage.run(['submit', '-', '--format', 'ndjson', '--json'], { stdin });
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'processing', pending: 1, rejected: 1 });
});

test('accounts get the type of their row, else that of --type; other options are another batch', async () => {
  const stage = await openStage();
  const head = 'email,first_name,last_name,type,culture';
  const lines = [head, 'a@example.com,Ana,Lee,,', 'b@example.com,Bo,Lee,User,fr', ''];
  stage.write('people.csv', lines.join('\n'));
  const options = ['--type', 'RoomAdmin', '--allow-types', 'User', '--culture', 'de', '--json'];
  const ended = await stage.run(['run', 'people.csv', ...options]);
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ created: 2, existing: 0 });
  const other = await stage.run(['run', 'people.csv', '--json']);
  expect(JSON.parse(other.stdout).batchId).not.toBe(JSON.parse(ended.stdout).batchId);
  // The accounts are a second old and ours, so rule 2 must not depend on clocks here.
  expect(JSON.parse(other.stdout)).toMatchObject({ created: 0, existing: 2, invited: 0 });
  expect(stage.sandbox.state().acceptedInvites).toHaveLength(1);
  const types = stage.sandbox.state().accounts.map(({ email, type }) => [email, type]);
  expect(Object.fromEntries(types)).toEqual({
    'a@example.com': 'RoomAdmin',
    'b@example.com': 'User',
  });
});

test('a .env file in the working directory is read, and the environment wins over it', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const wrong = 'http://127.0.0.1:9';
  const { DOCSPACE_URL: url = '', DOCSPACE_API_KEY: key = '' } = stage.env;
  stage.write('.env', `# the portal\nDOCSPACE_URL=${wrong}\nDOCSPACE_API_KEY="${key}"\n`);
  const env = { DOCSPACE_URL: url, DOCSPACE_API_KEY: '' };
  const ended = await stage.run(['run', 'people.csv', '--json'], { env });
  expect(ended.code).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ created: 2, invited: 2 });
});

test('a workbook is run by sheet, lines and mapped headers; wrong ones are reported', async () => {
  const stage = await openStage();
  const file = resolve('examples/people.xlsx');
  const flags = ['--sheet', 'Visitors', '--map', 'Adresse=email'];
  const [some, other, absent, lines] = await Promise.all([
    stage.run(['run', file, '--only', '2-3,6', '--allow-types', 'RoomAdmin', '--json']),
    stage.run(['submit', file, ...flags, '--dry-run', '--json']),
    stage.run(['submit', file, '--sheet', 'Nobody']),
    stage.run(['submit', file, '--only', 'x']),
  ]);
  expect([some.code, some.stderr]).toEqual([0, expect.stringContaining('--only: 3 of 5 rows\n')]);
  expect(JSON.parse(some.stdout)).toMatchObject({ total: 3, created: 3, invited: 3 });
  expect(createdOn(stage.sandbox).sort()).toEqual([
    'mary.obrien@example.net',
    'michael.stclair@example.net',
    'zoe.chatelain@example.org',
  ]);
  expect(JSON.parse(other.stdout)).toMatchObject({ accepted: 1, first: [{ name: 'Kevin Le' }] });
  expect([absent.code, lines.code]).toEqual([2, 2]);
  expect(absent.stderr).toMatch(/has no such sheet; it has "Staff", "Visitors" \(/m);
  expect(lines.stderr).toMatch(/^E_USAGE: --only x: give lines as 2-50,60,75- \(/m);
});
