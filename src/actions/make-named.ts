import { randomUUID } from 'node:crypto';
import type { Submission } from '../batch/submit-batch.ts';
import { OnboardError } from '../errors.ts';
import {
  groupMadeAt,
  keepGroupsLock,
  noteGroupMade,
  releaseGroupsLock,
  takeGroupsLock,
} from '../ledger/groups/groups-lock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { madeRemarks, unknownRemarks } from '../people/group-remarks.ts';
import { settleNames } from '../people/settle-names.ts';
import type { Portal } from '../portal/client.ts';
import type { Timings } from '../timings.ts';
import { type FoundGroups, namesToMake, settledNames } from './find-groups.ts';

/** Holds the lock under which groups are read and made. */
export interface Maker {
  /** Extends the lock; false when another process may have it. */
  keep(): Promise<boolean>;
  release(): Promise<void>;
}

/** Takes the lock; undefined while another process reads or makes groups: workers then do so. */
export async function becomeMaker(ledger: Ledger, timings: Timings): Promise<Maker | undefined> {
  const holder = { token: randomUUID(), forMs: timings.groupsLockMs };
  if (!(await takeGroupsLock(ledger, holder))) return undefined;
  return {
    keep: () => keepGroupsLock(ledger, holder),
    release: () => releaseGroupsLock(ledger, holder.token),
  };
}

interface Making {
  portal: Portal;
  ledger: Ledger;
  maker: Maker | undefined;
  signal: AbortSignal;
  /** Ms since the epoch. */
  now: () => number;
  /** How long the portal may still make a group without an answer, ms. */
  lookUpDelayMs: number;
}

/**
 * Makes the missing groups of a submission, each by one request, and returns it with all of them.
 * When the answer to one is missing, workers continue: they find by name what exists by then.
 * @throws {OnboardError} E_REFUSED when the portal makes none, with what to do.
 */
export async function makeNamed(
  { portal, ledger, maker, signal, now, lookUpDelayMs }: Making,
  submission: Submission,
  found: FoundGroups,
): Promise<Submission> {
  const { named } = submission;
  const names = namesToMake(found);
  if (named === undefined || names.length === 0 || maker === undefined) return submission;
  const madeAt = (await groupMadeAt(ledger)) ?? Number.NEGATIVE_INFINITY;
  if (now() < madeAt + lookUpDelayMs) return submission;
  const made: string[] = [];
  for (const { name } of names) {
    if (!(await maker.keep())) return submission;
    await noteGroupMade(ledger, now());
    const verdict = await portal.createGroup(name, { signal });
    if (verdict.kind === 'unknown') {
      signal.throwIfAborted();
      return submission;
    }
    await noteGroupMade(ledger, undefined);
    if (verdict.kind === 'refused') continue;
    if (verdict.kind === 'stopped') {
      const text = `a group could not be made: ${verdict.reason} ${verdict.remedy}`;
      throw new OnboardError('E_REFUSED', text);
    }
    if (verdict.kind !== 'ok') return submission;
    found.book.add({ id: verdict.value.id, name, membersCount: 0 });
    made.push(name);
  }
  const settled = settleNames(named.groups, found.book);
  const remarks = [...madeRemarks(made), ...unknownRemarks(settled.missing, found.book)];
  const all = [...(submission.remarks ?? []), ...remarks];
  return { ...submission, remarks: all, named: settledNames(settled.named) };
}
