import { expect, test } from 'vitest';
import type { Report } from '../../src/ledger/batch/numbers.ts';
import { createdOn, peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 150;

test('Ctrl-C drains a run and exits 130, and the same command finishes it', async () => {
  const stage = await openStage({ redis: 'private', sandbox: { latencyMs: 40 } });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const first = stage.process.start(['run', 'people.csv', '--json']);
  await untilCreated(stage.sandbox, 30);
  first.send('SIGINT');
  const interrupted = await first.ended;
  expect([interrupted.code, interrupted.signal]).toEqual([130, null]);
  const { batchId, pending }: Report = JSON.parse(interrupted.stdout);
  expect(pending).toBeGreaterThan(0);
  const asked = Object.keys(stage.sandbox.state().postsByEmail).length;
  const status = await stage.run(['status', batchId, '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ created: asked, pending: PEOPLE - asked });
  const second = await stage.run(['run', 'people.csv', '--json']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ batchId, created: PEOPLE, existing: 0 });
  expectEverybodyOnce(stage.sandbox, PEOPLE);
});

test('SIGTERM drains a worker with exit 0 and leaves the rest to the next one', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 40 } });
  stage.write('people.csv', peopleCsv(PEOPLE));
  const first = stage.process.start(['worker']);
  expect((await stage.run(['submit', 'people.csv', '--batch', 'drained'])).code).toBe(0);
  await untilCreated(stage.sandbox, 30);
  first.send('SIGTERM');
  const ended = await first.ended;
  expect([ended.code, ended.signal]).toEqual([0, null]);
  expect(ended.stderr).toContain('draining');
  const asked = Object.keys(stage.sandbox.state().postsByEmail).length;
  expect(asked).toBeLessThan(PEOPLE);
  expect(createdOn(stage.sandbox)).toHaveLength(asked);
  const status = await stage.run(['status', 'drained', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ created: asked, pending: PEOPLE - asked });
  await stage.worker();
  await stage.untilFinished('drained');
  expectEverybodyOnce(stage.sandbox, PEOPLE);
});

test('Ctrl-C while another producer has the batch exits 130 and says how to continue', async () => {
  const stage = await openStage();
  await stage.redis.set(`${stage.prefix}:batch:taken:lock`, 'another producer', 'PX', 60_000);
  stage.write('people.csv', peopleCsv(3));
  const waiting = stage.start(['run', 'people.csv', '--batch', 'taken']);
  await waitFor(() => waiting.stderr.includes('batch taken: 3 rows'));
  waiting.send('SIGINT');
  const ended = await waiting.ended;
  expect([ended.code, ended.stdout]).toEqual([130, '']);
  expect(ended.stderr).toContain('interrupted: run the same command to continue');
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

test('a second signal ends a drain at once', async () => {
  const stage = await openStage({ sandbox: { latencyMs: 20_000 }, timings: { portalAskMs: 300 } });
  stage.write('people.csv', peopleCsv(3));
  const running = stage.process.start(['run', 'people.csv']);
  await waitFor(() => stage.sandbox.state().mostInFlight.write > 0);
  running.send('SIGINT');
  await waitFor(() => running.stderr.includes('Ctrl-C again'), { what: 'the first signal' });
  running.send('SIGINT');
  expect((await running.ended).code).toBe(130);
});
