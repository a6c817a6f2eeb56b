import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '../../scripts/chaos/judge.ts';
import { type Plan, planOf } from '../../scripts/chaos/plan.ts';
import { Round } from '../../scripts/chaos/round.ts';
import { onRelease } from '../support/resources.ts';

/** The short form of `npm run chaos`: few people, and each short fault once. */
test('a round with kills of everything and faults of every kind holds the rules', async () => {
  const { list, faults } = planOf(11, 4, 60);
  const rates = {
    create: {
      error500Before: 0.05,
      error500After: 0.05,
      resetAfter: 0.05,
      race403: 0.05,
      halfMade: 0.1,
    },
    invite: { resetAfter: 0.3 },
    read: { truncatedJson: 0.05, resetBefore: 0.05 },
  };
  const plan: Plan = {
    ...{ seed: 11, round: 1, list, second: undefined },
    // The preflight refuses such a portal, and the round has it opened again.
    faults: { ...faults, ...rates, tariff: 'unpaid' },
    events: [
      { atMs: 400, deed: { kind: 'kill-producer' } },
      { atMs: 2500, deed: { kind: 'kill-worker', worker: 1 } },
      { atMs: 3000, deed: { kind: 'kill-redis', downMs: 200 } },
      {
        atMs: 4000,
        deed: { kind: 'faults', change: { outages: [{ kind: 'killed', lastsMs: 500 }] } },
      },
    ],
  };
  const dir = await mkdtemp(join(tmpdir(), 'onboard-chaos-'));
  onRelease(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  expect(judge(await new Round(plan, dir).run())).toEqual([]);
}, 120_000);
