import {
  type Account,
  type AccountDraft,
  activationStatus,
  employeeStatus,
  isPaid,
} from './accounts.ts';
import { localPart, parseAddress } from './addresses.ts';
import { breakDown } from './breakdowns.ts';
import { enabledCulture, isCulture } from './cultures.ts';
import { employeeType, lockClassOf, roleOf } from './employee-type.ts';
import { callerOf, type Exchange, takeTime, viewOf } from './exchange.ts';
import { emailFaults, Fields, lengthFaults } from './fields.ts';
import type { Portal } from './portal.ts';
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
} from './portal-errors.ts';
import { fullProfile } from './profiles.ts';
import { type Reply, successReply } from './replies.ts';
import { removedProfile } from './versions.ts';

/** `$` in .NET also matches before a last line break; letters outside the BMP are refused there. */
const NAME = /^[\p{L}\p{M}' -]+\n?$/u;
const SURROGATE = /[\ud800-\udfff]/;
/** Width of the name columns; non-strict MySQL cuts in silence (P-CREATE-12). */
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

/** A person who passed the checks before the lock. */
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
  // Half of the latency lies between choosing the user name and the next look at it, so that
  // parallel requests lose their race in all the ways of P-RACE-02.
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
  // Group ids only have to be GUIDs: the sandbox has no groups, and unknown ones are ignored.
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

/** Steps 3 to 5. */
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

/** Steps 6 to 8, and the choice of the user name in step 9. */
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

/** Earlier portals look at both as one text, so an empty first name passes before a last name. */
function namesToCheck(portal: Portal, firstName: string, lastName: string): string[] {
  if (!portal.conditions.traits.checksNamesApart) return [firstName + lastName];
  return lastName === '' ? [firstName] : [firstName, lastName];
}

function isName(text: string): boolean {
  return NAME.test(text) && !SURROGATE.test(text);
}

/** A seat that the plan does not have turns the person into a User, in silence (step 11). */
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

/** Steps 9 to 13: under the lock of the class nothing else of that class runs. */
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

/** Step 11: the tariff, then a seat of the class that the type takes. */
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
  // The column is NOT NULL and nothing before the INSERT looks (P-CREATE-12).
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
    ...(cultureName && { cultureName: enabledCulture(cultureName) }),
    ...(location && { location }),
    ...(comment && { notes: comment }),
  };
}

/**
 * Step 14: the mail, then the group. What breaks the mail, an event bus that is away or a culture
 * that .NET refuses, leaves the account behind without its group, as a paid RoomAdmin.
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
