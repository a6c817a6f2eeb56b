import { keepGroupsLock, noteGroupMade } from '../../ledger/groups/groups-lock.ts';
import { type GroupRef, mayBeMade } from '../../people/groups.ts';
import type { MissingName } from '../../people/settle-names.ts';
import type { WorkerDeps } from '../deps.ts';
import { type Outcome, putBack, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';

interface Making {
  missing: readonly MissingName[];
  holder: { token: string; forMs: number };
}

/**
 * Makes the missing groups, each by one request. A request without an answer ends it: the next start
 * finds the group by its name, or makes it. Names that the portal would change are left out.
 */
export async function makeMissing(
  deps: WorkerDeps,
  batch: string,
  { missing, holder }: Making,
): Promise<GroupRef[] | Outcome> {
  const { ledger } = deps;
  const made: GroupRef[] = [];
  for (const { name } of missing) {
    if (!mayBeMade(name)) continue;
    if (!(await keepGroupsLock(ledger, holder))) return snooze();
    await noteGroupMade(ledger, deps.now());
    const verdict = await deps.portal.createGroup(name);
    await deps.pressure.heard(verdict);
    if (verdict.kind === 'unknown') {
      const { code } = verdict;
      return isOutage(code) ? putBack({ kind: 'outage', code }) : snooze(deps.lookUpDelayMs);
    }
    await noteGroupMade(ledger, undefined);
    switch (verdict.kind) {
      case 'ok':
        made.push({ id: verdict.value.id, name });
        break;
      case 'rate-limited':
      case 'unreachable':
      case 'stopped':
        return portalOutcome(verdict);
      case 'refused':
      case 'conflict':
      case 'absent':
        deps.logger.warn({ batchId: batch, verdict: verdict.kind }, 'group not made');
    }
  }
  return made;
}
