import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';

/** Loaded before the program: SIGUSR2 moves its wall clock by this, as NTP or an operator does. */
function clockThatJumps(byMs: number): Record<string, string> {
  const code = `
    const trueNow = Date.now;
    let offset = 0;
    Date.now = () => trueNow() + offset;
    process.on('SIGUSR2', () => { offset += ${byMs}; process.stderr.write('clock set\\n'); });`;
  return { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` };
}

test.each([
  ['back', -600_000],
  ['forward', 600_000],
])('a worker whose clock is set ten minutes %s continues in seconds', async (_, byMs) => {
  const stage = await openStage({ sandbox: { latencyMs: 40 } });
  const file = stage.write('people.csv', peopleCsv(150));
  expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
  const worker = stage.process.start(['worker'], { env: clockThatJumps(byMs) });
  await untilCreated(stage.sandbox, 30);
  // The portal asks for pauses of a second or so, before the clock is set and after.
  stage.sandbox.setFaults({ limits: { writesPerDay: 10, dayMs: 1000 } });
  await waitFor(() => worker.stderr.includes('rate limited by the portal'));
  worker.send('SIGUSR2');
  await waitFor(() => /clock set[\s\S]*rate limited by the portal/.test(worker.stderr));
  stage.sandbox.setFaults({ limits: { writesPerDay: 0 } });
  await waitFor(() => worker.stderr.includes('batch finished'));
  expectEverybodyOnce(stage.sandbox, 150);
});
