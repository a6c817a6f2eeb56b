import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchGroups } from '../../ledger/groups/batch-groups.ts';
import {
  groupMadeAt,
  keepGroupsLock,
  releaseGroupsLock,
  takeGroupsLock,
} from '../../ledger/groups/groups-lock.ts';
import { areGroupsReady, readNamed } from '../../ledger/groups/named-groups.ts';
import { GroupBook } from '../../people/group-book.ts';
import { madeRemarks, unknownRemarks } from '../../people/group-remarks.ts';
import { settleNames } from '../../people/settle-names.ts';
import { readAllGroups } from '../../portal/all-groups.ts';
import { holdReason } from '../../stops.ts';
import type { WorkerDeps } from '../deps.ts';
import { held, type Outcome, snooze } from '../outcome.ts';
import { makeMissing } from './make-groups.ts';
import { ready, unread } from './settle-groups.ts';

/**
 * Finds the names of a batch on the portal, before its first person, and makes missing groups where
 * that was asked for. One process does so at a time; the others wait for it, so that no job leaves the
 * front of the queue. Undefined when every name is settled.
 */
export async function prepareGroups(
  deps: WorkerDeps,
  batch: string,
  groups: BatchGroups,
): Promise<Outcome | undefined> {
  const { ledger, timings } = deps;
  const token = randomUUID();
  const forMs = timings.groupsLockMs;
  const tries = Math.ceil(timings.groupsWaitMs / timings.groupsPollMs);
  for (let left = tries; !(await takeGroupsLock(ledger, { token, forMs })); left -= 1) {
    if (left === 0) return snooze(timings.pendingPollMs);
    await sleep(timings.groupsPollMs);
    if (await areGroupsReady(ledger, batch)) return undefined;
  }
  try {
    if (await areGroupsReady(ledger, batch)) return undefined;
    return await prepare(deps, batch, { groups, holder: { token, forMs } });
  } finally {
    await releaseGroupsLock(ledger, token);
  }
}

interface Preparing {
  groups: BatchGroups;
  holder: { token: string; forMs: number };
}

async function prepare(
  deps: WorkerDeps,
  batch: string,
  { groups, holder }: Preparing,
): Promise<Outcome | undefined> {
  const { ledger, lookUpDelayMs } = deps;
  // The portal may still be making a group whose answer was lost: found by name, it is made once.
  const madeAt = (await groupMadeAt(ledger)) ?? Number.NEGATIVE_INFINITY;
  const leftMs = Math.min(madeAt + lookUpDelayMs - deps.now(), lookUpDelayMs);
  if (leftMs > 0) return snooze(leftMs);
  const read = await readAllGroups(deps.portal, {
    beforePage: () => keepGroupsLock(ledger, holder),
  });
  await deps.pressure.heard(read);
  if (read.kind !== 'ok') return unread(deps, batch, { groups, verdict: read });
  const book = new GroupBook(read.value);
  const before = settleNames(await readNamed(ledger, batch), book);
  if (book.ambiguous.size > 0) return held(ambiguous(batch, book));
  const made =
    groups.mode === 'create' ? await makeMissing(deps, batch, { ...before, holder }) : [];
  if (!Array.isArray(made)) return made;
  for (const group of made) book.add({ ...group, membersCount: 0 });
  const settled = settleNames(await readNamed(ledger, batch), book);
  const lacking = settled.missing.filter(({ isForAll }) => isForAll);
  if (lacking.length > 0) {
    const names = lacking.map(({ name }) => JSON.stringify(name)).join(', ');
    return held(about(holdReason('group-missing', { batch }, `Names: ${names}.`), batch));
  }
  const remarks = [
    ...madeRemarks(made.map(({ name }) => name)),
    ...unknownRemarks(settled.missing, book),
  ];
  return ready(deps, batch, { ...settled, remarks });
}

/** Names of groups are for the ledger alone. */
function ambiguous(batch: string, { ambiguous: names }: GroupBook) {
  const detail = [...names].map(([name, groups]) => {
    const which = groups.map(({ id, membersCount }) => `${id} (${membersCount} members)`);
    return `${JSON.stringify(name)}: ${which.join(', ')}.`;
  });
  return about(holdReason('group-ambiguous', { batch }, detail.join(' ')), batch);
}

function about<T extends object>(reason: T, batch: string): T & { batch: string } {
  return { ...reason, batch };
}
