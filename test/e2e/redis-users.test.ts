import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { read } from '../support/documents.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

const PASSWORD = 'pass-of-a-test';

/** The two users as the documentation has them, so that the documented lines are the tested ones. */
function documented(): { name: string; command: string[] }[] {
  const lines = read('docs/configuration.md').match(/^ACL SETUSER .*$/gm) ?? [];
  return lines.map((line) => {
    const command = line.replace('>PASSWORD', `>${PASSWORD}`).split(' ').slice(1);
    return { name: command[1] ?? '', command };
  });
}

async function usersOf() {
  const server = await ownRedis();
  const admin = new Redis(server.url);
  onRelease(() => admin.disconnect());
  const users = documented();
  for (const { command } of users) await admin.call('ACL', ...command);
  const [full, reader] = users.map(({ name }) =>
    server.url.replace('redis://', `redis://${name}:${PASSWORD}@`),
  );
  if (full === undefined || reader === undefined) throw new Error('two users are documented');
  return { admin, full, reader };
}

/** A stage of these users; every key is under the documented prefix. */
async function openFor(url: string) {
  const env = { ONBOARD_PREFIX: '{onboard}', REDIS_URL: url };
  const stage = await openStage({ redis: url, env });
  stage.write('people.csv', peopleCsv(5));
  return stage;
}

test.each([0, 1])('a documented user (%i) cannot take over the server', async (which) => {
  const { full, reader } = await usersOf();
  const redis = new Redis([full, reader][which] ?? '');
  onRelease(() => redis.disconnect());
  const attacks = [
    'CLIENT KILL TYPE normal',
    'CLIENT PAUSE 60000',
    'CLIENT NO-EVICT on',
    'KEYS *',
    'CONFIG GET requirepass',
    'CONFIG SET dir x',
    'ACL LIST',
    'MONITOR',
    'SHUTDOWN NOSAVE',
    'FLUSHALL',
    'SCRIPT KILL',
    'SCRIPT FLUSH',
    'FUNCTION FLUSH',
    'REPLICAOF NO ONE',
    'GET other',
    'SUBSCRIBE other',
  ];
  for (const line of attacks) {
    const [name = '', ...args] = line.split(' ');
    const answer = await redis.call(name, ...args).catch((error: Error) => error.message);
    expect([line, answer]).toEqual([line, expect.stringMatching(/^NOPERM/)]);
  }
});

test('the user of a reader writes nothing, not even from a script', async () => {
  const { reader } = await usersOf();
  const redis = new Redis(reader);
  onRelease(() => redis.disconnect());
  await expect(redis.set('{onboard}:x', '1')).rejects.toThrow('NOPERM');
  const script = "return redis.call('SET', KEYS[1], '1')";
  await expect(redis.eval(script, 1, '{onboard}:x')).rejects.toThrow(
    /can't run this command|NOPERM/,
  );
});

test('the user of the program is enough for every command', async () => {
  const { full } = await usersOf();
  const stage = await openFor(full);
  const life: [string, number, string][] = [
    ['check', 0, 'ok '],
    ['submit people.csv --batch all --limit 2 --no-check', 0, 'all'],
    ['pause', 0, 'held'],
    ['resume', 0, 'lifted'],
    ['run people.csv --batch all --limit 2', 0, 'onboard continue all'],
    ['status', 0, 'waiting'],
    ['status all', 0, '2 created'],
    ['continue all', 0, '3 people'],
    ['cancel all --yes', 0, 'cancelled 3 people'],
    ['run people.csv --batch all --limit 2', 0, 'cancelled'],
    ['retry all', 0, 'retrying 3 people'],
  ];
  const after: [string, number, string][] = [
    ['invite all', 0, 'nobody is left to invite'],
    ['watch all', 0, 'finished'],
    ['report all', 0, 'p4@example.com'],
    ['find p4@example.com', 0, 'batch all: finished'],
    ['log', 0, 'retry'],
    ['purge all --yes', 0, 'purged all: 5 rows'],
  ];
  const runAll = async (lines: typeof life) => {
    for (const [line, status, words] of lines) {
      const { code, stdout, stderr } = await stage.run(line.split(' '));
      const seen = [line, code, stdout, stderr.match(/NOPERM|queue connection/g)];
      expect(seen).toEqual([line, status, expect.stringContaining(words), null]);
    }
  };
  await runAll(life);
  const worker = await stage.worker();
  const created = () => stage.sandbox.state().accounts.filter(({ origin }) => origin === 'post');
  await waitFor(() => created().length === 5);
  await waitFor(async () => /finished/.test((await stage.run(['status', 'all'])).stdout));
  worker.send('SIGTERM');
  expect([(await worker.ended).code, worker.stderr.match(/NOPERM|can't run/)]).toEqual([0, null]);
  await runAll(after);
});

test('a worker whose user loses a right says so, fails nobody, and continues when it is back', async () => {
  const { admin, full } = await usersOf();
  const stage = await openStage({
    redis: full,
    env: { ONBOARD_PREFIX: '{onboard}', REDIS_URL: full, ONBOARD_ATTEMPTS: '1' },
    sandbox: { latencyMs: 40 },
  });
  stage.write('people.csv', peopleCsv(30));
  await stage.run(['submit', 'people.csv', '--batch', 'all', '--no-check']);
  const worker = await stage.worker({ env: { ONBOARD_CONCURRENCY: '2' } });
  await untilCreated(stage.sandbox, 3);
  await admin.call('ACL', 'SETUSER', 'onboard', '-@write');
  await waitFor(() => /NOPERM|can't run/.test(worker.stderr));
  const [{ command = [] } = {}] = documented();
  await admin.call('ACL', ...command);
  const status = async () => JSON.parse((await stage.run(['status', 'all', '--json'])).stdout);
  await waitFor(async () => (await status()).state === 'finished');
  expect(await status()).toMatchObject({ created: 30, failed: 0 });
  worker.send('SIGTERM');
  await worker.ended;
});

test('the user of a reader is enough to look, and status says that it may not repair', async () => {
  const { admin, full, reader } = await usersOf();
  const stage = await openFor(full);
  await stage.run(['submit', 'people.csv', '--batch', 'all', '--no-check']);
  const writes = async () =>
    /changes_since_last_save:\d+/.exec(await admin.info('persistence'))?.[0];
  const before = await writes();
  const env = { REDIS_URL: reader };
  const lines: [string, string][] = [
    ['status', 'all'],
    ['status all', 'processing'],
    ['report all', 'p4@example.com'],
    ['find p4@example.com', 'batch all'],
    ['log', 'submit'],
  ];
  for (const [line, words] of lines) {
    const { code, stdout, stderr } = await stage.run(line.split(' '), { env });
    expect([line, code, stdout]).toEqual([line, 0, expect.stringContaining(words)]);
    const note = line.startsWith('status')
      ? /^this Redis user may not write: no batch was checked or repaired; a running worker does both every minute\n$/
      : /^$/;
    expect(stderr).toMatch(note);
  }
  expect([before, await writes()]).toEqual([expect.stringMatching(/:[1-9]/), before]);
});

test('the dashboard and its health work with the user of a reader', async () => {
  const { full, reader } = await usersOf();
  const stage = await openFor(full);
  await stage.run(['submit', 'people.csv', '--batch', 'all', '--no-check']);
  const env = { REDIS_URL: reader, DASHBOARD_PORT: '0' };
  const running = stage.start(['dashboard'], { env });
  await waitFor(() => running.stdout.includes('http://'));
  const url = /http:\S+/.exec(running.stdout)?.[0] ?? '';
  const [ready, board] = await Promise.all([
    fetch(new URL('/readyz', url)),
    fetch(new URL('/api/queues', url)),
  ]);
  expect([ready.status, board.status]).toEqual([200, 200]);
  expect(JSON.stringify(await board.json())).toContain('"waiting":5');
  running.send('SIGTERM');
  await running.ended;
  expect(running.stderr).not.toMatch(/NOPERM|E_|queue connection/);
});

test.each([
  'submit people.csv --batch b --no-check',
  'run people.csv --batch b --no-check',
  'worker',
  'pause',
  'resume',
  'cancel all --yes',
  'retry all',
  'continue all',
  'purge done --yes',
])('onboard %s with the user of a reader names the two users', async (line) => {
  const { full, reader } = await usersOf();
  const stage = await openFor(full);
  await stage.run(['submit', 'people.csv', '--batch', 'all', '--no-check', '--limit', '2']);
  const created = () => stage.sandbox.state().accounts.length;
  stage.write('others.csv', peopleCsv(1, 50));
  if (line.startsWith('purge')) await stage.run(['run', 'others.csv', '--batch', 'done']);
  const before = created();
  const { code, stderr } = await stage.run(line.split(' '), { env: { REDIS_URL: reader } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^E_REDIS_REFUSES: .*NOPERM.*docs\/configuration\.md/m);
  expect(stderr).not.toContain('E_INTERNAL');
  expect(created()).toBe(before);
});
