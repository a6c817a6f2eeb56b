import { breakDown } from '../faults/injected-faults.ts';
import { removedProfile } from '../faults/versions.ts';
import { PortalError } from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { checkFaults, emailFaults, Fields, lengthFaults } from '../http/request-body.ts';
import { callerOf, type Exchange, takeTime } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import type { Account } from './accounts.ts';
import { localPart, parseAddress } from './addresses.ts';
import type { Contact } from './columns.ts';
import { dieMidway, enterGroup, followUp, joinDepartments } from './complete-account.ts';
import { employeeType } from './employee-type.ts';
import { duplicate, insertOrFallBack } from './insert-person.ts';
import { fullProfile, viewOf } from './profiles.ts';

/** `$` in .NET also matches before a last line break; the pattern refuses letters beyond the BMP. */
const NAME = /^[\p{L}\p{M}' -]+\n?$/u;
const SURROGATE = /[\ud800-\udfff]/;

type Form = ReturnType<typeof readForm>;

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
  await enterGroup(exchange, account);
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
