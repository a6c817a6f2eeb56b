import { expect, test } from 'vitest';
import { timings } from '../../src/timings.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 300;

test('one of two workers is killed with SIGKILL and the other finishes the batch', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 40 } });
  const file = stage.write('people.csv', peopleCsv(PEOPLE));
  const victim = await stage.process.worker({ env: { LOG_LEVEL: 'debug' } });
  await stage.worker();
  expect((await stage.run(['submit', file, '--batch', 'killed'])).code).toBe(0);
  await untilCreated(stage.sandbox, 80);
  expect(victim.stderr).toContain('"result":"created"');
  victim.send('SIGKILL');
  const report = await stage.untilFinished('killed');
  expect(report).toMatchObject({ created: PEOPLE, invited: PEOPLE, failed: 0 });
  expectEverybodyOnce(stage.sandbox, PEOPLE);
});

/** The product's own waits: a job's lock, and two checks for stalled jobs (B-STALL-01). */
const BACK_MS = timings.jobLockMs + 2 * timings.stallCheckMs;
const SLOTS = 4;

test('the process that holds every slot is killed, and another works within 25 s', async () => {
  const env = { ONBOARD_CONCURRENCY: String(SLOTS) };
  const stage = await openStage({ sandbox: { latencyMs: 300 }, env, timings });
  const file = stage.write('people.csv', peopleCsv(60));
  const victim = await stage.process.worker();
  expect((await stage.run(['submit', file, '--batch', 'slots'])).code).toBe(0);
  await untilCreated(stage.sandbox, SLOTS);
  await stage.process.worker();
  const held = await stage.redis.llen(`${stage.prefix}:create-user:active`);
  victim.send('SIGKILL');
  const killedAt = Date.now();
  expect(held).toBe(SLOTS);
  const { posts, after } = postsOf(stage);
  await waitFor(() => posts() > after, { timeoutMs: 2 * BACK_MS, what: 'the first start' });
  const waitedMs = Date.now() - killedAt;
  // All slots were held: nothing could start before a lock ended.
  expect(waitedMs).toBeGreaterThan(BACK_MS / 5);
  expect(waitedMs).toBeLessThan(BACK_MS + 8000);
});

/** Requests about people, and their number when all requests in flight had ended. */
function postsOf({ sandbox }: Stage) {
  const posts = () => {
    const { requests } = sandbox.state();
    return Object.values(requests).reduce((sum, count) => sum + count, 0);
  };
  return { posts, after: posts() + SLOTS };
}
