import { expect, test } from 'vitest';
import { expectEverybodyOnce } from '../e2e/rules.ts';
import { peopleCsv, untilCreated } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

// Half of the accounts come from requests whose answer is lost, and are looked up after the
// portal's clock is set: by the new time, they were made before the batch, or long after.
test.each([
  ['forward', 600_000],
  ['back', -600_000],
])(
  'accounts in doubt are invited when the portal sets its clock ten minutes %s',
  async (_, byMs) => {
    const stage = await openStage({ sandbox: { latencyMs: 40 } });
    stage.sandbox.setFaults({ create: { resetAfter: 0.5 } });
    const file = stage.write('people.csv', peopleCsv(80));
    expect((await stage.run(['submit', file, '--batch', 'people'])).code).toBe(0);
    const waits = { ONBOARD_BACKOFF_MS: '1500', ONBOARD_BACKOFF_MAX_MS: '3000' };
    const env = { ...waits, ONBOARD_LOOKUP_DELAY_MS: '1500' };
    await stage.worker({ env });
    await untilCreated(stage.sandbox, 60);
    stage.sandbox.setFaults({ clockOffsetMs: byMs });
    expect(await stage.untilFinished('people')).toMatchObject({
      created: 80,
      existing: 0,
      failed: 0,
      invited: 80,
    });
    expectEverybodyOnce(stage.sandbox, 80);
  },
);
