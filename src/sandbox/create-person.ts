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
import { callerOf, type Exchange, takeTime, viewOf } from './exchange.ts';
import { emailFaults, Fields, lengthFaults } from './fields.ts';
import type { Portal } from './portal.ts';
import {
  accessDenied,
  badArgument,
  nullArgument,
  overQuota,
  PortalError,
  unknownCulture,
  ValidationError,
} from './portal-errors.ts';
import { fullProfile } from './profiles.ts';
import { type Reply, successReply } from './replies.ts';

/** `$` in .NET also matches before a last line break; letters outside the BMP are refused there. */
const NAME = /^[\p{L}\p{M}' -]+\n?$/u;
const SURROGATE = /[\ud800-\udfff]/;
/** Width of the name columns; non-strict MySQL cuts in silence (docspace-contract 2.1, step 13). */
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

/** POST /people, steps 2 to 14 of docspace-contract 2.1. */
export async function createPerson(exchange: Exchange): Promise<Reply> {
  const { portal } = exchange;
  const creator = callerOf(exchange).account;
  const form = readForm(exchange);
  checkPermission(portal, creator, form.type);
  const candidate = checkPerson(portal, form);
  // Half of the latency lies between choosing the user name and the next look at it, so that
  // parallel requests lose their race in all the ways of docspace-contract 6.
  await takeTime(portal, 0.5);
  const inserted = await insertOrFallBack(portal, candidate, creator);
  const account = followUp(portal, inserted, form.cultureName);
  const echoed = { ...account, firstName: candidate.firstName, lastName: form.lastName ?? '' };
  return successReply(exchange.link, fullProfile(echoed, viewOf(exchange, true)));
}

function readForm({ portal, body }: Exchange): Form {
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
  portal.journal.posted(form.email);
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
  if (!isAdmin && !(creator.role === 'RoomAdmin' && type === employeeType.User)) {
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
  if (!isName(form.firstName) || (form.lastName && !isName(form.lastName))) {
    throw badArgument(portal.texts.incorrectName);
  }
  if (portal.accounts.find(email)) throw badArgument(portal.texts.emailRegistered);
  const userName = portal.accounts.freeUserName(localPart(email));
  return { ...form, email, firstName: form.firstName, userName };
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
    if (!(error instanceof PortalError) || error.status !== 402) throw error;
    return insert(portal, { ...candidate, type: employeeType.User }, creator);
  }
}

/** Steps 9 to 13: under the lock of the class nothing else of that class runs. */
async function insert(portal: Portal, candidate: Candidate, creator: Account): Promise<Account> {
  if (portal.accounts.isUserNameTaken(candidate.userName)) {
    throw new PortalError(403, 'System.InvalidOperationException', 'User already exist.');
  }
  return portal.locks[lockClassOf(candidate.type)].run(() => {
    checkSeats(portal, candidate.type);
    if (portal.accounts.isUserNameTaken(candidate.userName))
      throw badArgument('Duplicate UserName');
    if (portal.accounts.find(candidate.email)) throw badArgument('Duplicate Email');
    return portal.accounts.add(draftOf(portal, candidate, creator));
  });
}

function checkSeats(portal: Portal, type: number): void {
  const { adminSeats } = portal.limits;
  if (!isPaid(roleOf(type)) || portal.accounts.paidSeats < adminSeats) return;
  throw overQuota(portal.texts.adminsExceeded(1, 0));
}

function draftOf(portal: Portal, candidate: Candidate, creator: Account): AccountDraft {
  const { email, userName, firstName, lastName, cultureName, location, comment } = candidate;
  // The column is NOT NULL and nothing before the INSERT looks (docspace-contract 2.1, lastName).
  if (lastName === undefined) throw nullColumn();
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
    createdBy: creator.id,
    ...(cultureName && { cultureName: enabledCulture(cultureName) }),
    ...(location && { location }),
    ...(comment && { notes: comment }),
  };
}

function nullColumn(): PortalError {
  const text = 'An error occurred while saving the entity changes. See the inner exception.';
  return new PortalError(500, 'Microsoft.EntityFrameworkCore.DbUpdateException', text);
}

/**
 * Step 14: the mail, then the group. A culture that .NET refuses breaks the mail, so the account
 * stays behind without its group, as a paid RoomAdmin.
 */
function followUp(portal: Portal, account: Account, cultureName: string | undefined): Account {
  if (cultureName && !isCulture(cultureName)) {
    portal.accounts.changeRole(account, 'RoomAdmin');
    throw unknownCulture(cultureName);
  }
  portal.journal.mailed(account.email, 'activation');
  return account;
}
