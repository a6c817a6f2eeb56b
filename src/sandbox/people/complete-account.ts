import { setTimeout as sleep } from 'node:timers/promises';
import { breakDown } from '../faults/injected-faults.ts';
import { ServerKilled } from '../faults/server-life.ts';
import { roleByDepartment } from '../groups/system-groups.ts';
import { PortalError } from '../http/portal-exceptions.ts';
import type { Exchange } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import type { Account } from './accounts.ts';
import { checkCulture } from './cultures.ts';
import { type Candidate, draftOf } from './insert-person.ts';

/** Until the row has its group, everybody is a RoomAdmin to every reader (P-RACE-04). */
export async function enterGroup({ portal, life }: Exchange, account: Account): Promise<void> {
  const { groupDelayMs } = portal.conditions.faults;
  if (groupDelayMs === 0) return;
  portal.accounts.change(account, { role: 'RoomAdmin', isHalfMade: true });
  await sleep(groupDelayMs, undefined, { signal: life }).catch(() => undefined);
  if (life.aborted) {
    leaveHalfMade(portal, account);
    throw new ServerKilled();
  }
  portal.accounts.change(account, { role: account.role, isHalfMade: false });
}

/**
 * Sends the mail, then adds the group (P-CREATE-13). A failed mail, because of an absent event bus
 * or a malformed culture, leaves the account without its group, as a paid RoomAdmin.
 */
export function followUp(
  exchange: Exchange,
  account: Account,
  cultureName: string | undefined,
): void {
  const { portal } = exchange;
  try {
    breakDown(exchange, account.email, {
      error500Groupless: () => new PortalError('mailNotSent'),
      halfMade: () => new ServerKilled(),
    });
  } catch (error) {
    leaveHalfMade(portal, account);
    throw error;
  }
  try {
    checkCulture(cultureName);
  } catch (error) {
    portal.accounts.change(account, { role: 'RoomAdmin', isHalfMade: true });
    throw error;
  }
  portal.journal.mailed(account.email, 'activation');
}

/** Ends a creation of a killed server: for half of the people after the row is stored. */
export function dieMidway({ portal }: Exchange, candidate: Candidate): never {
  const { accounts, conditions, journal } = portal;
  const isStored = conditions.toss(`killed ${candidate.email}`) && !accounts.find(candidate.email);
  if (isStored) {
    leaveHalfMade(portal, accounts.add(draftOf(portal, candidate)));
    journal.suffered('killed.halfMade', candidate.email);
  }
  throw new ServerKilled();
}

/** Leaves an account without its group and mail, and for half of the people without a password. */
function leaveHalfMade({ accounts, conditions }: Portal, account: Account): void {
  const hasPassword = conditions.toss(`password ${account.email}`);
  accounts.change(account, { role: 'RoomAdmin', isHalfMade: true, hasPassword });
}

/** Adds the departments if the creator may edit groups; unknown ids are dropped (P-CREATE-17). */
export function joinDepartments(
  { accounts, groups }: Portal,
  account: Account,
  { creator, ids }: { creator: Account; ids: readonly string[] },
): Account {
  if (creator.role !== 'DocSpaceAdmin') return account;
  for (const group of ids.map((id) => groups.get(id))) {
    if (group !== undefined) groups.join(group, account.id);
  }
  const [role] = ids.flatMap((id) => roleByDepartment(id) ?? []);
  return role === undefined ? account : accounts.changeRole(account, role);
}
