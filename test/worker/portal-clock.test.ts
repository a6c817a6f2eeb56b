import { expect, test } from 'vitest';
import { readBatch } from '../../src/ledger/batch/batches.ts';
import { type PendingRow, type RowToWork, readRow } from '../../src/ledger/rows/pending-row.ts';
import { notePortalClock } from '../../src/worker/create/portal-clock.ts';
import { people } from '../support/people.ts';
import { openStage } from '../support/stage.ts';

const MINUTE_MS = 60_000;

/** The record of a batch after the portal's clock was noted at these offsets, in order. */
async function heard(...aheadMs: (number | undefined)[]): Promise<number | undefined> {
  const stage = await openStage();
  const { ledger } = stage;
  const batch = await stage.submit(people(1));
  const deps = stage.deps();
  for (const ahead of aheadMs) {
    const row = await readRow(ledger, { batch, round: 1, row: 0 });
    const clock = () => (ahead === undefined ? undefined : Date.now() + ahead);
    const portal = { ...deps.portal, clock };
    await notePortalClock({ ...deps, portal }, batch, pending(row));
  }
  const { acceptedAt, acceptedOnPortal } = await readBatch(ledger, batch);
  return acceptedOnPortal === undefined ? undefined : acceptedOnPortal - acceptedAt;
}

function pending(row: RowToWork): PendingRow {
  if (row.state !== 'pending') throw new Error('the row is settled');
  return row;
}

test('a portal that reported no time at the submission is heard later', async () => {
  expect(await heard(undefined)).toBeUndefined();
  const ahead = (await heard(undefined, 3 * MINUTE_MS)) ?? 0;
  expect(Math.abs(ahead - 3 * MINUTE_MS)).toBeLessThan(1000);
});

test('the earliest time counts, however often the clock is set', async () => {
  const ahead = (await heard(0, -10 * MINUTE_MS, 0, 5 * MINUTE_MS)) ?? 0;
  expect(Math.abs(ahead + 10 * MINUTE_MS)).toBeLessThan(1000);
});

test('the seconds that an answer takes are no change of a clock', async () => {
  const ahead = (await heard(0, -1500)) ?? 0;
  expect(Math.abs(ahead)).toBeLessThan(1000);
});
