import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { ownRedis } from '../support/redis-server.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectRefused } from './expect-refused.ts';

const REFUSED = /^E_REDIS_REFUSES: Redis refuses to work \(MISCONF\): free space on its disk/m;

// No file of this Redis may exceed 4 MB, which acts like a full disk for its append-only file; a
// rewrite of the file makes room.
test('a full disk under the append-only file fails nobody, and workers resume when it has room', async () => {
  const redis = await ownRedis([], { fileBytes: 4_000_000 });
  const env = { ONBOARD_ATTEMPTS: '2' };
  const stage = await openStage({ redis: redis.url, env, sandbox: { latencyMs: 40 } });
  const file = stage.write('people.csv', peopleCsv(200));
  const more = stage.write('more.csv', peopleCsv(5, 1000));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = await stage.worker();
  await untilCreated(stage.sandbox, 40);
  const client = stage.redis;
  const isFull = async () =>
    (await client.info('persistence')).includes('aof_last_write_status:err');
  await waitFor(async () => {
    await client.set('filler', 'x'.repeat(300_000)).catch(() => undefined);
    return isFull();
  });
  await waitFor(() => worker.stderr.includes('redis refuses to work'));
  await expectRefused(stage, more, REFUSED);
  expect(await stage.report('people')).toMatchObject({ state: 'processing', failed: 0 });
  expect(worker.stderr.match(/redis refuses to work/g)).toHaveLength(1);
  await waitFor(
    async () => {
      await client.bgrewriteaof().catch(() => 'one is under way');
      return !(await isFull());
    },
    { what: 'room on the disk' },
  );
  const report = await stage.untilFinished('people');
  expect(report).toMatchObject({ created: 200, invited: 200, failed: 0, inviteRequests: 1 });
  expectEverybodyOnce(stage.sandbox, 200);
});
