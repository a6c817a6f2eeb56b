import { counted } from '../count.ts';
import { DAY_MS } from '../durations.ts';
import type { AccountType } from '../people/account-types.ts';
import type { KeyInfo } from '../portal/portal-facts.ts';
import type { Account } from '../portal/wire.ts';
import type { KeyFacts, PortalFacts } from './ask-portal.ts';
import { type Check, fault, ok, unchecked, warning } from './check-result.ts';
import { limitChecks } from './limit-checks.ts';
import { type BatchNeeds, countOf } from './needs.ts';
import { unanswered } from './portal-checks.ts';

/** Scopes that allow all requests of workers (P-KEY-05). */
const enough = ['*', '*:write', 'accounts:write'];

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
    expiry(whoami.value, question),
    owner(key, question.needs),
    ...limitChecks(key, question.needs),
  ];
}

function scopes({ permissions }: KeyInfo): Check {
  if (permissions.length === 0) return ok('key-scopes', 'the key has all permissions');
  const names = permissions.join(', ');
  if (permissions.some((scope) => enough.includes(scope))) return ok('key-scopes', names);
  const what = `the key has ${names}, which is not enough to create and invite people`;
  const remedy = 'use a key with all permissions, or with accounts:write and accounts.self:read';
  return { ...fault('key-scopes', what, remedy), because: 'key-missing-scope' };
}

function expiry({ expiresAt }: KeyInfo, { portalNow, needs }: Question): Check {
  if (expiresAt === undefined) return ok('key-expiry', 'the key does not expire');
  const when = `the key expires on ${new Date(expiresAt).toISOString().slice(0, 16)}Z`;
  const remedy = 'create a new key before then; without it the batch is held';
  if (expiresAt < portalNow + (needs?.durationMs ?? 0)) {
    return warning('key-expiry', `${when}, before the end of the batch`, remedy);
  }
  const isSoon = expiresAt < portalNow + DAY_MS;
  return isSoon ? warning('key-expiry', when, remedy) : ok('key-expiry', when);
}

function owner({ self }: KeyFacts, needs: BatchNeeds | undefined): Check {
  if (self.kind === 'stopped' && self.code === 'key-missing-scope') {
    const what = 'not checked: the key may not read the role of its owner';
    return unchecked('owner', what, 'add accounts.self:read to the key');
  }
  if (self.kind !== 'ok') return unanswered('owner', self);
  const role = roleOf(self.value);
  const forbidden = forbiddenTypes(self.value).filter(
    (type) => needs === undefined || wants(needs, type),
  );
  const remedy = "use a key of the portal's owner, or of an administrator with this right";
  if (needs === undefined) {
    return forbidden.includes('User')
      ? { ...fault('owner', `the key's owner, ${role}, may not create people`, remedy), ...denied }
      : ok('owner', `the key's owner is ${role}`);
  }
  if (forbidden.length === 0)
    return ok('owner', `the key's owner, ${role}, may create these people`);
  const whom = forbidden.map((type) => `${counted(countOf(needs, [type]), type, type)}`).join(', ');
  const what = `the key's owner, ${role}, may not create or invite: ${whom}`;
  return { ...fault('owner', what, remedy), ...denied };
}

const denied = { because: 'access-denied' } as const;

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
