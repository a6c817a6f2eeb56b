import { expect, test } from 'vitest';
import { findings } from '../../src/batch/findings.ts';
import { findingsText, repairAll } from '../../src/commands/follow/repair-before-status.ts';
import { openBatch } from '../../src/ledger/batch/batches.ts';
import { createLogger } from '../../src/process/logger.ts';
import { parentId } from '../../src/queue/job-id.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

function statusOf(stage: Stage) {
  return async (...args: string[]) => {
    const { code, stdout, stderr } = await stage.run(['status', ...args]);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };
}

test('status repairs a batch that lost its parent, and says so', async () => {
  const stage = await openStage();
  const [one, two] = [await stage.submit(people(2)), await stage.submit(people(3, 10))];
  const { invite } = stage.queues;
  for (const batch of [one, two]) await invite.remove(parentId(batch, 1));
  const status = statusOf(stage);
  const text = await status(one);
  expect(text).toContain(`batch ${one}: processing`);
  expect(text).toContain('the queue had lost the parent job: repaired');
  expect(await status(one)).not.toContain('repaired');
  expect(await invite.getJob(parentId(two, 1))).toBeUndefined();
  const list = JSON.parse(await status('--json'));
  const mended = list.map((report: { mended?: string[] }) => report.mended);
  expect(mended).toEqual([['parent-lost'], undefined]);
  await stage.startWorkers();
  for (const batch of [one, two]) {
    expect(await stage.untilFinished(batch)).toMatchObject({ inviteRequests: 1, pending: 0 });
  }
});

test('the list names the batches that were repaired', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(2));
  await stage.submit(people(2, 10));
  await stage.queues.invite.remove(parentId(batch, 1));
  const list = await statusOf(stage)();
  expect(list).toMatch(
    new RegExp(`^BATCH.*\n.*\n.*\nbatch ${batch}\n {2}the queue had lost the parent job`),
  );
});

test('an intake whose producer has gone is called incomplete, one under way is not', async () => {
  const stage = await openStage();
  const { redis, keys } = stage.ledger;
  const batch = await stage.submit(people(2));
  await redis.hset(keys.record(batch), 'state', 'intake', 'sealedRound', 0);
  const status = statusOf(stage);
  expect(await status(batch)).toContain('incomplete: submit the same files again');
  await redis.set(keys.lock(batch), 'a producer');
  expect(await status(batch)).not.toContain('incomplete');
});

test('of many batches the newest fifty are listed, and --all lists all', async () => {
  const stage = await openStage();
  const { redis, keys } = stage.ledger;
  for (let index = 0; index < 53; index += 1) {
    const about = { digest: 'd', portal: 'https://p.example', inviteType: 'All' as const };
    await openBatch(stage.ledger, { id: `b${index}`, ...about });
    await redis.zadd(keys.batches, index, `b${index}`);
  }
  const [some, all] = await Promise.all([
    stage.run(['status', '--json']),
    stage.run(['status', '--all', '--json']),
  ]);
  const ids = JSON.parse(some.stdout).map(({ batchId }: { batchId: string }) => batchId);
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([50, 'b52', 'b3']);
  expect(some.stderr).toBe('3 older batches are not listed: onboard status --all\n');
  expect([JSON.parse(all.stdout).length, all.stderr]).toEqual([53, '']);
});

test('a batch that resists is logged, and the others are repaired', async () => {
  const stage = await openStage();
  const batch = await stage.submit(people(1));
  await stage.queues.invite.remove(parentId(batch, 1));
  const damaged = await stage.submit(people(1, 10));
  await stage.ledger.redis.hset(stage.ledger.keys.record(damaged), 'round', 'many');
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'warn', destination });
  const { found } = await repairAll(stage.producer({ logger }), [damaged, batch]);
  expect([...found]).toEqual([[batch, ['parent-lost']]]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ batchId: damaged });
});

test('every finding has words of its own', () => {
  const texts = findings.map((finding) => findingsText([finding]));
  expect(new Set(texts).size).toBe(findings.length);
  expect(texts.every((text) => /^ {2}\S.+\n$/.test(text))).toBe(true);
});
