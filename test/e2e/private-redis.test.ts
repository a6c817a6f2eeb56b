import { expect, test } from 'vitest';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { expectEverybodyOnce } from './rules.ts';

test('a second owner of the data directory is refused while status works as a guest', async () => {
  const stage = await openStage({
    redis: 'private',
    sandbox: { latencyMs: 60 },
    timings: { dataDirWaitMs: 1000 },
  });
  stage.write('people.csv', peopleCsv(80));
  stage.write('more.csv', peopleCsv(2, 200));
  const env = { ONBOARD_CONCURRENCY: '1' };
  const owner = stage.process.start(['run', 'people.csv'], { env });
  await untilCreated(stage.sandbox, 1);
  const [second, status] = await Promise.all([
    stage.process.run(['run', 'more.csv']),
    stage.process.run(['status', '--json']),
  ]);
  expect(second.code).toBe(1);
  expect(second.stderr).toMatch(/^E_DATA_DIR_LOCKED: .*\.onboard is in use by process \d+/m);
  expect(JSON.parse(status.stdout)).toMatchObject([{ state: 'processing', accepted: 80 }]);
  const ended = await owner.ended;
  expect(ended.code).toBe(0);
  expectEverybodyOnce(stage.sandbox, 80);
  // The owner has left, so the directory is free again.
  const after = await stage.run(['status', '--json']);
  expect(JSON.parse(after.stdout)).toMatchObject([{ state: 'finished', created: 80 }]);
});

test('a run whose private Redis dies ends within seconds and says so', async () => {
  const stage = await openStage({ redis: 'private', sandbox: { latencyMs: 60 } });
  stage.write('people.csv', peopleCsv(200));
  const running = stage.process.start(['run', 'people.csv']);
  await untilCreated(stage.sandbox, 10);
  const [, pid] = /process_id:(\d+)/.exec(await stage.redis.info('server')) ?? [];
  process.kill(Number(pid), 'SIGKILL');
  const killedAt = Date.now();
  const { code, stdout, stderr } = await running.ended;
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^E_(DATA_DIR|REDIS_UNREACHABLE): /m);
});
