import { addRemarks } from '../../ledger/batch/batch-remarks.ts';
import type { BatchGroups } from '../../ledger/groups/batch-groups.ts';
import { noteGroupsReady, readNamed, storeNamed } from '../../ledger/groups/named-groups.ts';
import { GroupBook } from '../../people/group-book.ts';
import { unreadRemarks } from '../../people/group-remarks.ts';
import type { Remark } from '../../people/remark.ts';
import { type Settled, settleNames } from '../../people/settle-names.ts';
import { mayNotRead } from '../../portal/all-groups.ts';
import type { Verdict } from '../../portal/verdict.ts';
import { holdReason } from '../../stops.ts';
import type { WorkerDeps } from '../deps.ts';
import { held, type Outcome, putBack, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';

/** Readings without a usable answer before a person is asked: about 16 minutes, as for lookups. */
const MOST_READINGS = 20;

/** Stores the groups of each name, and sentences about them: from now on people are created. */
export async function ready(
  { ledger, logger }: WorkerDeps,
  batch: string,
  { named, missing, remarks }: Settled & { remarks: readonly Remark[] },
): Promise<undefined> {
  await storeNamed(ledger, batch, named);
  await addRemarks(ledger, batch, remarks);
  await noteGroupsReady(ledger, batch);
  const numbers = { cells: named.size, missing: missing.length };
  logger.info({ batchId: batch, ...numbers }, 'groups of the list are found');
}

interface Unread {
  groups: BatchGroups;
  verdict: Exclude<Verdict<never>, { kind: 'ok' }>;
}

/** A list whose names may be left out is worked without them; any other waits. */
export async function unread(
  deps: WorkerDeps,
  batch: string,
  { groups, verdict }: Unread,
): Promise<Outcome | undefined> {
  const mayLack = groups.mode === 'existing' && groups.names.length === 0;
  if (mayNotRead(verdict) && mayLack) return withoutGroups(deps, batch, verdict);
  switch (verdict.kind) {
    case 'rate-limited':
    case 'unreachable':
    case 'stopped':
      return portalOutcome(verdict);
    case 'absent':
    case 'refused':
    case 'conflict':
    case 'unknown': {
      if (verdict.kind === 'unknown' && isOutage(verdict.code)) {
        return putBack({ kind: 'outage', code: verdict.code });
      }
      const record = deps.ledger.keys.record(batch);
      const readings = await deps.ledger.redis.hincrby(record, 'groupReadings', 1);
      if (readings < MOST_READINGS) return snooze(deps.pressure.backoffMs(readings));
      if (mayLack) return withoutGroups(deps, batch, verdict);
      const reason = 'reason' in verdict ? verdict.reason : undefined;
      return held({ ...holdReason('groups-unreadable', { batch }, reason), batch });
    }
  }
}

/** Ids count as given, names as unknown. */
async function withoutGroups(
  deps: WorkerDeps,
  batch: string,
  verdict: Unread['verdict'],
): Promise<undefined> {
  const settled = settleNames(await readNamed(deps.ledger, batch), GroupBook.unread());
  const reason = 'reason' in verdict ? verdict.reason : verdict.kind;
  return ready(deps, batch, { ...settled, remarks: unreadRemarks(reason) });
}
