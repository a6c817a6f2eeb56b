import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { openScene, peopleCsv, untilCreated } from '../support/cli.ts';
import { waitFor } from '../support/wait-for.ts';

// Half of the accounts are made by requests whose answer is lost, and wait to be looked up while the
// portal's clock is set: by what it says then, they were made before the batch, or long after.
test.each([
  ['forward', 600_000],
  ['back', -600_000],
])(
  'accounts in doubt are invited when the portal sets its clock ten minutes %s',
  async (_, byMs) => {
    const scene = await openScene({ sandbox: { latencyMs: 40 } });
    scene.sandbox.setFaults({ create: { resetAfter: 0.5 } });
    const file = await scene.write('people.csv', peopleCsv(80));
    expect((await scene.run(['submit', file, '--batch', 'people'])).code).toBe(0);
    const env = { ONBOARD_BACKOFF_MS: '3000', ONBOARD_LOOKUP_DELAY_MS: '3000' };
    const worker = scene.start(['worker'], { env });
    await untilCreated(scene.sandbox, 60);
    scene.sandbox.setFaults({ clockOffsetMs: byMs });
    await waitFor(() => worker.stderr.includes('batch finished'), { timeoutMs: 60_000 });
    const { stdout } = await scene.run(['status', 'people', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ created: 80, existing: 0, failed: 0, invited: 80 });
    expectEverybodyOnce(scene.sandbox, 80);
  },
  90_000,
);
