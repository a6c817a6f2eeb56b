import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { chaosArguments } from '../../scripts/chaos/arguments.ts';

test.each([
  ['--seed', 'text'],
  ['--seed', '1.5'],
  ['--seed', ''],
  ['--rounds', '0'],
  ['--rounds', 'NaN'],
  ['--people', '-5'],
  ['--jobs', 'two'],
  ['--first', '0'],
])('chaos refuses %s %j before any round', (flag, value) => {
  expect(() => chaosArguments([`${flag}=${value}`])).toThrow(new RegExp(`^${flag}: `));
});

test('chaos refuses flags that it does not have, and takes its own', () => {
  expect(() => chaosArguments(['--sed', '1'])).toThrow('--sed');
  expect(() => chaosArguments(['7'])).toThrow('7');
  const given = ['--seed', '0', '--rounds', '3', '--people', '20', '--jobs', '1', '--keep'];
  expect(chaosArguments(given)).toEqual({
    seed: 0,
    rounds: 3,
    first: 1,
    people: 20,
    jobs: 1,
    keep: true,
  });
});

test.each([
  [['scripts/fuzz.sh', '--seed', 'text'], '--seed'],
  [['scripts/fuzz.sh', '--runs', '-1'], '--runs'],
  [['scripts/fuzz.sh', '--runs'], '--runs'],
  [['scripts/setup.sh', '--help'], '--help'],
  [['scripts/test.sh', 'worker'], 'worker'],
  [['scripts/audit.sh', '--all'], '--all'],
  [['scripts/chromium.sh', 'firefox'], 'firefox'],
  [['scripts/demo.sh', 'people.csv'], 'people.csv'],
  [['scripts/demo-console.sh', '--port'], '--port'],
  [['scripts/behind-nginx.sh', 'apache'], 'apache'],
])('%j is refused and does nothing', ([script = '', ...args], named) => {
  const { PATH = '' } = process.env;
  const env = { PATH };
  const { status, stdout, stderr } = spawnSync('bash', [script, ...args], {
    env,
    encoding: 'utf8',
    timeout: 5000,
  });
  expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(named)]);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
