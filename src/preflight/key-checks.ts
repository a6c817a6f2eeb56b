import { counted, grouped } from '../count.ts';
import { DAY_MS } from '../durations.ts';
import { mostInvitees } from '../ledger/invites/invites.ts';
import type { AccountType } from '../people/account-types.ts';
import type { KeyInfo, Quota } from '../portal/portal-facts.ts';
import type { Verdict } from '../portal/verdict.ts';
import type { Account } from '../portal/wire.ts';
import { zonedTime } from '../zoned-time.ts';
import type { KeyFacts, PortalFacts } from './ask-portal.ts';
import { type Check, type CheckName, fault, ok, unchecked, warning } from './check-result.ts';
import { unanswered } from './portal-checks.ts';
import { type BatchNeeds, countOf, paidTypes } from './submission-needs.ts';

/** Scopes that allow all requests of workers (P-KEY-05). */
const enough = ['*', '*:write', 'accounts:write'];
/** Scopes that allow reading groups. */
const readGroups = ['*', '*:read', '*:write', 'accounts:read'];

interface Question {
  /** The portal's clock, ms since the epoch. */
  portalNow: number;
  needs?: BatchNeeds | undefined;
}

/**
 * Checks the scopes and the expiry of the key, and the role of its owner. A rejected key gets one
 * line, since nothing else is known; without a key nothing is checked.
 */
export function keyChecks({ key, settings }: PortalFacts, question: Question): Check[] {
  if (key === undefined) return [];
  const { whoami } = key;
  // A silent portal has a line already.
  if (whoami.kind !== 'ok') return settings.kind === 'ok' ? [unanswered('key', whoami)] : [];
  return [
    ok('key', 'the portal accepts the key'),
    scopes(whoami.value),
    ...groupScope(whoami.value, question.needs),
    expiry(whoami.value, question),
    owner(key, question.needs),
    ...hiddenLimits(key),
    ...invitationLimit(key, question.needs),
    ...seats(key, question.needs),
  ];
}

function scopes({ permissions }: KeyInfo): Check {
  if (permissions.length === 0) return ok('key-scopes', 'the key has all permissions');
  const names = permissions.join(', ');
  if (permissions.some((scope) => enough.includes(scope))) return ok('key-scopes', names);
  const what = `the key has ${names}, which is not enough to create and invite people`;
  const remedy =
    'use a key with all permissions, or with accounts:write, accounts:read and accounts.self:read';
  return { ...fault('key-scopes', what, remedy), because: 'key-missing-scope' };
}

/**
 * Checks whether the key finds groups by name, for a list that has any: `accounts:write` alone does not
 * (P-GROUP-11).
 */
function groupScope({ permissions }: KeyInfo, needs: BatchNeeds | undefined): Check[] {
  const groups = needs?.groups;
  if (groups === undefined) return [];
  const isFull =
    permissions.length === 0 || permissions.some((scope) => readGroups.includes(scope));
  if (isFull) return [ok('groups', 'the key may read the groups that the list names')];
  const remedy = 'add accounts:read to the key';
  const mayLack = groups.mode === 'existing' && !groups.isForAll;
  if (mayLack) {
    const what =
      'the key may not read groups, so that people are created without those of the list';
    return [warning('groups', what, remedy)];
  }
  const what = 'the key may not read groups, which this submission needs';
  return [{ ...fault('groups', what, remedy), because: 'key-missing-scope' }];
}

/** A new key needs a person, and in many companies somebody who allows it. */
const SOON_MS = 7 * DAY_MS;

function expiry({ expiresAt }: KeyInfo, { portalNow, needs }: Question): Check {
  if (expiresAt === undefined) return ok('key-expiry', 'the key does not expire');
  const when = `the key expires on ${zonedTime(expiresAt)}`;
  const remedy = 'create a new key before then; without it work is held';
  if (expiresAt < portalNow + (needs?.durationMs ?? 0)) {
    return warning('key-expiry', `${when}, before the end of the batch`, remedy);
  }
  const isSoon = expiresAt < portalNow + SOON_MS;
  return isSoon ? warning('key-expiry', when, remedy) : ok('key-expiry', when);
}

function owner({ self }: KeyFacts, needs: BatchNeeds | undefined): Check {
  if (self.kind === 'stopped' && self.code === 'key-missing-scope') {
    const what = 'not checked: the key may not read the role of its owner';
    return unchecked('owner', what, 'add accounts.self:read to the key');
  }
  if (isNotOffered(self)) return notOffered('owner');
  if (self.kind !== 'ok') return unanswered('owner', self);
  const role = roleOf(self.value);
  const forbidden = forbiddenTypes(self.value).filter(
    (type) => needs === undefined || wants(needs, type),
  );
  let what = `the key's owner, ${role}, may not create people`;
  if (needs === undefined) {
    if (!forbidden.includes('User')) return ok('owner', `the key's owner is ${role}`);
  } else {
    if (forbidden.length === 0)
      return ok('owner', `the key's owner, ${role}, may create these people`);
    const whom = forbidden.map((type) => counted(countOf(needs, [type]), type, type)).join(', ');
    what = `the key's owner, ${role}, may not create or invite: ${whom}`;
  }
  const remedy = "use a key of the portal's owner, or of an administrator with this right";
  return { ...fault('owner', what, remedy), because: 'access-denied' };
}

function wants(needs: BatchNeeds, type: AccountType): boolean {
  return countOf(needs, [type]) > 0 || (needs.inviteType === type && type !== 'All');
}

/** Types that an account of this role may not create (P-ROLE-06). */
function forbiddenTypes({ type, isOwner }: Account): AccountType[] {
  if (isOwner) return [];
  if (type === 'DocSpaceAdmin') return ['DocSpaceAdmin'];
  const admins: AccountType[] = ['RoomAdmin', 'DocSpaceAdmin', 'All'];
  return type === 'RoomAdmin' ? admins : ['User', ...admins];
}

function roleOf({ type, isOwner }: Account): string {
  if (isOwner) return "the portal's owner";
  return type === undefined ? 'of an unknown role' : `a ${type}`;
}

/** One line for all limits that a key with few scopes may not read. */
function hiddenLimits({ ownSettings, quota }: KeyFacts): Check[] {
  const names: string[] = [];
  if (isHidden(ownSettings)) names.push('invitation limit');
  if (isHidden(quota)) names.push('seats');
  if (names.length === 0) return [];
  const what = `not checked, because the key may not read the portal's settings: ${names.join(' and ')}`;
  const remedy = 'check them by hand, or use a key with all permissions';
  return [unchecked('portal-settings', what, remedy)];
}

function isHidden(verdict: Verdict<unknown>): boolean {
  const codes = ['key-missing-scope', 'access-denied'];
  return verdict.kind === 'stopped' && codes.includes(verdict.code);
}

/**
 * Checks the invitations left: the portal refuses an invite with more entries (P-LIMIT-09),
 * although entries of people with an account, as ours, use none.
 */
function invitationLimit({ ownSettings: verdict }: KeyFacts, needs?: BatchNeeds): Check[] {
  const check = 'invitation-limit';
  if (verdict.kind !== 'ok') return unread(check, verdict);
  const { invitationLimit: left } = verdict.value;
  if (left === undefined) return [];
  if (!Number.isFinite(left)) return [ok(check, 'the portal does not limit invitations')];
  const state = `${counted(left, 'invitation is', 'invitations are')} left today`;
  const remedy = 'raise the limit, or wait until its 24 hours have passed';
  if (left === 0) {
    const then = needs === undefined ? '' : '; people are created, and the invite waits';
    return [warning(check, `${state}${then}`, remedy)];
  }
  const largest = Math.min(needs?.rows ?? 0, mostInvitees(needs?.inviteSize));
  if (needs === undefined || largest <= left) return [ok(check, state)];
  return [ok(check, `${state}: the invite is sent in parts of at most ${left}`)];
}

/**
 * Checks the paid seats; Users are unlimited in every stock plan. The portal silently creates
 * an admin without a seat as a User (P-CREATE-10), and refuses an invite for too many admins
 * (P-INVITE-02).
 */
function seats({ quota: verdict }: KeyFacts, needs?: BatchNeeds): Check[] {
  const check = 'seats';
  if (verdict.kind !== 'ok') return unread(check, verdict);
  const { paidSeats, userLimit } = verdict.value;
  return [...paidSeatChecks(paidSeats, needs), ...userLimitChecks(userLimit)];
}

/**
 * A plan that limits Users really counts Guests (P-CREATE-20), so that nobody can say beforehand
 * whom it refuses: a warning, never a fault.
 */
function userLimitChecks(limit: number | undefined): Check[] {
  if (limit === undefined) return [];
  const what = `the plan of the portal limits Users (${grouped(limit)}), and counts its Guests for it`;
  const remedy =
    'raise the limit or remove Guests if people are refused; the batch is held then, and loses nobody';
  return [warning('seats', what, remedy)];
}

function paidSeatChecks(paidSeats: Quota['paidSeats'], needs?: BatchNeeds): Check[] {
  const check = 'seats';
  if (paidSeats === undefined) return [];
  const { limit, used } = paidSeats;
  if (!Number.isFinite(limit))
    return [ok(check, `${counted(used, 'paid seat is', 'paid seats are')} used, without a limit`)];
  const state = `${grouped(used)} of ${counted(limit, 'paid seat is', 'paid seats are')} used`;
  const free = Math.max(limit - used, 0);
  if (needs === undefined) return [ok(check, state)];
  const { inviteType, rows } = needs;
  // `All` ranks lowest and promotes nobody (P-INVITE-06).
  if (inviteType !== 'All' && paidTypes.includes(inviteType) && rows > free) {
    const what = `${state}, and the invite makes up to ${counted(rows, 'admin', 'admins')}`;
    return [{ ...fault(check, what, 'use another --invite-type'), because: 'quota-exceeded' }];
  }
  const wanted = countOf(needs, paidTypes);
  if (wanted <= free) return [ok(check, state)];
  const what = `${state}, and the batch needs ${grouped(wanted)}: the portal makes the rest Users`;
  return [warning(check, what, 'free or buy seats, or give these people the type User')];
}

/** A 404 to one path of a portal that has answered with the facts of the key. */
function isNotOffered(verdict: Verdict<unknown>): boolean {
  return verdict.kind === 'stopped' && verdict.code === 'wrong-address';
}

function notOffered(check: CheckName): Check {
  const what = 'not checked: this portal does not answer the question for it (HTTP 404)';
  return unchecked(check, what, 'check it by hand');
}

/** A limit that cannot be read holds nothing; other lines report an absent portal. */
function unread(check: CheckName, verdict: Exclude<Verdict<unknown>, { kind: 'ok' }>): Check[] {
  if (isHidden(verdict)) return [];
  if (isNotOffered(verdict)) return [notOffered(check)];
  const { because: _, ...rest } = unanswered(check, verdict);
  return [{ ...rest, level: 'warning', unchecked: true }];
}
