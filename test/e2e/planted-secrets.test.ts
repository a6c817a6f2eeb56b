import { expect, test } from 'vitest';
import { dump } from '../support/dump.ts';
import { peopleCsv } from '../support/people.ts';
import { HOOK_PATH, startReceiver } from '../support/receiver.ts';
import { ownRedis } from '../support/redis-server.ts';
import { clientOf } from '../support/space.ts';
import { openStage, TEST_KEY } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Characters that JSON and URLs escape: a search for the text alone would miss them. */
const ODD = '"q\\u0';
const REDIS_PASSWORD = `redis${ODD}redis`;
const NOTIFY_SECRET = `signature${ODD}signature`;
const DASHBOARD_PASSWORD = `dashboard${ODD}dashboard`;
const CONSOLE_PROXY_SECRET = `console${ODD}console`;

/** Every spelling of the planted secrets that an output could have. */
const SECRETS = [REDIS_PASSWORD, NOTIFY_SECRET, DASHBOARD_PASSWORD, CONSOLE_PROXY_SECRET];
const SPELLINGS = SECRETS.flatMap((secret) => {
  const once = JSON.stringify(secret).slice(1, -1);
  return [secret, once, JSON.stringify(once).slice(1, -1), encodeURIComponent(secret)];
});
const PLANTED = [TEST_KEY.slice(3), HOOK_PATH, ...SPELLINGS];

function leaks(texts: Readonly<Record<string, string>>): string[] {
  return Object.entries(texts).flatMap(([name, text]) =>
    PLANTED.filter((secret) => text.includes(secret)).map((secret) => `${name}: ${secret}`),
  );
}

test('a reader of Redis, logs, pages and outputs finds no secret of any option or variable', async () => {
  const receiver = await startReceiver();
  const own = await ownRedis();
  await clientOf(own.url).config('SET', 'requirepass', REDIS_PASSWORD);
  const redis = own.url.replace('//', `//:${encodeURIComponent(REDIS_PASSWORD)}@`);
  const env = {
    LOG_LEVEL: 'trace',
    ONBOARD_NOTIFY_SECRET: NOTIFY_SECRET,
    DASHBOARD_USER: 'ana',
    DASHBOARD_PASSWORD,
    CONSOLE_AUTH: 'proxy',
    CONSOLE_PROXY_USER_HEADER: 'x-user',
    CONSOLE_PROXY_ADDRESSES: '127.0.0.1',
    CONSOLE_PROXY_SECRET,
    CONSOLE_ROLES: '*=admin',
  };
  const stage = await openStage({ redis, env });
  stage.write('people.csv', peopleCsv(3));
  const lines = [
    ['check', 'people.csv'],
    ['run', 'people.csv', '--batch', 'one', '--culture', 'de', '--notify', receiver.url],
    ['submit', 'people.csv', '--batch', 'two', '--notify', receiver.url],
    ...[['pause'], ['status'], ['status', 'one', '--json'], ['resume'], ['report', 'one']],
    ...[
      ['log', '--json'],
      ['find', 'p1@example.com'],
      ['cancel', 'two', '--yes'],
    ],
  ];
  const outputs: Record<string, string> = {};
  for (const line of lines) {
    const { code, stdout, stderr } = await stage.run(line);
    expect([line, code, stderr]).toEqual([line, 0, expect.any(String)]);
    outputs[line.join(' ')] = stdout + stderr;
  }
  const board = stage.process.start(['dashboard', '--port', '0']);
  const pages = stage.process.start(['console', '--port', '0']);
  const worker = stage.process.start(['worker']);
  await waitFor(() => receiver.received.length >= 2);
  const [, url = ''] = await waitFor(() => /dashboard: (\S+)/.exec(board.stdout));
  outputs.pages = await pagesOf(url);
  const [, at = ''] = await waitFor(() => /console: (\S+)/.exec(pages.stdout));
  outputs.console = await consolePagesOf(at);
  for (const running of [worker, board, pages]) running.send('SIGTERM');
  const ended = await Promise.all([worker.ended, board.ended, pages.ended]);
  outputs.services = ended.map(({ stdout, stderr }) => stdout + stderr).join('');
  for (const batch of ['one', 'two']) {
    expect((await stage.run(['purge', batch, '--yes'])).code).toBe(0);
  }
  outputs.log = (await stage.run(['log'])).stdout;
  outputs.redis = await dump(stage, /./);

  // Without data to find, the search would pass in any case.
  expect(outputs.redis).toContain('submit');
  expect(outputs.services).toContain('notification delivered');
  expect(outputs.pages).toContain('create-user');
  expect(outputs.console).toContain('ana</bdi> · admin');
  expect(leaks(outputs)).toEqual([]);
});

async function pagesOf(url: string): Promise<string> {
  const authorization = `Basic ${Buffer.from(`ana:${DASHBOARD_PASSWORD}`).toString('base64')}`;
  const queues = ['create-user', 'invite', 'seal', 'notify'];
  const paths = queues.map((queue) => `/api/queues?activeQueue=${queue}&status=latest`);
  const answers = await Promise.all(
    ['/', '/healthz', ...paths].map((path) => fetch(url + path, { headers: { authorization } })),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
}

/** Pages of the console, with the secret of the proxy and with a wrong one. */
async function consolePagesOf(url: string): Promise<string> {
  const texts = await Promise.all(
    ['/', '/batches', '/batches/one', '/activity', '/queues', '/system', '/nowhere'].flatMap(
      (path) =>
        [CONSOLE_PROXY_SECRET, 'wrong'].map(async (secret) => {
          const headers = { 'x-user': 'ana', 'x-onboard-proxy-secret': secret };
          return (await fetch(url + path, { headers })).text();
        }),
    ),
  );
  return texts.join('\n');
}
