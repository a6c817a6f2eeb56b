import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8'));

test('onboard --version prints the version of the package', async () => {
  const stage = await openStage();
  expect(await stage.run(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
});

test.each([
  [['run'], 'onboard run --help'],
  [['report', 'b1', '--format', 'xml'], 'onboard report --help'],
  [['purge'], 'onboard purge --help'],
  [['retry', 'b1', '--email', '-'], 'onboard retry --help'],
  [['nonsense'], 'onboard --help'],
])('a usage error of %j points to %s', async (args, help) => {
  const stage = await openStage();
  const { code, stderr } = await stage.run(args);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/^E_USAGE: /)]);
  expect(stderr).toContain(help);
});

test('report --json is the report with --format json', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  const json = await stage.run(['report', batch, '--json']);
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([0, [{ state: 'pending' }, {}]]);
  expect(json.stdout).toBe((await stage.run(['report', batch, '--format', 'json'])).stdout);
  expect((await stage.run(['report', batch, '--json', '--format', 'csv'])).code).toBe(2);
});

test('flags that take several values take them with commas, too', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(2));
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  const report = await stage.run([
    'report',
    batch,
    '--json',
    '--state',
    'created,pending',
    'later',
  ]);
  expect(JSON.parse(report.stdout)).toHaveLength(2);
  const wrong = await stage.run(['report', batch, '--state', 'created,gone']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('gone')]);
  await stage.run(['cancel', batch, '--yes']);
  const retried = await stage.run(['retry', batch, '--email', 'p0@example.com, p1@example.com']);
  expect(retried.stdout).toContain('retrying 2 people');
  const reasons = await stage.run(['retry', batch, '--reason', 'timeout,server-error']);
  expect(reasons.stderr).not.toContain('no such reason');
});

test.each([
  [['status'], 0],
  [['log'], 0],
  [['status', 'b000000000000'], 1],
  [['report', 'b000000000000'], 1],
  [['log', 'b000000000000'], 1],
  [['watch', 'b000000000000'], 1],
  [['find', 'p0@example.com'], 1],
  [['completion', 'batches'], 0],
  [['cancel', 'b000000000000', '--yes'], 1],
  [['purge', 'b000000000000', '--yes'], 1],
])('%j without REDIS_URL makes no folder and names the one it looked in', async (args, code) => {
  const stage = await openStage({ redis: 'private' });
  const ended = await stage.run(args);
  expect([ended.code, existsSync(join(stage.dir, '.onboard'))]).toEqual([code, false]);
  if (args[0] === 'completion') return;
  expect(ended.stdout + ended.stderr).toContain(`looked in ${join(stage.dir, '.onboard')}`);
  expect(ended.stdout + ended.stderr).toContain('REDIS_URL');
});

test('an unknown batch of a private Redis names the folder', async () => {
  const stage = await openStage({ redis: 'private' });
  stage.write('people.csv', peopleCsv(1));
  await stage.run(['run', 'people.csv']);
  const { code, stderr } = await stage.run(['status', 'nothing-like-it']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`looked in ${join(stage.dir, '.onboard')}`),
  ]);
});

test('commands with prose log nothing unless LOG_LEVEL asks for it', async () => {
  // Long enough that two people are under way at a time, also on a busy machine.
  const latencyMs = 50;
  const limits = { requestsPerMinute: 0, writesPerDay: 0, concurrentWrites: 1 };
  const sandbox = { latencyMs, limits };
  const stage = await openStage({ sandbox });
  stage.write('people.csv', peopleCsv(3));
  stage.write('more.csv', peopleCsv(3, 20));
  const quiet = await stage.run(['run', 'people.csv']);
  expect(quiet.code).toBe(0);
  expect(quiet.stderr).not.toMatch(/^\{/m);
  // The limit is known by now, and would not be met again.
  await stage.redis.del(stage.ledger.keys.writers);
  const asked = await stage.run(['run', 'more.csv'], { env: { LOG_LEVEL: 'warn' } });
  expect(asked.stderr).toMatch(/^\{"level":40,.*limited by the portal/m);
});
