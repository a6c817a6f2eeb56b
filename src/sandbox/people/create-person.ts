import { breakDown } from '../faults/injected-faults.ts';
import { ServerKilled } from '../faults/server-life.ts';
import { removedProfile } from '../faults/versions.ts';
import { roleByDepartment } from '../groups/system-groups.ts';
import { PortalError } from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { checkFaults, emailFaults, Fields, lengthFaults } from '../http/request-body.ts';
import { callerOf, type Exchange, takeTime } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import { type Account, type AccountDraft, activationStatus, isPaid } from './accounts.ts';
import { localPart, parseAddress } from './addresses.ts';
import { type Contact, checkWidths, contactsColumn } from './columns.ts';
import { checkCulture } from './cultures.ts';
import { employeeType, roleOf } from './employee-type.ts';
import { fullProfile, viewOf } from './profiles.ts';

/** `$` in .NET also matches before a last line break; the pattern refuses letters beyond the BMP. */
const NAME = /^[\p{L}\p{M}' -]+\n?$/u;
const SURROGATE = /[\ud800-\udfff]/;

type Form = ReturnType<typeof readForm>;

/** A person after the checks before the lock. */
type Candidate = ReturnType<typeof checkPerson> & { createdBy: string };

/** POST /people, P-CREATE-02 to P-CREATE-15. */
export async function createPerson(exchange: Exchange): Promise<Reply> {
  const { portal } = exchange;
  const creator = callerOf(exchange).owner;
  const form = readForm(exchange);
  checkPermission(portal, creator, form.type);
  // Earlier portals store no creator and show a placeholder (P-VERSION-03).
  const createdBy = portal.conditions.traits.isLegacy ? removedProfile.id : creator.id;
  const candidate = { ...checkPerson(portal, form), createdBy };
  // Half of the latency passes between choosing the user name and checking it, so that parallel
  // requests lose their race in all the ways of P-RACE-02.
  await takeTime(exchange, 0.5);
  if (exchange.life.aborted) dieMidway(exchange, candidate);
  breakDown(exchange, candidate.email, {
    race403: () => new PortalError('usernameTaken'),
    race400: () => duplicate('UserName'),
  });
  const account = await insertOrFallBack(exchange, candidate);
  followUp(exchange, account, form.cultureName);
  const settled = joinDepartments(portal, account, { creator, ids: form.departments });
  return successReply(exchange.link, fullProfile(settled, viewOf(exchange, true)));
}

function readForm({ body }: Exchange) {
  const fields = new Fields(body, '$', 'ASC.People.ApiModels.RequestDto.MemberRequestDto');
  const form = {
    email: fields.text('email'),
    firstName: fields.text('firstName'),
    lastName: fields.text('lastName'),
    cultureName: fields.text('cultureName'),
    location: fields.text('location'),
    comment: fields.text('comment'),
    contacts: readContacts(fields),
    type: fields.type(),
    departments: fields.guids('department') ?? [],
  };
  checkFaults({
    Email: emailFaults(form.email),
    FirstName: lengthFaults('FirstName', form.firstName),
    LastName: lengthFaults('LastName', form.lastName),
  });
  return form;
}

function readContacts(fields: Fields): Contact[] {
  return (fields.list('contacts') ?? []).map((value, index) => {
    const contact = new Fields(value, `$.contacts[${index}]`, 'ASC.Web.Api.Models.Contact');
    return { type: contact.text('type') ?? '', value: contact.text('value') ?? '' };
  });
}

/** Checks the caller (P-ROLE-06, P-CREATE-03). */
function checkPermission(portal: Portal, creator: Account, type: number): void {
  const isAdmin = creator.role === 'DocSpaceAdmin';
  // Earlier portals let a RoomAdmin create nobody.
  const isAllowed = creator.role === 'RoomAdmin' && !portal.conditions.traits.isLegacy;
  if (!isAdmin && !(isAllowed && type === employeeType.User)) {
    throw new PortalError('notAuthorized');
  }
  const isForOwner = type === employeeType.DocSpaceAdmin && !creator.isOwner;
  if (type === employeeType.Guest || isForOwner || !portal.allowInvitingMembers) {
    throw new PortalError('accessDenied');
  }
}

/** Checks address and names (P-CREATE-04 to P-CREATE-06) and chooses the user name. */
function checkPerson({ accounts, conditions, texts }: Portal, form: Form) {
  const { firstName, lastName = '' } = form;
  if (form.email === undefined) throw new PortalError('nullArgument', 'address');
  const email = parseAddress(form.email);
  if (email === undefined) throw new PortalError('notAnAddress');
  if (firstName === undefined) throw new PortalError('nullArgument', 'input');
  // Earlier portals join both names, so an empty first name passes before a last name.
  const isApart = !conditions.traits.isLegacy && lastName !== '';
  const names = isApart ? [firstName, lastName] : [firstName + lastName];
  if (!names.every(isName)) throw new PortalError('badArgument', texts.incorrectName);
  if (accounts.find(email)) throw new PortalError('badArgument', texts.emailRegistered);
  return { ...form, email, firstName, userName: accounts.freeUserName(localPart(email)) };
}

function isName(text: string): boolean {
  return NAME.test(text) && !SURROGATE.test(text);
}

/** Without a free paid seat the portal creates a User instead (P-CREATE-10). */
async function insertOrFallBack(exchange: Exchange, candidate: Candidate): Promise<Account> {
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
  const addUnderLock = (): Account => {
    checkSeats(portal, candidate);
    if (accounts.isUserNameTaken(userName)) throw duplicate('UserName');
    if (accounts.find(email)) throw duplicate('Email');
    return accounts.add(draftOf(portal, candidate));
  };
  // Each class of seats has a lock (P-CREATE-08).
  const lock = isPaid(roleOf(candidate.type)) ? locks.paid : locks.members;
  return lock.run(addUnderLock, { life, gaveUp: () => journal.suffered('lock.timeout', email) });
}

function duplicate(column: string): PortalError {
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

function draftOf(portal: Portal, candidate: Candidate): AccountDraft {
  const { email, userName, firstName, lastName, cultureName, createdBy } = candidate;
  checkWidths({
    ...{ FirstName: firstName, LastName: lastName, CultureName: cultureName },
    ...{ Location: candidate.location, Notes: candidate.comment },
    Contacts: contactsColumn(candidate.contacts),
  });
  // The column is NOT NULL, and nothing checks it before the INSERT (P-CREATE-12).
  if (lastName === undefined) throw new PortalError('notSaved');
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

/**
 * Sends the mail, then adds the group (P-CREATE-13). A failed mail, because of an absent event bus
 * or a malformed culture, leaves the account without its group, as a paid RoomAdmin.
 */
function followUp(exchange: Exchange, account: Account, cultureName: string | undefined): void {
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
function dieMidway({ portal }: Exchange, candidate: Candidate): never {
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
function joinDepartments(
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
