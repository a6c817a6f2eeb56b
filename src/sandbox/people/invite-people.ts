import { breakDown } from '../faults/injected-faults.ts';
import { PortalError, ValidationError } from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { checkFaults, emailFaults, Fields } from '../http/request-body.ts';
import { callerOf, type Exchange } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import { type Account, activationStatus, employeeStatus, isPaid } from './accounts.ts';
import { inviteFault } from './addresses.ts';
import { checkCulture } from './cultures.ts';
import { employeeType, isPromotion, roleOf } from './employee-type.ts';
import { briefProfile, fullProfile, viewOf } from './profiles.ts';

/** .NET's sentence about a name that is no IDN, never translated. */
const NOT_DECODED = 'Decoded string is not a valid IDN name.';

type Invitation = ReturnType<typeof readInvitation>;
type Entry = ReturnType<typeof readEntry>;

/** POST /people/invite (P-INVITE-01 to P-INVITE-08). */
export function invitePeople(exchange: Exchange): Reply {
  const { portal } = exchange;
  const { acceptedInvites, refusedInvites } = portal.journal.events;
  const invitation = readInvitation(exchange.body);
  const emails = invitation.entries.map((entry) => entry.email ?? '');
  try {
    inviteAll(exchange, invitation);
  } catch (error) {
    const isOfPortal = error instanceof ValidationError || error instanceof PortalError;
    refusedInvites.push({ at: portal.now(), emails, status: isOfPortal ? error.status : 500 });
    throw error;
  }
  acceptedInvites.push({ at: portal.now(), emails });
  const pending = portal.accounts.pending();
  const response = pending.map((account) => briefProfile(account, exchange.url.origin));
  return successReply(exchange.link, response);
}

function readInvitation(body: unknown) {
  const fields = new Fields(body, '$', 'ASC.People.ApiModels.RequestDto.InviteUsersRequestDto');
  const list = fields.list('invitations');
  const culture = fields.text('culture');
  if (list !== undefined) return { entries: list.map(readEntry), culture };
  throw new ValidationError({ Invitations: ['The Invitations field is required.'] });
}

function readEntry(value: unknown, index: number) {
  if (value === null) throw new PortalError('nullReference');
  const path = `$.invitations[${index}]`;
  const fields = new Fields(value, path, 'ASC.Api.Core.Model.EmailInvitationDto');
  return { email: fields.text('email'), type: fields.type() };
}

/**
 * Checks the whole request, then processes entry after entry without a transaction: entries before
 * a refused one stay done and mailed (P-INVITE-03).
 */
function inviteAll(exchange: Exchange, { entries, culture }: Invitation): void {
  const { portal } = exchange;
  const inviter = callerOf(exchange).owner;
  validate(portal, entries);
  if (!portal.allowInvitingMembers || !isPaid(inviter.role)) throw new PortalError('accessDenied');
  checkSeats(portal, entries);
  const middle = Math.floor(entries.length / 2);
  for (const [index, { email = '', type }] of entries.entries()) {
    const one = { email, type, culture, inviter };
    try {
      const disabled = portal.texts.disabled(email);
      const refusedMidway = (): PortalError => new PortalError('badArgument', disabled);
      if (index === middle) breakDown(exchange, email, { refusedMidway });
      checkEntry(portal, one);
    } catch (error) {
      // A refused entry ends the request; earlier portals skip it (P-VERSION-02).
      if (!portal.conditions.traits.isLegacy) throw error;
      continue;
    }
    inviteOne(portal, one);
  }
}

/** Checks the attributes of the entries and the invitation limit (P-LIMIT-09) together. */
function validate({ invitations, now, texts }: Portal, entries: readonly Entry[]): void {
  const asked = entries.filter(({ email }) => email).length;
  const isOverLimit = asked > invitations.remaining(now());
  const faults = entries.map(({ email }, index): [string, string[]] => [
    `Invitations[${index}].Email`,
    emailFaults(email),
  ]);
  const ofList = isOverLimit ? [texts.invitationLimit] : [];
  checkFaults({ ...Object.fromEntries(faults), Invitations: ofList });
}

function checkSeats({ accounts, conditions, texts }: Portal, entries: readonly Entry[]): void {
  // Type All does not count, although it makes a RoomAdmin (P-INVITE-02).
  const asked = entries.filter(
    ({ type }) => type === employeeType.RoomAdmin || type === employeeType.DocSpaceAdmin,
  ).length;
  const free = conditions.limits.adminSeats - accounts.paidSeats;
  if (asked > 0 && asked > free) {
    throw new PortalError('overQuota', texts.adminsExceeded(asked, free));
  }
}

interface OneInvitation {
  email: string;
  type: number;
  culture: string | undefined;
  inviter: Account;
}

function checkEntry({ accounts, texts }: Portal, { email, type, inviter }: OneInvitation): void {
  const fault = inviteFault(email);
  if (fault === 'decoded') throw new PortalError('badArgument', NOT_DECODED);
  if (fault !== undefined) throw new PortalError('badArgument', texts.incorrectEmail);
  const isRefused =
    type === employeeType.Guest ||
    (type === employeeType.RoomAdmin && inviter.role !== 'DocSpaceAdmin') ||
    (type === employeeType.DocSpaceAdmin && !inviter.isOwner);
  if (isRefused) throw new PortalError('accessDenied');
  if (accounts.find(email)?.status === employeeStatus.terminated) {
    throw new PortalError('badArgument', texts.disabled(email));
  }
}

/** Promotes a known person or adds a new one. */
function inviteOne(portal: Portal, one: OneInvitation): void {
  const { accounts, conditions, journal, texts } = portal;
  const known = accounts.find(one.email);
  if (known === undefined && conditions.faults.tariff !== 'paid') {
    journal.suffered(`tariff.${conditions.faults.tariff}`, one.email);
    throw new PortalError('notInPlan', texts.notInPlan);
  }
  if (known !== undefined && !isPromotion(known.role, one.type)) return;
  const role = roleOf(one.type);
  const isFull = accounts.paidSeats >= conditions.limits.adminSeats;
  if (isFull && isPaid(role) && !(known && isPaid(known.role))) {
    throw new PortalError('overQuota', texts.adminsExceeded(1, 0));
  }
  if (known === undefined) addInvited(portal, one);
  else accounts.changeRole(known, role);
}

/** Adds a pending account without names, then sends the mail, which a bad culture prevents. */
function addInvited(portal: Portal, { email, type, culture, inviter }: OneInvitation): void {
  portal.accounts.add({
    email,
    role: roleOf(type),
    status: employeeStatus.pending,
    hasPassword: false,
    activationStatus: activationStatus.pending,
    registeredAt: portal.now(),
    origin: 'invite',
    createdBy: inviter.id,
    cultureName: culture,
  });
  checkCulture(culture);
  portal.invitations.take(portal.now());
  portal.journal.mailed(email, 'invite');
}

/** PUT /people/invite: sends the invite mail again to pending people (P-INVITE-10). */
export function resendInvites(exchange: Exchange): Reply {
  const { portal } = exchange;
  const accounts = chosen(exchange);
  for (const account of accounts) {
    const isPending = account.activationStatus === activationStatus.pending;
    const isTerminated = account.status === employeeStatus.terminated;
    if (!isPending || isTerminated) continue;
    // A malformed culture fails while the mail is composed (P-CREATE-14).
    checkCulture(account.cultureName);
    portal.journal.mailed(account.email, 'invite');
  }
  const view = viewOf(exchange);
  const response = accounts.map((account) => fullProfile(account, view));
  // A streamed list counts as one (P-SUCCESS-02).
  return successReply(exchange.link, response, { count: 1 });
}

function chosen(exchange: Exchange): Account[] {
  const { portal, body } = exchange;
  const fields = new Fields(body, '$', 'ASC.People.ApiModels.RequestDto.UpdateMembersRequestDto');
  const userIds = fields.guids('userIds');
  const resendAll = fields.flag('resendAll');
  const caller = callerOf(exchange).owner;
  const isForOthers = resendAll || userIds?.some((id) => id.toLowerCase() !== caller.id);
  if (!isPaid(caller.role) && isForOthers) throw new PortalError('accessDenied');
  if (resendAll) return portal.accounts.pending();
  if (userIds === undefined) throw new PortalError('nullArgument', 'source');
  return userIds.map((id) => {
    const account = portal.accounts.get(id);
    if (account === undefined) throw new PortalError('nullReference');
    return account;
  });
}
