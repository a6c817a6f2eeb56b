import { expect, test } from 'vitest';
import { readHold } from '../../src/ledger/stops/holds.ts';
import { readOutage } from '../../src/ledger/stops/waits.ts';
import { createPressure } from '../../src/worker/pressure/pressure.ts';
import { html } from '../portal/answers.ts';
import { silent } from '../support/batches.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';
import { openLimits } from '../support/workers.ts';

test('a single web page in the middle of a batch holds nothing and fails nobody', async () => {
  let creations = 0;
  const stage = await openStage({
    plan: ({ what }) => {
      if (what !== 'POST /people') return undefined;
      creations += 1;
      return creations === 4 ? { before: html(200) } : undefined;
    },
    works: true,
  });
  const batch = await stage.submit(people(8));
  await stage.untilFinished(batch);
  expect(await stage.report(batch)).toMatchObject({ created: 8, failed: 0, hold: null });
});

test('web pages become a hold after ten minutes of probes, and not before', async () => {
  const stage = await openStage();
  const { ledger, queues, timings } = stage;
  const backoff = { backoffMs: 1, backoffMaxMs: 1, random: () => 0 };
  const waits = { backoff, probeMs: 5000, now: Date.now, timings, limits: openLimits(timings) };
  const pressure = createPressure({ ledger, queues, logger: silent, ...waits });
  await pressure.outage('web-page');
  const age = (ms: number) => stage.redis.hincrby(ledger.keys.outage, 'codeSince', -ms);
  /** A failure within the wait of the one before counts as the same. */
  const next = async (code: string) => {
    await stage.redis.hset(ledger.keys.outage, 'until', 0);
    await pressure.outage(code);
  };
  await age(timings.webPageHoldMs - 5000);
  await next('web-page');
  expect([await readHold(ledger), (await readOutage(ledger))?.code]).toEqual([
    undefined,
    'web-page',
  ]);
  await age(5000);
  await next('gateway-error');
  await next('web-page');
  expect(await readHold(ledger)).toBeUndefined();
  await age(timings.webPageHoldMs);
  await next('web-page');
  expect(await readHold(ledger)).toMatchObject({ code: 'html-answer' });
});
