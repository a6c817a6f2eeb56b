import { OnboardError } from '../errors.ts';
import { readBatch } from '../ledger/batch/batches.ts';
import { logged } from '../ledger/notes/action-log.ts';
import { noteRole } from '../ledger/rows/marks.ts';
import { wantedRole } from '../portal/compare-account.ts';
import { maskEmail } from '../privacy/redact.ts';
import type { Acting } from './batch-actions.ts';
import { differingRows, type RoleRow } from './differing-rows.ts';
import { type Asking, changeRoles, isAsAsked, isUnchanged, roleNow } from './role-requests.ts';

/** A portal with its address, to change accounts of a batch that is for it. */
export interface RolePortal extends Asking {
  origin: string;
}

/** One account, as `setRoles` found or left it. */
export interface RoleChange {
  /** File and line of the input. */
  place: string;
  /** Masked. */
  email: string;
  asked: string;
  /** The role of the account now; null where the portal does not say. */
  role: string | null;
  /** Why the role stays as it is; null where it was set, or would be. */
  reason: string | null;
}

export interface RolesSet {
  /** Accounts that have the role that was asked for now; with `dryRun`, that would be changed. */
  set: RoleChange[];
  /** Accounts that keep another role. They stay in the report. */
  left: RoleChange[];
}

const SINCE = 'Its role was changed on the portal since: set it there, if it is wrong.';
const KEPT = 'The portal kept the role.';
const UNKNOWN = 'The portal does not say which role it has.';

/**
 * Gives the accounts of a batch that have another role than was asked for that role. Only accounts
 * that this batch created and whose role nobody changed since are touched; everybody is looked up
 * before and after.
 * @throws {OnboardError} E_BATCH_UNKNOWN, E_CONFIG for another portal, E_PORTAL when the portal does
 * not answer or refuses everything.
 */
export async function setRoles(
  { producer, by }: Acting,
  batch: string,
  { portal, dryRun = false }: { portal: RolePortal; dryRun?: boolean | undefined },
): Promise<RolesSet> {
  const { ledger } = producer;
  const { portal: origin } = await readBatch(ledger, batch);
  if (origin !== portal.origin) {
    const text = `batch ${batch} is for ${origin}, not for ${portal.origin}: set DOCSPACE_URL to that portal`;
    throw new OnboardError('E_CONFIG', text);
  }
  const work = () => lookAndSet(producer.ledger, { batch, portal, dryRun });
  if (dryRun) return work();
  const result = ({ set, left }: RolesSet) => ({ set: set.length, left: left.length });
  return logged(ledger, { action: 'set-roles', batch, by, result }, work);
}

interface Setting {
  batch: string;
  portal: RolePortal;
  dryRun: boolean;
}

async function lookAndSet(
  ledger: Acting['producer']['ledger'],
  { batch, portal, dryRun }: Setting,
): Promise<RolesSet> {
  const result: RolesSet = { set: [], left: [] };
  const wrong: RoleRow[] = [];
  for (const row of await differingRows(ledger, batch)) {
    const role = await roleNow(portal, row);
    if (isAsAsked(row, role)) {
      result.set.push(changeOf(row, role));
      if (!dryRun) await noteRole(ledger, { batch, row: row.row }, { role: undefined });
    } else if (isUnchanged(row, role)) wrong.push(row);
    else result.left.push(changeOf(row, role, role === undefined ? UNKNOWN : SINCE));
  }
  if (dryRun) {
    for (const row of wrong) result.set.push(changeOf(row, row.role));
    return result;
  }
  const refusals = await changeRoles(portal, wrong);
  for (const row of wrong) {
    const role = await roleNow(portal, row);
    const at = { batch, row: row.row };
    if (isAsAsked(row, role)) {
      await noteRole(ledger, at, { role: undefined });
      result.set.push(changeOf(row, role));
      continue;
    }
    const reason = refusals.get(row.row) ?? KEPT;
    await noteRole(ledger, at, { role: role ?? row.role, reason });
    result.left.push(changeOf(row, role, reason));
  }
  return result;
}

function changeOf(
  row: RoleRow,
  role: string | undefined,
  reason: string | null = null,
): RoleChange {
  const { place, email, type } = row;
  return { place, email: maskEmail(email), asked: wantedRole(type), role: role ?? null, reason };
}
