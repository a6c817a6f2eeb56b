import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { ownRedis } from '../support/redis-server.ts';
import { refusingRedis } from '../support/refusing-redis.ts';
import { onRelease } from '../support/resources.ts';
import { openStage } from '../support/stage.ts';

/** Output of check about a Redis where a user has these rights, or a server these settings. */
async function checked(rules: string, { extra = [] as string[], prefix = '{onboard}' } = {}) {
  const server = await ownRedis(extra);
  const admin = new Redis(server.url);
  onRelease(() => admin.disconnect());
  await admin.call('ACL', 'SETUSER', 'u', 'on', '>secret-of-a-test', ...rules.split(' '));
  const url = server.url.replace('redis://', 'redis://u:secret-of-a-test@');
  const stage = await openStage({
    redis: server.url,
    env: { REDIS_URL: url, ONBOARD_PREFIX: prefix },
  });
  const { code, stdout, stderr } = await stage.run(['check']);
  return { code, stdout, stderr, keys: await admin.dbsize() };
}

const ALL = '~* &* +@all';

test.each([
  [`${ALL} -@blocking`, 'BZPOPMIN'],
  [`${ALL} -@scripting`, 'EVAL'],
  [`${ALL} -client|list`, 'CLIENT LIST'],
  [`${ALL} -client`, 'CLIENT LIST'],
  ['~other:* &* +@all', 'EVAL'],
  [`${ALL} -@write`, 'SET'],
  [`${ALL} -zadd`, 'ZADD'],
  [`${ALL} -xadd`, 'XADD'],
])('check of a user with %s names %s', async (rules, command) => {
  const { code, stdout, stderr } = await checked(rules);
  expect([code, stderr]).toEqual([4, '']);
  expect(stdout).toMatch(new RegExp(`^fault {4}Redis refuses ${command}\\b.*$`, 'm'));
  expect(stdout).toMatch(/^ +what to do: .*docs\/configuration\.md/m);
});

test('check of a cluster says that cluster mode does not work', async () => {
  const { code, stdout } = await checked(ALL, { extra: ['--cluster-enabled', 'yes'] });
  expect(code).toBe(4);
  expect(stdout).toMatch(/^fault .*cluster mode/m);
  expect(stdout).toMatch(/what to do: .*without cluster mode/);
});

test('check of a user with every right is ok and leaves no key behind', async () => {
  const { code, stdout, keys } = await checked(ALL);
  expect([code, keys]).toEqual([0, 0]);
  expect(stdout).toMatch(/^ok {7}scripts, blocking reads and the list of clients work$/m);
});

test('check of a hosted service whose quota is used up shows its answer', async () => {
  const redis = await refusingRedis((await ownRedis()).url);
  const quota = 'ERR max requests limit exceeded. Limit: 500000, Usage: 500000.';
  redis.refuse = (name) => (/^(eval|evalsha|bzpopmin)$/.test(name) ? quota : undefined);
  const stage = await openStage({ redis: redis.url });
  const { code, stdout } = await stage.run(['check']);
  expect(code).toBe(4);
  expect(stdout).toMatch(/^fault {4}Redis refuses EVAL .*max requests limit exceeded/m);
  expect(stdout).toMatch(/what to do: raise the limit at the provider/);
});
