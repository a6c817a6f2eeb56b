import type { Batch } from '../../ledger/batch/batches.ts';
import { noteJoined, readJoining } from '../../ledger/rows/joining.ts';
import { markedRows, markRows } from '../../ledger/rows/marks.ts';
import type { GroupRef } from '../../people/groups.ts';
import { mayNotRead } from '../../portal/all-groups.ts';
import type { Verdict } from '../../portal/verdict.ts';
import type { WorkerDeps } from '../deps.ts';
import { type Outcome, putBack, snooze } from '../outcome.ts';
import { isOutage, portalOutcome } from '../pressure/portal-outcome.ts';
import { shown } from './row-groups.ts';

/** Accounts of one request: the portal adds them one by one. */
const ADDED_TOGETHER = 100;
/** Requests in a row without a usable answer before the accounts stay outside their group. */
const MOST_TRIES = 5;

/**
 * Adds accounts that were found without their groups to these, one request a start: adding is
 * idempotent (P-GROUP-06), so that a start which was killed is repeated. A group that takes nobody
 * holds up no invite: its rows are warned of. Undefined when nobody is left.
 */
export async function joinGroups(deps: WorkerDeps, batch: Batch): Promise<Outcome | undefined> {
  const { ledger } = deps;
  const rows = await markedRows(ledger, batch.id, 'to-join', ADDED_TOGETHER);
  if (rows.length === 0) return undefined;
  const joining = await readJoining(ledger, batch.id, rows);
  const group = joining.flatMap(({ joins }) => joins)[0];
  if (group === undefined) {
    await markRows(ledger, batch.id, { rows, clear: ['to-join'] });
    return snooze();
  }
  const members = joining.filter(({ joins }) => joins.some(({ id }) => id === group.id));
  const ids = members.map(({ portalId }) => portalId);
  const verdict = await deps.portal.addGroupMembers(group.id, ids);
  await deps.pressure.heard(verdict);
  const step = { batch: batch.id, group, rows: members.map(({ row }) => row) };
  return verdict.kind === 'ok' ? added(deps, step) : notAdded(deps, step, verdict);
}

interface Step {
  batch: string;
  group: GroupRef;
  rows: readonly number[];
}

async function added({ ledger }: WorkerDeps, { batch, group, rows }: Step): Promise<Outcome> {
  await noteJoined(ledger, batch, { group: group.id, rows });
  await ledger.redis.hdel(ledger.keys.record(batch), 'joinTries');
  return snooze();
}

type NotOk = Exclude<Verdict<unknown>, { kind: 'ok' }>;

async function notAdded(deps: WorkerDeps, step: Step, verdict: NotOk): Promise<Outcome> {
  if (mayNotRead(verdict)) return giveUp(deps, step, verdict);
  switch (verdict.kind) {
    case 'rate-limited':
    case 'unreachable':
    case 'stopped':
      return portalOutcome(verdict);
    case 'refused':
      return giveUp(deps, step, verdict);
    case 'absent':
    case 'conflict':
    case 'unknown': {
      if (verdict.kind === 'unknown' && isOutage(verdict.code)) {
        return putBack({ kind: 'outage', code: verdict.code });
      }
      const record = deps.ledger.keys.record(step.batch);
      const tries = await deps.ledger.redis.hincrby(record, 'joinTries', 1);
      if (tries < MOST_TRIES) return snooze(deps.pressure.backoffMs(tries));
      return giveUp(deps, step, verdict);
    }
  }
}

/** The accounts stay outside the group, and their rows say so. */
async function giveUp(deps: WorkerDeps, step: Step, verdict: NotOk): Promise<Outcome> {
  const { group, rows } = step;
  const why = 'reason' in verdict ? ` ${verdict.reason}` : '';
  const warning = `The account was not added to the group ${shown(group.name)}.${why}`;
  const code = 'code' in verdict ? verdict.code : verdict.kind;
  deps.logger.warn({ batchId: step.batch, accounts: rows.length, code }, 'not added to a group');
  await noteJoined(deps.ledger, step.batch, { group: group.id, rows, warning });
  await deps.ledger.redis.hdel(deps.ledger.keys.record(step.batch), 'joinTries');
  return snooze();
}
