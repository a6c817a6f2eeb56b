import { expect, test } from 'vitest';
import { createLogger } from '../../src/process/logger.ts';
import { people, peopleCsv, untilCreated } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { type RefusingRedis, refusingRedis } from '../support/refusing-redis.ts';
import { clientOf } from '../support/space.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

async function openRefusing() {
  const redis = await refusingRedis((await ownRedis()).url);
  const stage = await openStage({ redis: redis.url, sandbox: { latencyMs: 40 } });
  return { redis, stage };
}

/** Number of refusals in a second, after which the waits have grown to more than that. */
async function inOneSecond(redis: RefusingRedis): Promise<number> {
  const [before, end] = [redis.refused.length, Date.now() + 1000];
  await waitFor(() => Date.now() > end);
  return redis.refused.length - before;
}

const everything = () => true;
const fetching = (name: string) => /^(evalsha|eval|bzpopmin)$/.test(name);
const blocking = (name: string) => name === 'bzpopmin';

test.each([
  ['NOAUTH Authentication required.', everything],
  ['QUOTA of this plan is used up', fetching],
])(
  'workers of a Redis that answers %s ask rarely, fail nobody and continue',
  async (answer, which) => {
    const { redis, stage } = await openRefusing();
    const lines: string[] = [];
    const destination = { write: (line: string) => lines.push(line) };
    const logger = createLogger({ level: 'warn', destination });
    const batch = await stage.submit(people(30));
    await stage.startWorkers({ logger, attempts: 1 }, { concurrency: 2 });
    await untilCreated(stage.sandbox, 3);
    redis.refuse = (name) => (which(name) ? answer : undefined);
    const asked = await inOneSecond(redis);
    redis.refuse = () => undefined;
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(120);
    expect(lines.filter((line) => line.includes(answer)).length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(10);
    await stage.untilFinished(batch);
    expect(await stage.report(batch)).toMatchObject({ created: 30, failed: 0 });
  },
);

const NO_BLOCKING = "NOPERM this user has no permissions to run the 'bzpopmin' command";

test('status shows what Redis answers to the workers, which ask it rarely', async () => {
  const { redis, stage } = await openRefusing();
  await stage.submit(people(3));
  redis.refuse = (name) => (blocking(name) ? NO_BLOCKING : undefined);
  await stage.startWorkers();
  await waitFor(() => redis.refused.length > 3);
  expect(await inOneSecond(redis)).toBeLessThan(40);
  const { stdout, stderr } = await stage.run(['status']);
  expect(stderr + stdout).toContain("no permissions to run the 'bzpopmin' command");
});

test('status shows what a Redis answers that takes no writes', async () => {
  const { redis, stage } = await openRefusing();
  await stage.submit(people(3));
  await stage.redis.set(stage.ledger.keys.keeper, '1');
  const full = 'ERR DB capacity quota exceeded';
  redis.refuse = (name) => (name === 'set' ? full : undefined);
  const { code, stderr } = await stage.run(['status']);
  expect([code, stderr]).toEqual([0, expect.stringContaining('DB capacity quota exceeded')]);
});

test('a run ends with the answer of a Redis that refuses', async () => {
  const { redis, stage } = await openRefusing();
  stage.write('people.csv', peopleCsv(200));
  const running = stage.start(['run', 'people.csv', '--no-check']);
  await untilCreated(stage.sandbox, 3);
  redis.refuse = (name) => (fetching(name) ? 'MOVED 3999 127.0.0.1:6381' : undefined);
  const { code, stderr } = await running.ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^E_REDIS_REFUSES: Redis refuses to work \(MOVED\): .*without cluster mode.*3999 127\.0\.0\.1:6381/m,
  );
});

test('a run that is stopped while its workers get no jobs ends with the answer of Redis', async () => {
  const { redis, stage } = await openRefusing();
  stage.write('people.csv', peopleCsv(3));
  redis.refuse = (name) => (blocking(name) ? NO_BLOCKING : undefined);
  const running = stage.start(['run', 'people.csv', '--no-check']);
  await waitFor(() => redis.refused.length > 5);
  running.send('SIGTERM');
  const { code, stderr } = await running.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(
    /^Redis refuses to work \(NOPERM\): .*no permissions to run the 'bzpopmin' command/m,
  );
});

test.each([
  ['has no connection left', 'maxclients', '1', '1000', 'has no connection left'],
  ['wants a password from now on', 'requirepass', 'changed-meanwhile', '', 'NOAUTH'],
])(
  'a worker whose Redis %s says so rarely and continues later',
  async (_, name, bad, good, answer) => {
    const server = await ownRedis();
    const stage = await openStage({ redis: server.url });
    const admin = clientOf(server.url);
    const worker = await stage.worker();
    await admin.config('SET', name, bad);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await waitFor(() => worker.stderr.includes(answer), { timeoutMs: 20_000 });
    const end = Date.now() + 1000;
    await waitFor(() => Date.now() > end);
    expect(worker.stderr.split('\n').length).toBeLessThan(20);
    await admin.config('SET', name, good);
    await stage.untilFinished(await stage.submit(people(2)));
  },
);
