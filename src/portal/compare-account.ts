import type { AccountType } from '../people/account-types.ts';
import { emailIdentity, type Person } from '../people/person.ts';
import { maskEmail } from '../privacy/redact.ts';
import type { Account, AccountRole } from './wire.ts';

// EmployeeStatus (P-ROLE-02).
const DISABLED = 2;

/**
 * Where an account contradicts the person it was asked for, as sentences for the row's warnings
 * (e-mails masked): another address (P-LOOKUP-04: the portal's search ignores accents), a disabled
 * account (P-LOOKUP-03).
 */
export function compareAccount(person: Person, account: Account): string[] {
  const warnings: string[] = [];
  if (!isSameEmail(person.email, account.email)) {
    warnings.push(`The portal's account has another e-mail address: ${maskEmail(account.email)}.`);
  }
  if (account.status === DISABLED) warnings.push('The account is disabled on the portal.');
  return warnings;
}

/** Whether two spellings name the same person, ignoring case and Unicode form. */
function isSameEmail(left: string, right: string): boolean {
  return emailIdentity(left) === emailIdentity(right);
}

/**
 * The role of the account when it is not the one that was asked for, because seats ran out or a
 * creation broke off (P-CREATE-10, P-CREATE-13); else undefined.
 */
export function otherRole(type: AccountType, account: Account): AccountRole | undefined {
  return account.type === wantedRole(type) ? undefined : account.type;
}

// Type All gets no group, and no group is a RoomAdmin (P-ROLE-04).
export function wantedRole(type: AccountType): AccountRole {
  return type === 'All' ? 'RoomAdmin' : type;
}
