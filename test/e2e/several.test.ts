import { expect, test } from 'vitest';
import type { Report } from '../../src/ledger/batch/numbers.ts';
import { peopleCsv } from '../support/people.ts';
import type { Running } from '../support/running.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 200;

test('submit, two workers, status and report do the job together over one Redis', async () => {
  const env = { ONBOARD_CONCURRENCY: '6', LOG_LEVEL: 'debug' };
  const stage = await openStage({ sandbox: { latencyMs: 25 }, env });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const workers = await startTwoWorkers(stage);
  const submitted = await stage.run(['submit', 'people.csv']);
  expect(submitted.code).toBe(0);
  expect(submitted.stdout).toMatch(/^b[0-9a-f]{12}\n$/);
  expect(submitted.stderr).toContain(`${PEOPLE} accepted, 0 rejected, 0 duplicates`);
  const batch = submitted.stdout.trim();
  const outputs = () => workers.map(({ stderr }) => stderr);
  await waitFor(() => outputs().join('').includes('batch finished'));
  expectEverybodyOnce(stage.sandbox, PEOPLE);

  const shares = outputs().map((text) => text.match(/"result":"created"/g)?.length ?? 0);
  expect(Math.min(...shares)).toBeGreaterThan(0);
  const { mostInFlight } = stage.sandbox.state();
  expect(mostInFlight.write).toBeGreaterThan(3);
  expect(mostInFlight.write).toBeLessThanOrEqual(6);

  const [again, status, report] = await Promise.all([
    stage.run(['submit', 'people.csv']),
    stage.run(['status', batch, '--json']),
    stage.run(['report', batch, '--format', 'ndjson']),
  ]);
  expect([again.code, again.stdout]).toEqual([0, `${batch}\n`]);
  expect(again.stderr).toContain('submitted before: nothing was added');
  const counts: Report = JSON.parse(status.stdout);
  expect(counts).toMatchObject({ state: 'finished', created: PEOPLE, invited: PEOPLE });
  const rows = report.stdout.trim().split('\n');
  expect(rows.filter((row) => JSON.parse(row).invited)).toHaveLength(PEOPLE);
});

/**
 * Two workers that share the concurrency from the first job on. The first worker would divide it
 * only at its next keeper run, so it is restarted.
 */
async function startTwoWorkers(stage: Stage): Promise<Running[]> {
  const [alone, second] = [await stage.worker(), await stage.worker()];
  alone.send('SIGTERM');
  expect((await alone.ended).code).toBe(0);
  return [second, await stage.worker()];
}

test('no more people start than the rate limit that is set allows', async () => {
  const stage = await openStage({ sandbox: { limits: { requestsPerMinute: 1200 } } });
  stage.write('people.csv', peopleCsv(60));
  const env = { ONBOARD_REQUESTS_PER_MINUTE: '1200' };
  const ended = await stage.run(['run', 'people.csv', '--json'], { env });
  expect(ended.code).toBe(0);
  const { durationMs }: Report = JSON.parse(ended.stdout);
  // 60 starts at 20 a second, minus the first window of four.
  expect(durationMs).toBeGreaterThan(2500);
  expect(durationMs).toBeLessThan(8000);
  const { rejectedByLimiter } = stage.sandbox.state();
  expect(Object.values(rejectedByLimiter).every((count) => count === 0)).toBe(true);
});

test('a reader that has seen enough of a report is no error', async () => {
  const stage = await openStage();
  stage.write('people.csv', peopleCsv(3000));
  expect((await stage.run(['submit', 'people.csv', '--batch', 'long'])).code).toBe(0);
  const report = stage.process.start(['report', 'long', '--format', 'csv']);
  await waitFor(() => report.stdout.includes('file,line,email'));
  report.hangUp();
  const { code, signal, stderr } = await report.ended;
  expect([code, signal, stderr]).toEqual([0, null, '']);
});
