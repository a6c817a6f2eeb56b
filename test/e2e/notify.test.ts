import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { peopleCsv } from '../support/people.ts';
import { freePort } from '../support/ports.ts';
import { HOOK_PATH, type Receiver, startReceiver } from '../support/receiver.ts';
import { onRelease } from '../support/resources.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = 'the secret of workers and receiver';
const env = { ONBOARD_NOTIFY_SECRET: SECRET, LOG_LEVEL: 'trace' };

async function openNotified(people: number): Promise<{ stage: Stage; receiver: Receiver }> {
  const stage = await openStage({ env, sandbox: { guests: ['guest@example.com'] } });
  stage.write('people.csv', peopleCsv(people));
  return { stage, receiver: await startReceiver() };
}

test('run tells the end of its batch before it ends, and shows the address nowhere', async () => {
  const { stage, receiver } = await openNotified(5);
  const args = ['run', 'people.csv', '--batch', 'told', '--json', '--notify', receiver.url];
  const ran = await stage.run(args);
  expect([ran.code, receiver.told().length]).toEqual([0, 1]);
  const { durationMs, ...report } = JSON.parse(ran.stdout);
  expect(receiver.told()[0]).toMatchObject({ event: 'finished', batchId: 'told', report });
  expect(durationMs).toBeGreaterThan(0);
  const again = await stage.run(args);
  expect(again.stderr).toContain('submitted before');
  const asked = await Promise.all(
    [['status'], ['status', 'told', '--json'], ['report', 'told']].map((verb) => stage.run(verb)),
  );
  const outputs = [ran, again, ...asked].flatMap(({ stdout, stderr }) => [stdout, stderr]);
  expect(outputs.join('')).toContain('notification delivered');
  expect(outputs.filter((text) => text.includes(HOOK_PATH) || text.includes(SECRET))).toEqual([]);
  expect(receiver.received).toHaveLength(1);
  const { redis } = stage;
  const keys = await redis.keys(`${stage.prefix}*`);
  const texts = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  expect(texts.filter((text) => text?.includes(SECRET))).toEqual([]);
});

test('run says that its notification is not delivered, and a worker delivers it later', async () => {
  const { stage, receiver } = await openNotified(2);
  receiver.reply = { status: 503 };
  const ran = await stage.run(['run', 'people.csv'], {
    env: { ONBOARD_NOTIFY_URL: receiver.url },
  });
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain('the notification is not delivered yet (http-503)');
  receiver.reply = { status: 200 };
  const worker = await stage.worker();
  await waitFor(() => worker.stderr.includes('notification delivered'));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(1);
  const refused = await startReceiver({ status: 410 });
  stage.write('others.csv', peopleCsv(1, 100));
  const other = await stage.run(['run', 'others.csv', '--notify', refused.url]);
  expect([other.code, other.stderr]).toEqual([
    0,
    expect.stringContaining('the notification was refused (http-410): check --notify'),
  ]);
});

test('a held run sends its notification before it ends; a pause and a cancel do too', async () => {
  const { stage, receiver } = await openNotified(30);
  stage.sandbox.setFaults({ limits: { userSeats: 1 } });
  const args = ['--batch', 'stopped', '--notify', receiver.url];
  expect((await stage.run(['run', 'people.csv', ...args])).code).toBe(4);
  expect(receiver.told()).toMatchObject([{ event: 'held', hold: { code: 'quota-exceeded' } }]);
  const worker = await stage.worker();
  expect((await stage.run(['cancel', 'stopped', '--yes'])).code).toBe(0);
  expect((await stage.run(['resume'])).code).toBe(0);
  await waitFor(() => receiver.received.length === 2);
  expect(receiver.told()[1]).toMatchObject({ event: 'cancelled', report: { state: 'cancelled' } });
  stage.write('others.csv', peopleCsv(1, 100));
  expect((await stage.run(['pause'])).code).toBe(0);
  await stage.run(['submit', 'others.csv', '--notify', receiver.url]);
  // The worker's keeper sends the notification.
  await waitFor(() => receiver.received.length === 3);
  expect(receiver.told()[2]).toMatchObject({ event: 'held', hold: { code: 'paused' } });
  worker.send('SIGTERM');
  expect((await worker.ended).code).toBe(0);
});

test('a worker is killed while it waits for the receiver, and another one tells the same', async () => {
  const { stage, receiver } = await openNotified(3);
  receiver.reply = 'never';
  const victim = await stage.process.worker();
  await stage.run(['submit', 'people.csv', '--batch', 'cut', '--notify', receiver.url]);
  await waitFor(() => receiver.received.length === 1);
  victim.send('SIGKILL');
  await victim.ended;
  receiver.reply = { status: 200 };
  const survivor = await stage.worker();
  await waitFor(() => survivor.stderr.includes('notification delivered'));
  const [first, ...others] = receiver.received;
  const told = ({ headers, body }: (typeof receiver.received)[number]) =>
    [headers['webhook-id'], body].join();
  expect(others.length).toBeGreaterThan(0);
  expect(new Set(others.map(told))).toEqual(new Set(first === undefined ? [] : [told(first)]));
});

test('an address that may not be is refused before anything is read, and not repeated', async () => {
  const { stage } = await openNotified(1);
  const ran = await stage.run(['run', 'people.csv', '--notify', 'http://example.com/x0SECRET']);
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('ONBOARD_NOTIFY_URL must')]);
  expect(ran.stderr).not.toContain('x0SECRET');
});

const python = spawnSync('python3', ['--version']).status === 0 ? ['python'] : [];

test.each(['js', ...python])(
  'the receiver of the documentation (%s) checks the signature',
  async (language) => {
    const { stage } = await openNotified(2);
    const port = await freePort();
    const receiver = await startExample(stage, language, port);
    const url = `http://127.0.0.1:${port}/hook`;
    const ran = await stage.run(['run', 'people.csv', '--batch', 'signed', '--notify', url]);
    expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('notification delivered')]);
    await waitFor(() =>
      receiver.stdout().includes('Batch signed is finished. 2 people: 2 created'),
    );
    await refusesReplays(url);
    stage.write('others.csv', peopleCsv(1, 100));
    const forged = { env: { ONBOARD_NOTIFY_SECRET: 'another secret than the other' } };
    const other = await stage.run(['run', 'others.csv', '--notify', url], forged);
    expect(other.stderr).toContain('the notification was refused (http-401)');
    expect(receiver.stdout().trim().split('\n')).toHaveLength(2);
  },
);

/** A captured request is accepted as it was, and under no other id or time. */
async function refusesReplays(url: string): Promise<void> {
  const body = JSON.stringify({ text: 'Batch signed is finished. 2 people: 2 created' });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const hmac = createHmac('sha256', SECRET).update(`captured.${timestamp}.${body}`);
  const headers = {
    'webhook-id': 'captured',
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${hmac.digest('base64')}`,
  };
  const changes = [{}, { 'webhook-id': 'other' }, { 'webhook-timestamp': `${timestamp}1` }];
  const answers = await Promise.all(
    changes.map((change) =>
      fetch(url, { method: 'POST', body, headers: { ...headers, ...change } }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual([204, 401, 401]);
}

/** Runs a code block of docs/notifications.md unchanged. */
async function startExample(stage: Stage, language: string, port: number) {
  const text = readFileSync(resolve('docs/notifications.md'), 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(text) ?? [];
  const name = stage.write(language === 'js' ? 'receiver.mjs' : 'receiver.py', code);
  const program = language === 'js' ? process.execPath : 'python3';
  const child = spawn(program, [join(stage.dir, name)], {
    env: { PATH: process.env.PATH, PORT: String(port), ONBOARD_NOTIFY_SECRET: SECRET },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onRelease(() => ended(child));
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece;
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = () =>
    fetch(url, { method: 'POST', body: '{}' }).then(({ status }) => status === 401);
  await waitFor(() => isUp().catch(() => false), { what: 'the receiver' });
  return { stdout: () => stdout };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
