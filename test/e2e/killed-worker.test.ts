import { expect, test } from 'vitest';
import type { Report } from '../../src/ledger/report.ts';
import { openScene, peopleCsv, type Scene, untilCreated } from '../support/cli.ts';
import { redisSpace } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 300;
/** The locks of a killed worker's jobs end after 15 s and are looked for every 5 s. */
const TIMEOUT_MS = 60_000;

test(
  'rules 1 to 3: one of two workers is killed with SIGKILL and the other finishes the batch',
  async () => {
    const scene = await openScene({ sandbox: { latencyMs: 40 } });
    const file = await scene.write('people.csv', peopleCsv(PEOPLE));
    const victim = scene.start(['worker'], { env: { LOG_LEVEL: 'debug' } });
    await waitFor(() => victim.stderr.includes('worker ready'));
    const survivor = scene.start(['worker']);
    await waitFor(() => survivor.stderr.includes('worker ready'));
    expect((await scene.run(['submit', file, '--batch', 'killed'])).code).toBe(0);
    await untilCreated(scene.sandbox, 80);
    expect(victim.stderr).toContain('"result":"created"');
    victim.send('SIGKILL');
    await waitFor(() => survivor.stderr.includes('batch finished'), { timeoutMs: 45_000 });
    const { stdout } = await scene.run(['status', 'killed', '--json']);
    const report: Report = JSON.parse(stdout);
    expect(report).toMatchObject({
      state: 'finished',
      created: PEOPLE,
      invited: PEOPLE,
      failed: 0,
    });
    expectEverybodyOnce(scene.sandbox, PEOPLE);
  },
  TIMEOUT_MS,
);

/** Lock 15 s, and two checks for stalled jobs, 5 s apart (bullmq.md, section 6). */
const BACK_MS = 15_000 + 2 * 5000;
const SLOTS = 4;

test(
  'invariant 12: the process that holds every slot is killed, and another works within 25 s',
  async () => {
    const env = { ONBOARD_CONCURRENCY: String(SLOTS) };
    const scene = await openScene({ sandbox: { latencyMs: 300 }, env });
    const file = await scene.write('people.csv', peopleCsv(60));
    const victim = scene.start(['worker']);
    await waitFor(() => victim.stderr.includes('worker ready'));
    expect((await scene.run(['submit', file, '--batch', 'slots'])).code).toBe(0);
    await untilCreated(scene.sandbox, SLOTS);
    const survivor = scene.start(['worker']);
    await waitFor(() => survivor.stderr.includes('worker ready'));
    const { redis } = redisSpace();
    const held = await redis.llen(`${scene.prefix}:create-user:active`);
    victim.send('SIGKILL');
    const killedAt = Date.now();
    expect(held).toBe(SLOTS);
    const { posts, after } = postsOf(scene);
    await waitFor(() => posts() > after, { timeoutMs: 2 * BACK_MS, what: 'the first start' });
    const waitedMs = Date.now() - killedAt;
    // All slots were held: nothing could start before a lock ended.
    expect(waitedMs).toBeGreaterThan(BACK_MS / 5);
    expect(waitedMs).toBeLessThan(BACK_MS + 2000);
  },
  TIMEOUT_MS,
);

/** Requests about people that the portal got, and how many those were when all in flight had ended. */
function postsOf({ sandbox }: Scene) {
  const posts = () => {
    const { requests } = sandbox.state();
    return Object.values(requests).reduce((sum, count) => sum + count, 0);
  };
  return { posts, after: posts() + SLOTS };
}
