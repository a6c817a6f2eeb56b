import { expect, test } from 'vitest';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { quick } from '../support/timings.ts';
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

/** A lease that is not renewed, and the next renewal of another process: 12 s with the product's waits. */
const BACK_MS = quick.leaseMs + quick.leaseRenewMs;
const SLOTS = 4;

test('the process that sends every request is killed, and another sends as many once the lease is over', async () => {
  const env = { ONBOARD_CONCURRENCY: String(SLOTS) };
  const stage = await openStage({ sandbox: { latencyMs: 300 }, env });
  const file = stage.write('people.csv', peopleCsv(60));
  const victim = await stage.process.worker();
  expect((await stage.run(['submit', file, '--batch', 'slots'])).code).toBe(0);
  await untilCreated(stage.sandbox, SLOTS);
  await stage.process.worker();
  victim.send('SIGKILL');
  const killedAt = Date.now();
  const { accounts } = stage.sandbox.state();
  // Requests of the killed process that were in flight may still make accounts.
  const enough = accounts.length + 4 * SLOTS;
  await untilCreated(stage.sandbox, enough);
  expect(Date.now() - killedAt).toBeLessThan(BACK_MS + 4000);
  await stage.untilFinished('slots');
  expect(stage.sandbox.state().mostInFlight.write).toBe(SLOTS);
  expectEverybodyOnce(stage.sandbox, 60);
});
