import { expect, test } from 'vitest';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { releaseStuck } from '../../src/ledger/invites/invite-part.ts';
import { done, snooze } from '../../src/worker/outcome.ts';
import { people } from '../support/people.ts';
import { openCase } from './handler-case.ts';

test('an invite longer than the portal reads is not sent, and waits at a gate until its size is smaller', async () => {
  const at = await openCase({ rows: people(3), plan: () => undefined });
  await at.created(0, 1, 2);
  const { ledger, redis } = at.stage;
  const key = `${ledger.keys.rows(at.batch)}0`;
  // Two addresses of 16 MB each: no list has them, and the test need not create 600,000 people.
  const long = (row: number) => `${'x'.repeat(16_000_000)}${row}@example.com`;
  const short = await redis.hmget(key, '0', '1');
  for (const row of [0, 1]) {
    const input = JSON.stringify({ file: 'a.csv', line: 2, person: { email: long(row) } });
    await redis.hset(key, row, input);
  }
  expect(await at.invite()).toEqual(snooze());
  expect(at.stage.asked).toEqual([]);
  const report = await at.stage.report(at.batch);
  expect(report).toMatchObject({ inviteRequests: 0, gate: { code: 'invite-too-long' } });
  const { stuck } = await readBatch(ledger, at.batch);
  expect(stuck?.detail).toMatch(/^The request for 3 people would have 32,000,\d{3} bytes\.$/);
  expect(await at.invite()).toEqual(snooze(at.deps.timings.gatePollMs));
  for (const row of [0, 1]) await redis.hset(key, row, short[row] ?? '');
  await releaseStuck(ledger, at.batch);
  expect(await at.invite()).toEqual(done('invited 3'));
});
