import { breakDown } from '../faults/breakdowns.ts';
import {
  accessDenied,
  badArgument,
  overQuota,
  PortalError,
  unknownCulture,
  ValidationError,
} from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { emailFaults, Fields } from '../http/request-fields.ts';
import { callerOf, type Exchange } from '../http/server-exchange.ts';
import type { Portal } from '../stand-in-portal.ts';
import { type Account, activationStatus, employeeStatus, isPaid } from './accounts.ts';
import { isInvitable, localPart } from './addresses.ts';
import { enabledCulture, isCulture } from './cultures.ts';
import { employeeType, isPromotion, roleOf } from './employee-type.ts';
import { briefProfile } from './profiles.ts';

interface Entry {
  email: string | undefined;
  type: number;
}

interface Invitation {
  entries: readonly Entry[];
  culture: string | undefined;
}

/** POST /people/invite (P-INVITE-01 to P-INVITE-08). */
export function invitePeople(exchange: Exchange): Reply {
  const { portal } = exchange;
  const invitation = readInvitation(exchange.body);
  const emails = invitation.entries.map((entry) => entry.email ?? '');
  try {
    inviteAll(exchange, invitation);
  } catch (error) {
    const status = statusOf(error);
    portal.journal.refusedInvites.push({ at: portal.now(), emails, status });
    throw error;
  }
  portal.journal.acceptedInvites.push({ at: portal.now(), emails });
  const pending = portal.accounts.pending();
  const response = pending.map((account) => briefProfile(account, exchange.url.origin));
  return successReply(exchange.link, response);
}

function statusOf(error: unknown): number {
  if (error instanceof ValidationError) return 400;
  return error instanceof PortalError ? error.status : 500;
}

function readInvitation(body: unknown): Invitation {
  const fields = new Fields(body, '$', 'ASC.People.ApiModels.RequestDto.InviteUsersRequestDto');
  const list = fields.list('invitations');
  const culture = fields.text('culture');
  if (list === undefined) {
    throw new ValidationError({ Invitations: ['The Invitations field is required.'] });
  }
  return { entries: list.map(readEntry), culture };
}

function readEntry(value: unknown, index: number): Entry {
  if (value === null) {
    const text = 'Object reference not set to an instance of an object.';
    throw new PortalError(500, 'System.NullReferenceException', text);
  }
  const path = `$.invitations[${index}]`;
  const fields = new Fields(value, path, 'ASC.Api.Core.Model.EmailInvitationDto');
  return { email: fields.text('email'), type: fields.type() };
}

/**
 * Checks the whole request, then processes entry after entry without a transaction: entries before
 * a refused one stay done and mailed (P-INVITE-03).
 */
function inviteAll(exchange: Exchange, invitation: Invitation): void {
  const { portal } = exchange;
  const inviter = callerOf(exchange).account;
  validate(portal, invitation.entries);
  const isRefused = inviter.role === 'User' || inviter.role === 'Guest';
  if (!portal.allowInvitingMembers || isRefused) throw accessDenied();
  checkSeats(portal, invitation.entries);
  const middle = Math.floor(invitation.entries.length / 2);
  for (const [index, { email = '', type }] of invitation.entries.entries()) {
    const one = { email, type, culture: invitation.culture, isMiddle: index === middle };
    if (isAccepted(exchange, inviter, one)) inviteOne(portal, inviter, one);
  }
}

/** Throws for a refused entry, which ends the request; earlier portals skip it (P-VERSION-02). */
function isAccepted(exchange: Exchange, inviter: Account, one: OneInvitation): boolean {
  try {
    checkEntry(exchange, inviter, one);
    return true;
  } catch (error) {
    if (exchange.portal.conditions.traits.abortsInvites) throw error;
    return false;
  }
}

function checkEntry(exchange: Exchange, inviter: Account, one: OneInvitation): void {
  const { accounts, texts } = exchange.portal;
  if (one.isMiddle) breakDown(exchange, 'midway', one.email);
  if (!isInvitable(one.email)) throw badArgument(texts.incorrectEmail);
  checkType(inviter, one.type);
  if (accounts.find(one.email)?.status === employeeStatus.terminated) {
    throw badArgument(texts.disabled(one.email));
  }
}

/** Checks the attributes of the entries and the invitation limit (P-LIMIT-09) together. */
function validate(portal: Portal, entries: readonly Entry[]): void {
  const faults = new Map<string, string[]>();
  for (const [index, { email }] of entries.entries()) {
    const texts = emailFaults(email);
    if (texts.length > 0) faults.set(`Invitations[${index}].Email`, texts);
  }
  const asked = entries.filter(({ email }) => email).length;
  if (asked > portal.invitations.remaining(portal.now())) {
    faults.set('Invitations', [portal.texts.invitationLimit]);
  }
  if (faults.size > 0) throw new ValidationError(Object.fromEntries(faults));
}

function checkSeats(portal: Portal, entries: readonly Entry[]): void {
  // Type All does not count, although it makes a RoomAdmin (P-INVITE-02).
  const asked = entries.filter(
    ({ type }) => type === employeeType.RoomAdmin || type === employeeType.DocSpaceAdmin,
  ).length;
  const free = portal.limits.adminSeats - portal.accounts.paidSeats;
  if (asked > 0 && asked > free) throw overQuota(portal.texts.adminsExceeded(asked, free));
}

interface OneInvitation {
  email: string;
  type: number;
  culture: string | undefined;
  isMiddle: boolean;
}

function inviteOne(portal: Portal, inviter: Account, one: OneInvitation): void {
  const known = portal.accounts.find(one.email);
  if (known === undefined) addInvited(portal, inviter, one);
  else if (isPromotion(known.role, one.type)) promote(portal, known, one.type);
}

function checkType(inviter: Account, type: number): void {
  const isAdmin = inviter.role === 'DocSpaceAdmin';
  const isRefused =
    type === employeeType.Guest ||
    (type === employeeType.RoomAdmin && !isAdmin) ||
    (type === employeeType.DocSpaceAdmin && !inviter.isOwner);
  if (isRefused) throw accessDenied();
}

function promote(portal: Portal, account: Account, type: number): void {
  const role = roleOf(type);
  if (isPaid(role) && !isPaid(account.role)) checkFreeSeat(portal);
  portal.accounts.changeRole(account, role);
}

function checkFreeSeat(portal: Portal): void {
  if (portal.accounts.paidSeats < portal.limits.adminSeats) return;
  throw overQuota(portal.texts.adminsExceeded(1, 0));
}

/** Adds a pending account without names, then sends the mail, which a bad culture prevents. */
function addInvited(
  portal: Portal,
  inviter: Account,
  { email, type, culture }: OneInvitation,
): void {
  const role = roleOf(type);
  if (isPaid(role)) checkFreeSeat(portal);
  portal.accounts.add({
    email,
    userName: portal.accounts.freeUserName(localPart(email)),
    firstName: '',
    lastName: '',
    role,
    isOwner: false,
    status: employeeStatus.pending,
    activationStatus: activationStatus.pending,
    registeredAt: portal.now(),
    origin: 'invite',
    createdBy: inviter.id,
    cultureName: culture ? enabledCulture(culture) : undefined,
  });
  if (culture && !isCulture(culture)) throw unknownCulture(culture);
  portal.invitations.take(portal.now());
  portal.journal.mailed(email, 'invite');
}
