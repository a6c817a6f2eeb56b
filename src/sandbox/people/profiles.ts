import { defined } from '../../defined.ts';
import { removedProfile } from '../faults/versions.ts';
import { groupSummaries } from '../groups/group-summaries.ts';
import type { Exchange } from '../http/server-exchange.ts';
import { type Account, employeeStatus } from './accounts.ts';
import { checkCulture, enabledCulture } from './cultures.ts';

const AVATAR = '/static/images/default_user_photo_size_';

/** Context of a profile: its fields depend on the caller and on the address of the portal. */
export type View = ReturnType<typeof viewOf>;

/** Fresh profiles of POST answers show ticks, later reads whole seconds (P-DATE-02). */
export function viewOf({ portal, url, caller }: Exchange, isFresh = false) {
  return {
    origin: url.origin,
    utcOffsetMinutes: portal.utcOffsetMinutes,
    /** Admin callers see the creator of an account. */
    isAdminView: caller?.owner.role === 'DocSpaceAdmin',
    isFresh,
    accountOf: (id: string): Account | undefined =>
      id === removedProfile.id ? removedProfile : portal.accounts.get(id),
    groupsOf: (id: string) => groupSummaries(portal, id),
  };
}

/** EmployeeDto, in the order of the portal's serialiser (P-CREATE-18). */
export function briefProfile(account: Account, origin: string): Record<string, unknown> {
  const hash = `?hash=${Number.parseInt(account.id.slice(0, 6), 16) || 0}`;
  const avatar = (size: number): string => `${AVATAR}${size}-${size}.png${hash}`;
  const search = encodeURIComponent(account.email.toLowerCase());
  return {
    id: account.id,
    displayName: encodeHtml(displayNameOf(account)),
    avatar: avatar(82),
    avatarOriginal: avatar(200),
    avatarMax: avatar(200),
    avatarMedium: avatar(48),
    avatarSmall: avatar(32),
    profileUrl: `${origin}/accounts/people/filter?search=${search}`,
    hasAvatar: false,
    isAnonim: false,
  };
}

/** EmployeeFullDto: its own fields, then those of EmployeeDto, without undefined ones. */
export function fullProfile(account: Account, view: View): Record<string, unknown> {
  const creator = account.createdBy === undefined ? undefined : view.accountOf(account.createdBy);
  const groups = view.groupsOf(account.id);
  const date = (at: number): string => portalDate(at, view.utcOffsetMinutes, view.isFresh);
  return defined({
    firstName: account.firstName,
    lastName: account.lastName,
    userName: account.userName,
    email: account.email,
    contacts: account.contacts?.length ? account.contacts : undefined,
    status: account.status,
    activationStatus: account.activationStatus,
    terminated: account.terminatedAt === undefined ? undefined : date(account.terminatedAt),
    department: groups.map(({ name }) => encodeHtml(name)).join(', '),
    groups: groups.length === 0 ? undefined : groups,
    location: account.location || undefined,
    notes: account.notes || undefined,
    // The owner has isAdmin false (P-ROLE-03).
    isAdmin: account.role === 'DocSpaceAdmin' && !account.isOwner,
    isRoomAdmin: account.role === 'RoomAdmin',
    isLDAP: false,
    isOwner: account.isOwner,
    isVisitor: account.role === 'Guest',
    isCollaborator: account.role === 'User',
    cultureName: cultureOf(account),
    mobilePhoneActivationStatus: 0,
    isSSO: false,
    usedSpace: 0,
    createdBy: view.isAdminView && creator ? briefProfile(creator, view.origin) : undefined,
    registrationDate: date(account.registeredAt),
    ...briefProfile(account, view.origin),
  });
}

/** @throws PortalError for a malformed culture, which the database keeps (P-CREATE-14) */
function cultureOf({ cultureName }: Account): string | undefined {
  checkCulture(cultureName);
  return cultureName ? enabledCulture(cultureName) : undefined;
}

/** An invited person without names is shown by the address (P-INVITE-08). */
function displayNameOf(account: Account): string {
  const name = `${account.firstName} ${account.lastName}`.trim();
  return name === '' && account.status === employeeStatus.pending ? account.email : name;
}

/** .NET's HtmlEncode: the five special characters and U+00A0 to U+00FF. */
function encodeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/['\u00a0-\u00ff]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * `yyyy-MM-ddTHH:mm:ss.fffffff` in the portal's time zone (P-DATE-01). Reads are cut to whole
 * seconds, so an account may look older than its request (P-DATE-02).
 */
export function portalDate(at: number, utcOffsetMinutes: number, hasTicks: boolean): string {
  const moment = hasTicks ? at : at - (at % 1000);
  const local = new Date(moment + utcOffsetMinutes * 60_000).toISOString().replace('Z', '0000');
  if (utcOffsetMinutes === 0) return `${local}Z`;
  return `${local}${utcOffsetMinutes < 0 ? '-' : '+'}${clockTime(utcOffsetMinutes)}`;
}

/** Hours and minutes of a distance, without its sign. */
export function clockTime(minutes: number): string {
  const distance = Math.abs(minutes);
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  return `${two(distance / 60)}:${two(distance % 60)}`;
}
