import { expect, test } from 'vitest';
import { readLimits } from '../../src/ledger/limits/leases.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { waitFor } from '../support/wait-for.ts';
import { openLimits } from '../support/workers.ts';

test.each([
  ["the portal's own limit", 600, { perMinute: 600, why: 'portal' }],
  ['a limit that others use, too', 60_000, { perMinute: 45_000, why: 'shared' }],
  ['a proxy, of which nothing is known', undefined, { perMinute: 45_000, why: 'shared' }],
])('a refusal by %s changes the pace of all, and nobody fails', async (...given) => {
  const [, limit, expected] = given;
  const stage = await openStage();
  const limits = openLimits(stage.timings);
  const pace = { requestsPerMinute: 60_000, concurrency: 4 };
  await stage.startWorkers({ limits }, pace);
  await stage.startWorkers({}, pace);
  await stage.deps().pressure.slowDown({ limiter: 'requests', waitMs: 1, limit });
  const { perMinute = 0, why } = (await readLimits(stage.ledger)) ?? {};
  expect(why).toBe(expected.why);
  // A lowered pace rises again.
  expect(perMinute / expected.perMinute).toBeCloseTo(1, 2);
  await waitFor(() => limits.perSecond < (expected.perMinute / 60) * 0.75);
  const report = await stage.untilFinished(await stage.submit(people(5)));
  expect(report).toMatchObject({ created: 5, failed: 0 });
});
