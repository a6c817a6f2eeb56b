import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serverState } from '../../src/redis/private/probe-server.ts';
import { timings } from '../../src/timings.ts';
import { dump } from '../support/dump.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage, type Stage, TEST_KEY } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { startStricterPortal } from './stricter-portal.ts';

const PEOPLE = 30;
const EMAIL = /[^\s"]*@example\.com/;

test('the key is nowhere but in its request, and no job, page or log line holds an e-mail', async () => {
  const stage = await openStage({ env: { LOG_LEVEL: 'trace' } });
  const env = { DOCSPACE_URL: await startStricterPortal(stage.sandbox, 'p3@example.com') };
  stage.write('people.csv', peopleCsv(PEOPLE));
  const submitted = await stage.run(['submit', 'people.csv', '--batch', 'secret'], { env });
  const queued = await stored(stage);
  const board = stage.process.start(['dashboard', '--port', '0']);
  const worker = stage.process.start(['worker'], { env });
  await waitFor(() => worker.stderr.includes('batch finished'));
  const [report, html] = await Promise.all([
    stage.run(['report', 'secret', '--format', 'csv']),
    pagesOf(await addressOf(() => board.stdout)),
  ]);
  const worked = await stored(stage);
  worker.send('SIGTERM');
  board.send('SIGTERM');
  const ended = await Promise.all([worker.ended, board.ended]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);

  // Without data to find, the check below would pass in any case.
  const found: [string, string][] = [
    [queued.jobs, 'secret.1.29'],
    [worked.jobs, 'failedReason'],
    [worked.all, 'p3@example.com'],
    [report.stdout, 'p3@example.com'],
    [html, 'secret.1.3'],
    [worker.stderr, 'portal request'],
  ];
  expect(found.map(([text, part]) => text.includes(part))).toEqual(found.map(() => true));

  const outputs = [submitted, report, ...ended].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  const texts = [queued.all, worked.all, html, ...outputs];
  expect(texts.filter((text) => text.includes(TEST_KEY.slice(3)))).toEqual([]);
  expect([queued.jobs, worked.jobs, html].flatMap((text) => EMAIL.exec(text)?.[0] ?? [])).toEqual(
    [],
  );
  const logged = ended.flatMap(({ stderr }) => stderr.split('\n')).filter(isInfoOrAbove);
  expect(logged.length).toBeGreaterThan(1);
  expect(logged.filter((line) => /[^*]@example\.com/.test(line))).toEqual([]);
});

/** Loaded before the program: on SIGUSR2 the process writes a report and fails as a bug would. */
const CRASH = `const key = process.env.DOCSPACE_API_KEY;
process.on('SIGUSR2', () => {
  process.report.writeReport();
  const command = { name: 'hset', args: ['row', '{"email":"p3@example.com"}'] };
  throw Object.assign(new Error('broken at p3@example.com with ' + key), { command });
});`;

test('a crash leaves one line, and its report and the files of Redis have no key', async () => {
  const stage = await openStage({ redis: 'private', sandbox: { latencyMs: 60 } });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const code = encodeURIComponent(CRASH);
  const env = {
    NODE_OPTIONS: `--import "data:text/javascript,${code}"`,
    LOG_LEVEL: 'trace',
    ONBOARD_CONCURRENCY: '1',
  };
  const running = stage.process.start(['run', 'people.csv'], { env });
  await untilCreated(stage.sandbox, 3);
  running.send('SIGUSR2');
  const ended = await running.ended;
  expect(ended.code).toBe(1);
  expect(
    ended.stderr
      .split('\n')
      .filter((line) => !line.startsWith('{'))
      .join('\n'),
  ).toMatch(
    /^E_INTERNAL: broken at p\*+@example\.com with \[key\] \(set LOG_LEVEL=debug for more\)$/m,
  );
  expect(ended.stderr).not.toMatch(/\n {4}at |"row"/);
  const socketPath = join(stage.dir, '.onboard', 'redis.sock');
  await waitFor(async () => (await serverState(socketPath, timings)) === 'absent', {
    what: 'redis to stop',
  });
  const left = await filesUnder(stage.dir);
  const names = left.map(({ name }) => name).join(' ');
  expect(names).toMatch(/report\.\d+[^ ]*\.json/);
  expect(names).toMatch(/appendonly\S*\.aof/);
  expect(left.some(({ text }) => text.includes('"ONBOARD_PREFIX"'))).toBe(true);
  expect(left.some(({ text }) => text.includes('p3@example.com'))).toBe(true);
  const told = [...left.map(({ text }) => text), ended.stdout, ended.stderr];
  expect(told.filter((text) => text.includes(TEST_KEY.slice(3)))).toEqual([]);
});

/** The bytes of every file in a folder. */
async function filesUnder(dir: string): Promise<{ name: string; text: string }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => ({
      name,
      text: await readFile(join(parentPath, name), 'latin1'),
    })),
  );
}

function isInfoOrAbove(line: string): boolean {
  return line.startsWith('{') && JSON.parse(line).level >= 30;
}

async function addressOf(output: () => string): Promise<string> {
  const [, url = ''] = await waitFor(() => /dashboard: (\S+)/.exec(output()));
  return url;
}

/** Health, and the board's data of every queue, with its failed job and the batch's flow. */
async function pagesOf(url: string): Promise<string> {
  const lists = ['create-user', 'invite', 'seal', 'notify'].flatMap((queue) =>
    ['latest', 'failed', 'completed'].map(
      (state) => `/api/queues?activeQueue=${queue}&status=${state}&page=1&jobsPerPage=50`,
    ),
  );
  const jobs = ['create-user/secret.1.3', 'create-user/secret.1.3/logs', 'invite/secret.1'];
  const paths = ['/', '/healthz', '/readyz', ...lists, ...jobs.map((job) => `/api/queues/${job}`)];
  const answers = await Promise.all(paths.map((path) => fetch(url + path)));
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200));
  return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
}

/** The stage's data in Redis as text, and separately the part of the queues. */
async function stored(stage: Stage): Promise<{ all: string; jobs: string }> {
  const jobs = await dump(stage, /^\{\w+\}:(?:create-user|invite|seal|notify):/);
  return { all: await dump(stage, /./), jobs };
}
