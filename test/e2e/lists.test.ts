import { expect, test } from 'vitest';
import { dump } from '../support/dump.ts';
import { guessable } from '../support/encoded.ts';
import { openStage } from '../support/stage.ts';

const hr = `Employee ID,First Name,Last Name,Work Email,Department,Employee Type,Language,Notes
101,An\u200ba,Lima,ana@example.org,Sales,Full-time,English,"likes tea
and cake"
102,Bo,Berg,bo@example.org,IT,Part-time,German,
`;

test('an HR export becomes accounts; plan, run and status say what was not read', async () => {
  const stage = await openStage();
  stage.write('hr.csv', hr);
  const warning =
    /warning: hr\.csv: the column "Language" is not read as culture, because none of its 2 values is a culture such as en-US; .*--map "Language=culture".*--ignore "Language"/;
  const plan = await stage.run(['run', 'hr.csv', '--dry-run']);
  expect(plan.stderr).toMatch(warning);
  expect(plan.stdout).toContain(
    'changed while reading: 1 row, as hr.csv line 2: firstName: invisible characters were removed (U+200B); comment: line breaks or tabs became spaces',
  );
  const asJson = await stage.run(['run', 'hr.csv', '--dry-run', '--json']);
  expect(JSON.parse(asJson.stdout)).toMatchObject({
    accepted: 2,
    changed: { count: 1, example: { file: 'hr.csv', line: 2 } },
    remarks: [{ code: 'column-not-understood' }, { code: 'groups-unknown' }],
  });
  const run = await stage.run(['run', 'hr.csv', '--batch', 'hr']);
  expect([run.code, run.stderr]).toEqual([0, expect.stringMatching(warning)]);
  expect(run.stderr).toContain('columns not used: Employee ID, Employee Type');
  const status = await stage.run(['status', 'hr']);
  expect(status.stdout).toMatch(warning);
  expect(status.stdout.match(/^warning: /gm)).toHaveLength(2);
  expect(status.stdout).toContain('no group of the portal has the name "Sales" (1 row)');
  const { remarks } = JSON.parse((await stage.run(['status', 'hr', '--json'])).stdout);
  expect(remarks).toHaveLength(2);
  const report = await stage.run(['report', 'hr', '--format', 'json']);
  expect(JSON.parse(report.stdout)).toMatchObject([
    {
      name: 'Ana Lima',
      state: 'created',
      groups: 'Sales',
      reason:
        'firstName: invisible characters were removed (U+200B); comment: line breaks or tabs became spaces; The portal has no group "Sales": the account is not in it.',
    },
    { name: 'Bo Berg', reason: 'The portal has no group "IT": the account is not in it.' },
  ]);
});

test('remarks with the name of a file and names of groups do not outlive purge --people', async () => {
  const stage = await openStage();
  stage.write('ana-geheim.csv', hr);
  const groups = ['--groups', 'create', '--group', 'geheimbund'];
  expect((await stage.run(['run', 'ana-geheim.csv', '--batch', 'one', ...groups])).code).toBe(0);
  expect(await dump(stage, /:one/)).toMatch(/geheimbund.*Sales|Sales.*geheimbund/s);
  expect(await dump(stage, /:one/)).toContain('column-not-understood');
  expect((await stage.run(['purge', 'one', '--people', '--yes'])).code).toBe(0);
  expect(await dump(stage, /./)).not.toMatch(/geheim|Sales|column-not-understood|U\+200B/);
  expect((await stage.run(['status', 'one'])).code).toBe(0);
});

test('a word in another encoding is shown on the terminal, and a flag reads the list', async () => {
  const stage = await openStage();
  stage.write('people.csv', guessable.german.bytes);
  const refused = await stage.run(['run', 'people.csv']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(
    /people\.csv:2:24: the word is "Weiß" with --encoding windows-1252, or ".*" with --encoding /,
  );
  expect(refused.stderr).toMatch(/E_FILE_ENCODING: people\.csv:2:24: .*--encoding windows-1252/);
  const read = await stage.run(['run', 'people.csv', '--encoding', 'windows-1252', '--json']);
  expect(read.code).toBe(0);
  const { batchId } = JSON.parse(read.stdout);
  const { stdout } = await stage.run(['report', batchId, '--format', 'csv']);
  expect(stdout).toMatch(/Max Weiß,.*\r?\n.*Jörg Müller,/);
});
