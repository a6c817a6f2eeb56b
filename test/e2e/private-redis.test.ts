import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { onRelease } from '../support/resources.ts';
import { expectEverybodyOnce } from './rules.ts';

test('a second owner of the data directory is refused while status works as a guest', async () => {
  const scene = await openScene({ redis: 'private', sandbox: { latencyMs: 60 } });
  await scene.write('people.csv', peopleCsv(80));
  await scene.write('more.csv', peopleCsv(2, 200));
  const env = { ONBOARD_CONCURRENCY: '1' };
  const owner = scene.start(['run', 'people.csv'], { env });
  await untilCreated(scene.sandbox, 1);
  const [second, status] = await Promise.all([
    scene.run(['run', 'more.csv']),
    scene.run(['status', '--json']),
  ]);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^E_DATA_DIR_LOCKED: .*\.onboard is in use by process \d+/m);
  expect(JSON.parse(status.stdout)).toMatchObject([{ state: 'processing', accepted: 80 }]);
  const ended = await owner.ended;
  expect(ended.code).toBe(0);
  expectEverybodyOnce(scene.sandbox, 80);
  // The owner has left, so the directory is free again.
  const after = await scene.run(['status', '--json']);
  expect(JSON.parse(after.stdout)).toMatchObject([{ state: 'finished', created: 80 }]);
});

test('a run whose private Redis dies ends within seconds and says so', async () => {
  const scene = await openScene({ redis: 'private', sandbox: { latencyMs: 60 } });
  await scene.write('people.csv', peopleCsv(200));
  const running = scene.start(['run', 'people.csv']);
  await untilCreated(scene.sandbox, 10);
  const client = new Redis(join(scene.dir, '.onboard', 'redis.sock'), { retryStrategy: null });
  client.on('error', () => undefined);
  onRelease(() => client.disconnect());
  const [, pid] = /process_id:(\d+)/.exec(await client.info('server')) ?? [];
  process.kill(Number(pid), 'SIGKILL');
  const killedAt = Date.now();
  const { code, stdout, stderr } = await running.ended;
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^E_(DATA_DIR|REDIS_UNREACHABLE): /m);
});
