import { breakDown } from '../faults/breakdowns.ts';
import { removedProfile } from '../faults/versions.ts';
import {
  accessDenied,
  badArgument,
  isOverQuota,
  notInPlan,
  notSaved,
  nullArgument,
  overQuota,
  PortalError,
  unknownCulture,
  usernameTaken,
  ValidationError,
} from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { emailFaults, Fields, lengthFaults } from '../http/request-fields.ts';
import { callerOf, type Exchange, takeTime, viewOf } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import {
  type Account,
  type AccountDraft,
  activationStatus,
  employeeStatus,
  isPaid,
} from './accounts.ts';
import { localPart, parseAddress } from './addresses.ts';
import { enabledCulture, isCulture } from './cultures.ts';
import { employeeType, lockClassOf, roleOf } from './employee-type.ts';
import { fullProfile } from './profiles.ts';

/** `$` in .NET also matches before a last line break; the pattern refuses letters beyond the BMP. */
const NAME = /^[\p{L}\p{M}' -]+\n?$/u;
const SURROGATE = /[\ud800-\udfff]/;
/** Width of the name columns (P-CREATE-12); the sandbox cuts longer names. */
const NAME_COLUMN = 64;

interface Form {
  email: string | undefined;
  firstName: string | undefined;
  lastName: string | undefined;
  cultureName: string | undefined;
  location: string | undefined;
  comment: string | undefined;
  type: number;
}

/** A person after the checks before the lock. */
interface Candidate extends Form {
  email: string;
  firstName: string;
  userName: string;
}

/** POST /people, P-CREATE-02 to P-CREATE-15. */
export async function createPerson(exchange: Exchange): Promise<Reply> {
  const { portal } = exchange;
  const creator = callerOf(exchange).account;
  const form = readForm(exchange);
  checkPermission(portal, creator, form.type);
  const candidate = checkPerson(portal, form);
  // Half of the latency passes between choosing the user name and checking it, so that parallel
  // requests lose their race in all the ways of P-RACE-02.
  await takeTime(portal, 0.5);
  breakDown(exchange, 'race', candidate.email);
  const inserted = await insertOrFallBack(portal, candidate, creator);
  const account = followUp(exchange, inserted, form.cultureName);
  const echoed = { ...account, firstName: candidate.firstName, lastName: form.lastName ?? '' };
  return successReply(exchange.link, fullProfile(echoed, viewOf(exchange, true)));
}

function readForm({ body }: Exchange): Form {
  const fields = new Fields(body, '$', 'ASC.People.ApiModels.RequestDto.MemberRequestDto');
  const form = {
    email: fields.text('email'),
    firstName: fields.text('firstName'),
    lastName: fields.text('lastName'),
    cultureName: fields.text('cultureName'),
    location: fields.text('location'),
    comment: fields.text('comment'),
    type: fields.type(),
  };
  // Group ids must be GUIDs; the sandbox has no groups, and unknown ids are ignored (P-CREATE-17).
  fields.guids('department');
  validate(form);
  return form;
}

function validate(form: Form): void {
  const faults = {
    Email: emailFaults(form.email),
    FirstName: lengthFaults('FirstName', form.firstName),
    LastName: lengthFaults('LastName', form.lastName),
  };
  const found = Object.entries(faults).filter(([, texts]) => texts.length > 0);
  if (found.length > 0) throw new ValidationError(Object.fromEntries(found));
}

/** Checks the caller (P-ROLE-06, P-CREATE-03). */
function checkPermission(portal: Portal, creator: Account, type: number): void {
  const isAdmin = creator.role === 'DocSpaceAdmin';
  const isAllowed = creator.role === 'RoomAdmin' && type === employeeType.User;
  if (!isAdmin && !(isAllowed && portal.conditions.traits.letsRoomAdminsCreate)) {
    throw accessDenied('ASC.Common.Security.Authorizing.AuthorizingException');
  }
  const isForOwner = type === employeeType.DocSpaceAdmin && !creator.isOwner;
  if (type === employeeType.Guest || isForOwner) throw accessDenied();
  if (!portal.allowInvitingMembers) throw accessDenied();
}

/** Checks address and names (P-CREATE-04 to P-CREATE-06) and chooses the user name. */
function checkPerson(portal: Portal, form: Form): Candidate {
  if (form.email === undefined) throw nullArgument('address');
  const email = parseAddress(form.email);
  if (email === undefined) {
    const text = 'The specified string is not in the form required for an e-mail address.';
    throw new PortalError(500, 'System.FormatException', text);
  }
  if (form.firstName === undefined) throw nullArgument('input');
  if (!namesToCheck(portal, form.firstName, form.lastName ?? '').every(isName)) {
    throw badArgument(portal.texts.incorrectName);
  }
  if (portal.accounts.find(email)) throw badArgument(portal.texts.emailRegistered);
  const userName = portal.accounts.freeUserName(localPart(email));
  return { ...form, email, firstName: form.firstName, userName };
}

/** Earlier portals join both names, so an empty first name passes before a last name. */
function namesToCheck(portal: Portal, firstName: string, lastName: string): string[] {
  if (!portal.conditions.traits.checksNamesApart) return [firstName + lastName];
  return lastName === '' ? [firstName] : [firstName, lastName];
}

function isName(text: string): boolean {
  return NAME.test(text) && !SURROGATE.test(text);
}

/** Without a free paid seat the portal creates a User instead (P-CREATE-10). */
async function insertOrFallBack(
  portal: Portal,
  candidate: Candidate,
  creator: Account,
): Promise<Account> {
  try {
    return await insert(portal, candidate, creator);
  } catch (error) {
    if (!isOverQuota(error) || candidate.type === employeeType.User) throw error;
    portal.journal.suffered('quota.downgrade', candidate.email);
    return insert(portal, { ...candidate, type: employeeType.User }, creator);
  }
}

/** Inserts the account under the lock of its class (P-CREATE-07 to P-CREATE-12). */
async function insert(portal: Portal, candidate: Candidate, creator: Account): Promise<Account> {
  if (portal.accounts.isUserNameTaken(candidate.userName)) throw usernameTaken();
  const addUnderLock = (): Account => {
    checkSeats(portal, candidate);
    if (portal.accounts.isUserNameTaken(candidate.userName))
      throw badArgument('Duplicate UserName');
    if (portal.accounts.find(candidate.email)) throw badArgument('Duplicate Email');
    return portal.accounts.add(draftOf(portal, candidate, creator));
  };
  return portal.locks[lockClassOf(candidate.type)].run(addUnderLock, () =>
    portal.journal.suffered('lock.timeout', candidate.email),
  );
}

/** Checks the tariff, then the seats of the class (P-CREATE-09, P-CREATE-10). */
function checkSeats({ accounts, conditions, journal, texts }: Portal, candidate: Candidate): void {
  const { adminSeats, userSeats } = conditions.limits;
  if (conditions.faults.tariff !== 'paid') {
    journal.suffered(`tariff.${conditions.faults.tariff}`, candidate.email);
    throw notInPlan(texts.notInPlan);
  }
  if (isPaid(roleOf(candidate.type))) {
    if (accounts.paidSeats >= adminSeats) throw overQuota(texts.adminsExceeded(1, 0));
  } else if (accounts.userSeats >= userSeats) {
    throw overQuota(texts.usersExceeded(userSeats));
  }
}

function draftOf(portal: Portal, candidate: Candidate, creator: Account): AccountDraft {
  const { email, userName, firstName, lastName, cultureName, location, comment } = candidate;
  // The column is NOT NULL, and nothing checks it before the INSERT (P-CREATE-12).
  if (lastName === undefined) throw notSaved();
  return {
    email,
    userName,
    firstName: firstName.slice(0, NAME_COLUMN),
    lastName: lastName.slice(0, NAME_COLUMN),
    role: roleOf(candidate.type),
    isOwner: false,
    status: employeeStatus.active,
    activationStatus: activationStatus.pending,
    registeredAt: portal.now(),
    origin: 'post',
    createdBy: portal.conditions.traits.storesCreator ? creator.id : removedProfile.id,
    cultureName: cultureName ? enabledCulture(cultureName) : undefined,
    location: location || undefined,
    notes: comment || undefined,
  };
}

/**
 * Sends the mail, then adds the group (P-CREATE-13). A failed mail, because of an absent event bus
 * or a malformed culture, leaves the account without its group, as a paid RoomAdmin.
 */
function followUp(exchange: Exchange, account: Account, cultureName: string | undefined): Account {
  const { accounts, journal } = exchange.portal;
  try {
    breakDown(exchange, 'inserted', account.email);
    if (cultureName && !isCulture(cultureName)) throw unknownCulture(cultureName);
  } catch (error) {
    accounts.changeRole(account, 'RoomAdmin');
    throw error;
  }
  journal.mailed(account.email, 'activation');
  return account;
}
