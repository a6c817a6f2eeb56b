import { expect } from 'vitest';
import type { Finding, Inspection } from '../../src/batch/findings.ts';
import { repair } from '../../src/batch/repair.ts';
import { settleRow } from '../../src/ledger/rows/rows.ts';
import { parentId } from '../../src/queue/job-id.ts';
import { people } from '../support/people.ts';
import { openStage, type Stage } from '../support/stage.ts';

function look(change: Partial<Inspection> = {}): Inspection {
  return { budget: { left: 10_000 }, remembers: false, ...change };
}

export function repairNow(
  stage: Stage,
  batch: string,
  change: Partial<Inspection> = {},
): Promise<Finding[]> {
  return repair(stage.producer(), batch, look(change));
}

/** A batch of three people without a worker. */
export async function openBatch(): Promise<{ stage: Stage; batch: string; parentKey: string }> {
  const stage = await openStage();
  const batch = await stage.submit(people(3));
  return { stage, batch, parentKey: stage.queues.invite.toKey(parentId(batch, 1)) };
}

/** Every case ends so: workers finish the batch, with one invite for the created people. */
export async function expectFinish(stage: Stage, batch: string, created = 3): Promise<void> {
  await stage.startWorkers();
  const report = await stage.untilFinished(batch);
  expect(report).toMatchObject({ pending: 0, created, invited: created, inviteRequests: 1 });
  const { acceptedInvites, accounts } = stage.sandbox.state();
  expect(acceptedInvites).toHaveLength(1);
  expect(acceptedInvites[0]?.emails.toSorted()).toEqual(
    accounts.map((account) => account.email).toSorted(),
  );
}

export async function settle(stage: Stage, batch: string, row: number): Promise<void> {
  await settleRow(stage.ledger, { batch, round: 1, row }, { state: 'created', outcome: {} });
}
