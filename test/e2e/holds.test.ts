import { expect, test } from 'vitest';
import { createdOn, peopleCsv } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const WRONG_KEY = `sk-${'0f'.repeat(32)}`;

test('a key that expires holds all workers; a restarted worker with a new key continues', async () => {
  const stage = await openStage({ sandbox: { faults: { keyExpiresAfter: 15 } } });
  stage.write('people.csv', peopleCsv(40));
  const workers = [await stage.worker(), await stage.worker()];
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  await stage.until(batch, ({ hold }) => hold === 'key-rejected');
  const before = createdOn(stage.sandbox).length;
  expect(before).toBeLessThan(40);
  // The other nine requests in flight end; nothing new begins.
  for (const worker of workers) worker.send('SIGTERM');
  await Promise.all(workers.map(({ ended }) => ended));
  const wrong = await stage.worker({ env: { DOCSPACE_API_KEY: WRONG_KEY } });
  expect((await stage.run(['status'])).stdout).toContain('held: key-rejected');
  wrong.send('SIGTERM');
  await wrong.ended;
  stage.sandbox.setFaults({ reset: true });
  await stage.worker();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 40, failed: 0, invited: 40 });
  expectEverybodyOnce(stage.sandbox, 40);
});

test('a hold that no worker can lift ends with onboard resume', async () => {
  const faults = { limits: { userSeats: 1 } };
  const stage = await openStage({ sandbox: { guests: ['guest@example.com'], faults } });
  stage.write('people.csv', peopleCsv(30));
  await stage.worker();
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  await stage.until(batch, ({ hold }) => hold === 'quota-exceeded');
  const text = (await stage.run(['status', batch])).stdout;
  expect(text).toMatch(/held \(quota-exceeded\): .*seat/);
  expect(text).toMatch(/what to do: .*\n {2}to continue: onboard resume/);
  await stage.worker();
  expect((await stage.run(['status'])).stdout).toContain('held: quota-exceeded');
  stage.sandbox.setFaults({ limits: { userSeats: 1000 } });
  const resumed = await stage.run(['resume']);
  expect([resumed.code, resumed.stdout]).toEqual([
    0,
    expect.stringContaining('lifted (quota-exceeded)'),
  ]);
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 30, failed: 0, invited: 30 });
  expect((await stage.run(['resume'])).stdout).toBe('nothing is held\n');
});

test('a list of which too many fail is held, and continues when a person resumes', async () => {
  const stage = await openStage({ sandbox: { faults: { create: { race403: 1 } } } });
  stage.write('people.csv', peopleCsv(120));
  const env = { ONBOARD_ATTEMPTS: '1' };
  const run = await stage.run(['run', 'people.csv'], { env });
  expect([run.code, run.stdout]).toEqual([4, expect.stringContaining('held (too-many-failures)')]);
  const { batchId, failed, pending } = JSON.parse(
    (await stage.run(['status', '--json'])).stdout,
  )[0];
  expect(failed).toBeGreaterThanOrEqual(50);
  expect(failed).toBeLessThan(80);
  expect(pending).toBeGreaterThan(0);
  const again = await stage.run(['run', 'people.csv', '--max-failures', '100', '--json']);
  expect(again.code).toBe(3);
  expect(JSON.parse(again.stdout)).toMatchObject({ batchId, failed: 120, pending: 0 });
});

test('the daily limit sleeps until it resets, costs nobody an attempt, and status says so', async () => {
  const limits = { requestsPerMinute: 0, writesPerDay: 20, dayMs: 5000 };
  const stage = await openStage({ sandbox: { limits } });
  stage.write('people.csv', peopleCsv(30));
  const worker = await stage.worker();
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  const told = await waitFor(async () => {
    const { stdout } = await stage.run(['status', batch]);
    return stdout.includes('daily write limit') ? stdout : undefined;
  });
  expect(told).toMatch(/waiting: daily write limit of the portal: continues at \d\d:\d\d/);
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 30, failed: 0, invited: 30 });
  const rows = await stage.run(['report', batch, '--format', 'json']);
  const attempts = JSON.parse(rows.stdout).map((row: { attempts: number }) => row.attempts);
  expect(new Set(attempts)).toEqual(new Set([1]));
  expect(worker.stderr).toContain('rate limited by the portal');
});

test('an outage of the proxy is waited out by single tries', async () => {
  const env = {
    ONBOARD_BACKOFF_MS: '50',
    ONBOARD_BACKOFF_MAX_MS: '400',
    ONBOARD_LOOKUP_DELAY_MS: '0',
  };
  const outages = [{ kind: '502' as const, startsInMs: 0, lastsMs: 3000 }];
  const stage = await openStage({ env, sandbox: { faults: { outages } } });
  stage.write('people.csv', peopleCsv(100));
  await Promise.all([stage.worker(), stage.worker()]);
  const batch = (await stage.run(['submit', 'people.csv'])).stdout.trim();
  expect(await stage.untilFinished(batch)).toMatchObject({ created: 100, failed: 0, invited: 100 });
  // Ten in flight at first, then one after waits that double up to 0.4 s: far from 100 each time.
  expect(stage.sandbox.state().faultsByKind['outage.502'] ?? 0).toBeLessThan(40);
  expectEverybodyOnce(stage.sandbox, 100);
});
