import { tenantStatuses } from '../faults/tenant-status.ts';
import { PortalError } from '../http/portal-exceptions.ts';
import { type Reply, successReply } from '../http/replies.ts';
import { checkFaults, emailFaults } from '../http/request-body.ts';
import { callerOf, type Exchange } from '../http/server-exchange.ts';
import { checkCulture, culturesOfPortal } from './cultures.ts';
import { localeOf, textsOf } from './portal-texts.ts';
import { briefProfile, clockTime, fullProfile, portalDate, viewOf } from './profiles.ts';

const NAME_REGEX = "^[\\p{L}\\p{M}' \\-]+$";
/** The id that is empty. */
const NOBODY = '00000000-0000-0000-0000-000000000000';
const UNLIMITED = 2_147_483_647;

/** GET /people/email (P-LOOKUP-01 to P-LOOKUP-05). */
export function findByEmail(exchange: Exchange): Reply {
  const { portal, url } = exchange;
  const account = portal.accounts.find(emailOf(exchange));
  const culture = url.searchParams.get('culture');
  checkCulture(culture);
  const texts = culture ? textsOf(localeOf(culture)) : portal.texts;
  if (account === undefined) throw new PortalError('notFound', texts.personNotFound);
  const caller = callerOf(exchange).owner;
  if (caller.role === 'User' && caller.id !== account.id) throw new PortalError('accessDenied');
  return successReply(exchange.link, fullProfile(account, viewOf(exchange)));
}

/** GET /people/{userid} for an unknown id. */
export function findNobody({ portal }: Exchange): never {
  throw new PortalError('notFound', portal.texts.personNotFound);
}

/** GET /people/exists (P-LOOKUP-07). */
export function personExists(exchange: Exchange): Reply {
  const account = exchange.portal.accounts.find(emailOf(exchange));
  return successReply(exchange.link, { exists: account !== undefined, status: account?.status });
}

/** GET /people/@self (P-LOOKUP-08). */
export function readSelf(exchange: Exchange): Reply {
  const profile = fullProfile(callerOf(exchange).owner, viewOf(exchange));
  const own = { theme: 0, loginEventId: 0, hasPersonalFolder: false };
  return successReply(exchange.link, { ...profile, ...own });
}

/** GET /keys/@self (P-KEY-10). */
export function readKeySelf(exchange: Exchange): Reply {
  const { portal, url } = exchange;
  const key = callerOf(exchange);
  const date = (at: number): string => portalDate(at, portal.utcOffsetMinutes, false);
  const keyPostfix = key.secret.slice(-4);
  return successReply(exchange.link, {
    id: key.id,
    name: 'sandbox',
    key: `sk-***${keyPostfix}`,
    keyPostfix,
    permissions: key.permissions.includes('*') ? [] : key.permissions,
    lastUsed: date(key.lastUsedAt),
    createOn: date(key.createdAt),
    createBy: briefProfile(key.owner, url.origin),
    expiresAt: key.expiresAt === undefined ? undefined : date(key.expiresAt),
    isActive: key.isActive,
  });
}

/** GET /settings, with more fields for a caller with a key (P-SETTINGS-01, P-SETTINGS-02). */
export function readSettings(exchange: Exchange): Reply {
  const { portal, url, caller } = exchange;
  const isKnown = caller !== undefined;
  const offset = isKnown ? portal.utcOffsetMinutes : 0;
  const { version, tenantStatus } = portal.conditions.faults;
  const remaining = portal.invitations.remaining(portal.now());
  // References are absent from the public part; numbers, times and ids are there, empty.
  const known = <T>(value: T): T | undefined => (isKnown ? value : undefined);
  const asksHash = url.searchParams.get('withPassword')?.toLowerCase() === 'true';
  return successReply(exchange.link, {
    trustedDomains: known([]),
    trustedDomainsType: 0,
    culture: portal.culture,
    timezone: known('UTC'),
    utcOffset: `${offset < 0 ? '-' : ''}${clockTime(offset)}:00`,
    utcHoursOffset: offset / 60,
    ownerId: isKnown ? portal.ownerId : NOBODY,
    greetingSettings: 'Sandbox portal',
    nameSchemaId: known('Common'),
    docSpace: true,
    standalone: true,
    isAmi: false,
    baseDomain: url.hostname,
    version,
    tenantStatus: tenantStatuses[tenantStatus].code,
    tenantAlias: 'sandbox',
    enableAdmMess: false,
    cookieSettingsEnabled: false,
    debugInfo: false,
    limitedAccessSpace: false,
    userNameRegex: NAME_REGEX,
    displayAbout: true,
    deepLink: { androidPackageName: '', url: '', iosPackageId: '' },
    logoText: 'Sandbox',
    externalResources: {},
    invitationLimit: known(Number.isFinite(remaining) ? remaining : UNLIMITED),
    passwordHash:
      isKnown && !asksHash ? undefined : { size: 256, iterations: 100_000, salt: 'sandbox' },
  });
}

/** GET /settings/cultures (P-CULTURE-01). */
export function readCultures({ link }: Exchange): Reply {
  return successReply(link, culturesOfPortal);
}

/** GET /settings/invitationsettings (P-SETTINGS-03). */
export function readInvitationSettings({ portal, link }: Exchange): Reply {
  const { allowInvitingMembers } = portal;
  return successReply(link, { allowInvitingMembers, allowInvitingGuests: true });
}

/**
 * GET /portal/payment/quota: the plan, whose feature `manager` counts paid seats, `users` Guests. -1 is no limit;
 * only room admins and above see the used seats.
 */
export function readQuota(exchange: Exchange): Reply {
  const { portal, link } = exchange;
  const { adminSeats } = portal.conditions.limits;
  const isKnown = callerOf(exchange).owner.role !== 'User';
  const used = { title: 'admins', ...(isKnown && { value: portal.accounts.paidSeats }) };
  const seats = { value: Number.isFinite(adminSeats) ? adminSeats : -1, type: 'count', used };
  const { userSeats } = portal.conditions.limits;
  const users = {
    value: Number.isFinite(userSeats) ? userSeats : -1,
    type: 'count',
    used: {
      title: 'users',
      ...(isKnown && { value: portal.accounts.guests + portal.conditions.faults.guests }),
    },
  };
  const features = [
    { id: 'manager', title: 'Admins', ...seats },
    { id: 'users', title: 'Users', ...users },
  ];
  const price = { currencySymbol: '', isoCurrencySymbol: '' };
  const kind = { nonProfit: false, free: false, trial: false };
  return successReply(link, { id: -1, title: 'Sandbox', price, ...kind, features });
}

/** An empty parameter binds to null, which the validators accept and the action refuses. */
function emailOf({ url }: Exchange): string {
  const email = url.searchParams.get('email') || undefined;
  checkFaults({ email: emailFaults(email) });
  if (email === undefined) throw new PortalError('nullArgument', 'email');
  // Surrounding spaces pass the attribute and are dropped (P-LOOKUP-04).
  return email.trim();
}
