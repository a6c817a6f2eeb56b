import { expect, test } from 'vitest';
import type { Report } from '../../src/ledger/report.ts';
import { createdOn, openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { redisSpace } from '../support/resources.ts';
import { waitFor } from '../support/wait-for.ts';
import { expectEverybodyOnce } from './rules.ts';

const PEOPLE = 150;

test('Ctrl-C drains a run and exits 130, and the same command finishes it', async () => {
  const scene = await openScene({ redis: 'private', sandbox: { latencyMs: 40 } });
  await scene.write('people.csv', peopleCsv(PEOPLE));
  const first = scene.start(['run', 'people.csv', '--json']);
  await untilCreated(scene.sandbox, 30);
  first.send('SIGINT');
  const interrupted = await first.ended;
  expect([interrupted.code, interrupted.signal]).toEqual([130, null]);
  const { batchId, pending }: Report = JSON.parse(interrupted.stdout);
  expect(pending).toBeGreaterThan(0);
  const asked = Object.keys(scene.sandbox.state().postsByEmail).length;
  const status = await scene.run(['status', batchId, '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ created: asked, pending: PEOPLE - asked });
  const second = await scene.run(['run', 'people.csv', '--json']);
  expect(second.code).toBe(0);
  expect(JSON.parse(second.stdout)).toMatchObject({ batchId, created: PEOPLE, existing: 0 });
  expectEverybodyOnce(scene.sandbox, PEOPLE);
});

test('SIGTERM drains a worker with exit 0 and leaves the rest to the next one', async () => {
  const scene = await openScene({ sandbox: { latencyMs: 40 } });
  await scene.write('people.csv', peopleCsv(PEOPLE));
  const first = scene.start(['worker']);
  expect((await scene.run(['submit', 'people.csv', '--batch', 'drained'])).code).toBe(0);
  await untilCreated(scene.sandbox, 30);
  first.send('SIGTERM');
  const ended = await first.ended;
  expect([ended.code, ended.signal]).toEqual([0, null]);
  expect(ended.stderr).toContain('draining');
  const asked = Object.keys(scene.sandbox.state().postsByEmail).length;
  expect(asked).toBeLessThan(PEOPLE);
  expect(createdOn(scene.sandbox)).toHaveLength(asked);
  const status = await scene.run(['status', 'drained', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ created: asked, pending: PEOPLE - asked });
  const second = scene.start(['worker']);
  await waitFor(() => second.stderr.includes('batch finished'), { what: 'the second worker' });
  expectEverybodyOnce(scene.sandbox, PEOPLE);
});

test('Ctrl-C while another producer has the batch exits 130 and says how to go on', async () => {
  const scene = await openScene();
  const { redis } = redisSpace();
  await redis.set(`${scene.prefix}:batch:taken:lock`, 'another producer', 'PX', 60_000);
  await scene.write('people.csv', peopleCsv(3));
  const waiting = scene.start(['run', 'people.csv', '--batch', 'taken']);
  await waitFor(() => waiting.stderr.includes('batch taken: 3 rows'));
  waiting.send('SIGINT');
  const ended = await waiting.ended;
  expect([ended.code, ended.stdout]).toEqual([130, '']);
  expect(ended.stderr).toContain('interrupted: the same command goes on from here');
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

test('a second signal ends a drain at once', async () => {
  const scene = await openScene({ sandbox: { latencyMs: 20_000 } });
  await scene.write('people.csv', peopleCsv(3));
  const running = scene.start(['run', 'people.csv']);
  await waitFor(() => scene.sandbox.state().mostInFlight.write > 0);
  running.send('SIGINT');
  await waitFor(() => running.stderr.includes('Ctrl-C again'), { what: 'the first signal' });
  running.send('SIGINT');
  expect((await running.ended).code).toBe(130);
});
