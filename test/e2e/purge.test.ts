import { expect, test } from 'vitest';
import { dump } from '../support/dump.ts';
import { peopleCsv } from '../support/people.ts';
import { startReceiver } from '../support/receiver.ts';
import { openStage, type Stage } from '../support/stage.ts';

async function ranBatch(stage: Stage, first: number): Promise<string> {
  stage.write('people.csv', peopleCsv(3, first));
  const ended = await stage.run(['run', 'people.csv', '--json']);
  expect(ended.code).toBe(0);
  return JSON.parse(ended.stdout).batchId;
}

/** Makes the batch look as if it finished this number of days ago. */
async function age(stage: Stage, batch: string, days: number): Promise<void> {
  const { redis } = stage;
  const key = `${stage.prefix}:batch:${batch}`;
  await redis.hincrby(key, 'finishedAt', -days * 86_400_000);
  await redis.zincrby(`${stage.prefix}:batches`, -days * 86_400_000, batch);
}

test('purge asks, removes one batch or the old ones, and says what', async () => {
  const stage = await openStage();
  const batches = [await ranBatch(stage, 0), await ranBatch(stage, 10), await ranBatch(stage, 20)];
  const [first = '', second = '', third = ''] = batches;
  for (const batch of batches) await age(stage, batch, batch === third ? 5 : 40);

  const asked = await stage.run(['purge', first]);
  expect([asked.code, asked.stdout]).toEqual([2, '']);
  expect(asked.stderr).toMatch(/^E_USAGE: Remove batch b\w+ permanently\?.*--yes/);
  const people = await stage.run(['purge', first, '--people', '--yes']);
  expect(people.stdout).toBe(`names and e-mails removed from ${first}: 3 rows, 0 failed jobs\n`);
  expect((await stage.run(['status', first])).stdout).toMatch(/3 created[\s\S]*removed on 20/);
  const report = (await stage.run(['report', first])).stdout;
  expect(report).toMatch(/^,2,,,,,created,/m);
  expect(report).not.toContain('@');
  const again = await stage.run(['purge', '--older-than', '30d', '--people', '--yes', '--json']);
  const removed = [{ batchId: second, what: 'people', rows: 3, jobs: 0 }];
  expect(JSON.parse(again.stdout)).toEqual({ removed, skipped: [] });

  const old = await stage.run(['purge', '--older-than', '30d', '--yes']);
  expect([old.code, old.stdout]).toEqual([
    0,
    `purged ${first}: 3 rows, 0 failed jobs\npurged ${second}: 3 rows, 0 failed jobs\n`,
  ]);
  expect((await stage.run(['purge', '--older-than', '30d'])).stdout).toBe('nothing to purge\n');
  expect((await stage.run(['report', first])).stderr).toContain('E_BATCH_UNKNOWN');
  expect((await stage.run(['purge', first, '--yes'])).stderr).toContain('E_BATCH_UNKNOWN');
  const log = JSON.parse((await stage.run(['log', first, '--json'])).stdout);
  expect(log).toMatchObject([
    { action: 'purge', outcome: 'done', details: { what: 'batch', rows: 3, jobs: 0 } },
    { action: 'purge', outcome: 'done', details: { what: 'people', rows: 3, jobs: 0 } },
    { action: 'run' },
  ]);
  expect(await stage.run(['status', third])).toMatchObject({ code: 0 });
});

test('an unfinished batch is refused with what to do, before anybody is asked', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(3));
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  const refused = await stage.run(['purge', batch]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/^E_BATCH_STATE: batch b\w+ is processing.*onboard cancel b/),
  ]);
  for (const args of [['purge'], ['purge', batch, '--older-than', '3d']]) {
    const wrong = await stage.run(args);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('--older-than')]);
  }
});

test('a name in a file name, a notification or a hold does not outlive purge --people', async () => {
  const stage = await openStage();
  const receiver = await startReceiver();
  stage.write('ana-geheim.csv', peopleCsv(2));
  const args = ['run', 'ana-geheim.csv', '--batch', 'one', '--notify', receiver.url];
  expect((await stage.run(args)).code).toBe(0);
  expect((await stage.run(['pause'])).code).toBe(0);
  const { redis, ledger } = stage;
  await redis.hset(ledger.keys.hold, 'detail', 'The portal says: "Ana Geheim is disabled".');
  const before = await dump(stage, /./);
  for (const name of ['ana-geheim.csv', 'Ana Geheim', ':notices']) expect(before).toContain(name);
  expect((await stage.run(['purge', 'one', '--people', '--yes'])).code).toBe(0);
  const left = await dump(stage, /./);
  expect(left).toContain('paused');
  expect(left).not.toMatch(/geheim|:notices/i);
});
