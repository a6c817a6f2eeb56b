import { PortalError } from '../http/portal-exceptions.ts';
import type { Exchange } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import { type Account, type AccountDraft, activationStatus, isPaid } from './accounts.ts';
import { type Contact, checkWidths, contactsColumn } from './columns.ts';
import { employeeType, roleOf } from './employee-type.ts';

/** A person after the checks before the lock. */
export interface Candidate {
  readonly email: string;
  readonly userName: string;
  readonly firstName: string;
  readonly lastName: string | undefined;
  readonly cultureName: string | undefined;
  readonly location: string | undefined;
  readonly comment: string | undefined;
  readonly contacts: readonly Contact[];
  readonly type: number;
  readonly createdBy: string;
}

/** Without a free paid seat the portal creates a User instead (P-CREATE-10). */
export async function insertOrFallBack(exchange: Exchange, candidate: Candidate): Promise<Account> {
  try {
    return await insert(exchange, candidate);
  } catch (error) {
    const isOverQuota = error instanceof PortalError && error.kind === 'overQuota';
    if (!isOverQuota || candidate.type === employeeType.User) throw error;
    exchange.portal.journal.suffered('quota.downgrade', candidate.email);
    return insert(exchange, { ...candidate, type: employeeType.User });
  }
}

/** Inserts the account under the lock of its class (P-CREATE-07 to P-CREATE-12). */
async function insert({ portal, life }: Exchange, candidate: Candidate): Promise<Account> {
  const { accounts, journal, locks } = portal;
  const { email, userName } = candidate;
  if (accounts.isUserNameTaken(userName)) throw new PortalError('usernameTaken');
  // Between check and INSERT the other class may add the same person (P-RACE-01).
  const check = (): void => {
    checkSeats(portal, candidate);
    if (accounts.isUserNameTaken(userName)) throw duplicate('UserName');
    if (accounts.find(email)) throw duplicate('Email');
  };
  const gaveUp = (): void => journal.suffered('lock.timeout', email);
  // Each class of seats has a lock (P-CREATE-08).
  const lock = isPaid(roleOf(candidate.type)) ? locks.paid : locks.members;
  return lock.run(() => accounts.add(draftOf(portal, candidate)), { life, gaveUp, check });
}

export function duplicate(column: string): PortalError {
  return new PortalError('badArgument', `Duplicate ${column}`);
}

/** Checks the tariff, then the seats of the class (P-CREATE-09, P-CREATE-10, P-CREATE-20). */
function checkSeats({ accounts, conditions, journal, texts }: Portal, candidate: Candidate): void {
  const { adminSeats, userSeats } = conditions.limits;
  const { tariff } = conditions.faults;
  if (tariff !== 'paid') {
    journal.suffered(`tariff.${tariff}`, candidate.email);
    throw new PortalError('notInPlan', texts.notInPlan);
  }
  if (!isPaid(roleOf(candidate.type))) {
    if (conditions.faults.guests + accounts.guests < userSeats) return;
    throw new PortalError('overQuota', texts.usersExceeded(userSeats));
  }
  if (accounts.paidSeats < adminSeats) return;
  throw new PortalError('overQuota', texts.adminsExceeded(1, 0));
}

export function draftOf(portal: Portal, candidate: Candidate): AccountDraft {
  const { email, userName, firstName, lastName, cultureName, createdBy } = candidate;
  checkWidths({
    ...{ FirstName: firstName, LastName: lastName, CultureName: cultureName },
    ...{ Location: candidate.location, Notes: candidate.comment },
    Contacts: contactsColumn(candidate.contacts),
  });
  // Nothing checks NOT NULL and the three bytes a letter before the INSERT (P-CREATE-12, P-CREATE-21).
  if (lastName === undefined || /[\ud800-\udfff]/.test(email)) throw new PortalError('notSaved');
  return {
    email,
    userName,
    firstName,
    lastName,
    role: roleOf(candidate.type),
    activationStatus: activationStatus.pending,
    registeredAt: portal.now(),
    origin: 'post',
    createdBy,
    cultureName,
    contacts: candidate.contacts,
    location: candidate.location || undefined,
    notes: candidate.comment || undefined,
  };
}
