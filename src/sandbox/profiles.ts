import { type Account, employeeStatus } from './accounts.ts';

const AVATAR = '/static/images/default_user_photo_size_';

/** What a profile shows depends on who looks and under which address the portal was called. */
export interface View {
  /** Scheme and host of the request, for profile links. */
  origin: string;
  /** Minutes east of UTC of the portal's time zone. */
  utcOffsetMinutes: number;
  /** Admin callers see who made an account. */
  isAdminView: boolean;
  /** POST answers show ticks, later reads whole seconds (P-DATE-02). */
  isFresh: boolean;
  accountOf: (id: string) => Account | undefined;
}

/** EmployeeDto, in the order of the portal's serialiser (P-CREATE-18). */
export function briefProfile(account: Account, origin: string): Record<string, unknown> {
  const hash = `?hash=${Number.parseInt(account.id.slice(0, 6), 16) || 0}`;
  const search = encodeURIComponent(account.email.toLowerCase());
  return {
    id: account.id,
    displayName: encodeHtml(displayNameOf(account)),
    avatar: `${AVATAR}82-82.png${hash}`,
    avatarOriginal: `${AVATAR}200-200.png${hash}`,
    avatarMax: `${AVATAR}200-200.png${hash}`,
    avatarMedium: `${AVATAR}48-48.png${hash}`,
    avatarSmall: `${AVATAR}32-32.png${hash}`,
    profileUrl: `${origin}/accounts/people/filter?search=${search}`,
    hasAvatar: false,
    isAnonim: false,
  };
}

/** EmployeeFullDto: its own fields first, then those of EmployeeDto; null ones are left out. */
export function fullProfile(account: Account, view: View): Record<string, unknown> {
  const creator = account.createdBy === undefined ? undefined : view.accountOf(account.createdBy);
  const date = (at: number): string => portalDate(at, view.utcOffsetMinutes, view.isFresh);
  return {
    firstName: account.firstName,
    lastName: account.lastName,
    userName: account.userName,
    email: account.email,
    status: account.status,
    activationStatus: account.activationStatus,
    ...(account.terminatedAt !== undefined && { terminated: date(account.terminatedAt) }),
    department: '',
    ...(account.location && { location: account.location }),
    ...(account.notes && { notes: account.notes }),
    ...flagsOf(account),
    ...(account.cultureName && { cultureName: account.cultureName }),
    mobilePhoneActivationStatus: 0,
    isSSO: false,
    usedSpace: 0,
    ...(view.isAdminView && creator && { createdBy: briefProfile(creator, view.origin) }),
    registrationDate: date(account.registeredAt),
    ...briefProfile(account, view.origin),
  };
}

/** The owner has isAdmin false: the flag leaves owners out (P-ROLE-03). */
function flagsOf(account: Account): Record<string, boolean> {
  return {
    isAdmin: account.role === 'DocSpaceAdmin' && !account.isOwner,
    isRoomAdmin: account.role === 'RoomAdmin',
    isLDAP: false,
    isOwner: account.isOwner,
    isVisitor: account.role === 'Guest',
    isCollaborator: account.role === 'User',
  };
}

/** A nameless invitee is shown by the address (P-INVITE-08). */
function displayNameOf(account: Account): string {
  const name = `${account.firstName} ${account.lastName}`.trim();
  return name === '' && account.status === employeeStatus.pending ? account.email : name;
}

/** .NET's HtmlEncode: the five special characters and U+00A0 to U+00FF. */
function encodeHtml(text: string): string {
  return text.replace(/[&<>"'\u00a0-\u00ff]/g, (character) => {
    return entities[character] ?? `&#${character.charCodeAt(0)};`;
  });
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * `yyyy-MM-ddTHH:mm:ss.fffffff` in the portal's time zone. Reads are cut to whole seconds, so a
 * person may look older than the request that made them.
 */
export function portalDate(at: number, utcOffsetMinutes: number, hasTicks: boolean): string {
  const moment = hasTicks ? at : at - (at % 1000);
  const local = new Date(moment + utcOffsetMinutes * 60_000).toISOString().replace('Z', '0000');
  if (utcOffsetMinutes === 0) return `${local}Z`;
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  const distance = Math.abs(utcOffsetMinutes);
  return `${local}${utcOffsetMinutes < 0 ? '-' : '+'}${two(distance / 60)}:${two(distance % 60)}`;
}
