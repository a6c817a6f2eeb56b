import { expect, test } from 'vitest';
import { DAY_MS } from '../../src/durations.ts';
import type { AccountType } from '../../src/people/account-types.ts';
import type { GroupMode } from '../../src/people/groups.ts';
import type { PortalFacts } from '../../src/preflight/ask-portal.ts';
import { assess } from '../../src/preflight/assess.ts';
import type { Check } from '../../src/preflight/check-result.ts';
import type { BatchNeeds } from '../../src/preflight/submission-needs.ts';
import { answered, keyFacts, portalFacts, self, serverFacts, stopped } from './facts.ts';

const NOW = 1_000_000;

function needs(types: [AccountType, number][], change: Partial<BatchNeeds> = {}): BatchNeeds {
  const rows = types.reduce((sum, [, count]) => sum + count, 0);
  return {
    rows,
    newRows: rows,
    types: new Map(types),
    inviteType: 'All',
    durationMs: 60_000,
    ...change,
  };
}

function look(portal: PortalFacts, wanted?: BatchNeeds): Check[] {
  return assess({ redis: serverFacts(), portal, needs: wanted, now: NOW });
}

/** The answer 404 to a path that a portal does not have. */
const notOffered = {
  kind: 'stopped',
  code: 'wrong-address',
  reason: 'There is no DocSpace API at this address (HTTP 404).',
  remedy: 'Check DOCSPACE_URL.',
} as const;

const bad = (checks: readonly Check[]) =>
  checks.filter(({ level }) => level !== 'ok').map(({ level, check }) => `${level} ${check}`);

test('a portal as it should be has nothing but good lines, each with what was found', () => {
  const checks = look(portalFacts(), needs([['User', 500]]));
  expect(bad(checks)).toEqual([]);
  const names = checks.map(({ check }) => check);
  expect(names).toEqual(
    expect.arrayContaining(['tenant-status', 'version', 'name-rule', 'key-scopes', 'key-expiry']),
  );
  expect(names).toEqual(
    expect.arrayContaining(['owner', 'inviting', 'invitation-limit', 'seats', 'portal-clock']),
  );
});

const settings = (change: object) =>
  portalFacts({ settings: answered({ version: '3.7.2', userNameRegex: '^[a]+$', ...change }) });
const key = (change: Parameters<typeof keyFacts>[0]) => portalFacts({ key: keyFacts(change) });
const whoami = (change: object) =>
  key({ whoami: answered({ ownerId: 'id', permissions: [], expiresAt: undefined, ...change }) });

test('a hostile rule for names is warned of and not quoted', () => {
  const hostile = String.raw`^(\p{L}+)+$`;
  const check = look(settings({ userNameRegex: hostile })).find(
    ({ check }) => check === 'name-rule',
  );
  expect(check).toMatchObject({ level: 'warning', remedy: expect.stringContaining('portal') });
  expect(JSON.stringify(check)).not.toContain('p{L}');
});

test.each<[string, PortalFacts, string[]]>([
  ['suspended', settings({ tenantStatus: 1 }), ['fault tenant-status']],
  ['older than keys', settings({ version: '3.0.9' }), ['fault version']],
  ['without a version', settings({ version: undefined }), ['warning version']],
  ['without a rule for names', settings({ userNameRegex: undefined }), ['warning name-rule']],
  ['with a rule that is none here', settings({ userNameRegex: '(' }), ['warning name-rule']],
  ['an hour ahead', portalFacts({ clockAheadMs: 3_600_000 }), ['warning portal-clock']],
  [
    'closed for members',
    portalFacts({ inviting: answered({ allowInvitingMembers: false }) }),
    ['fault inviting'],
  ],
  ['not answering', portalFacts({ settings: stopped('portal-suspended') }), ['fault portal']],
  [
    'not answering with a key either',
    portalFacts({
      settings: stopped('portal-suspended'),
      key: keyFacts({ whoami: stopped('portal-suspended') }),
    }),
    ['fault portal'],
  ],
  ['with a key that it rejects', key({ whoami: stopped('key-rejected') }), ['fault key']],
  ['with a key for rooms', whoami({ permissions: ['rooms:write'] }), ['fault key-scopes']],
  ['with a key for accounts', whoami({ permissions: ['accounts:write'] }), []],
  [
    'with a key that ends within a week',
    whoami({ expiresAt: NOW + 6 * DAY_MS }),
    ['warning key-expiry'],
  ],
  ['with a key that lasts', whoami({ expiresAt: NOW + 8 * DAY_MS }), []],
  ['with a key of a room admin', key({ self: self('RoomAdmin') }), []],
  ['with a key of a user', key({ self: self('User') }), ['fault owner']],
  [
    'with a key that may read nothing',
    key({
      self: stopped('key-missing-scope'),
      ownSettings: stopped('key-missing-scope'),
      quota: stopped('key-missing-scope'),
    }),
    ['warning owner', 'warning portal-settings'],
  ],
  [
    'without one of the optional reads',
    key({ ownSettings: notOffered, quota: notOffered, self: notOffered }),
    ['warning owner', 'warning invitation-limit', 'warning seats'],
  ],
  [
    'without invitations left',
    key({ ownSettings: answered({ invitationLimit: 0 }) }),
    ['warning invitation-limit'],
  ],
])('a portal %s, without a list', (_, facts, lines) => {
  const checks = look(facts);
  expect(bad(checks)).toEqual(lines);
  expect(checks.filter(({ level, remedy }) => level !== 'ok' && !remedy)).toEqual([]);
});

const limit = (invitationLimit: number) => key({ ownSettings: answered({ invitationLimit }) });
const seats = (free: number) =>
  key({ quota: answered({ paidSeats: { limit: 10, used: 10 - free } }) });

test.each<[string, PortalFacts, BatchNeeds, string[]]>([
  ['more people than invitations', limit(99), needs([['User', 100]]), []],
  ['no invitation left', limit(0), needs([['User', 100]]), ['warning invitation-limit']],
  ['as many', limit(100), needs([['User', 100]]), []],
  ['more people, in parts', limit(99), needs([['User', 100]], { inviteSize: 50 }), []],
  ['more admins than seats', seats(2), needs([['RoomAdmin', 3]]), ['warning seats']],
  ['as many admins', seats(3), needs([['RoomAdmin', 3]]), []],
  ['users only', seats(0), needs([['User', 3]]), []],
  [
    'users of a plan that limits them',
    key({ quota: answered({ userLimit: 1 }) }),
    needs([['User', 3]]),
    ['warning seats'],
  ],
  [
    'an invite that makes admins',
    seats(1),
    needs([['User', 3]], { inviteType: 'RoomAdmin' }),
    ['fault seats'],
  ],
  [
    'admins of a room admin',
    key({ self: self('RoomAdmin') }),
    needs([
      ['User', 3],
      ['DocSpaceAdmin', 1],
    ]),
    ['fault owner'],
  ],
  ['users of a room admin', key({ self: self('RoomAdmin') }), needs([['User', 3]]), []],
  [
    'a key that ends in mid-batch',
    whoami({ expiresAt: NOW + 30_000 }),
    needs([['User', 3]]),
    ['warning key-expiry'],
  ],
])('a list with %s', (_, facts, wanted, lines) => {
  expect(bad(look(facts, wanted))).toEqual(lines);
});

const groups = (mode: GroupMode, isForAll = false) =>
  needs([['User', 3]], { groups: { mode, isForAll } });
const accounts = ['accounts:write', 'accounts:self:read'];

test.each<[string, string[], BatchNeeds, string[]]>([
  ['a key that may not read them', accounts, groups('existing'), ['warning groups']],
  ['such a key, to be made', accounts, groups('create'), ['fault groups']],
  ['such a key, that must be known', accounts, groups('require'), ['fault groups']],
  ['such a key, for everybody', accounts, groups('existing', true), ['fault groups']],
  ['a key for accounts', [...accounts, 'accounts:read'], groups('create'), []],
  ['a key for everything', [], groups('create'), []],
  ['a key that may write everything', ['*:write'], groups('create'), []],
])('a list with groups and %s', (_, permissions, wanted, lines) => {
  expect(bad(look(whoami({ permissions }), wanted))).toEqual(lines);
});

test('without a key nothing is said about it', () => {
  const facts = portalFacts({ key: undefined });
  expect(look(facts).some(({ check }) => check.startsWith('key'))).toBe(false);
});

test('a portal that lacks one read is not called a wrong address when it answers others', () => {
  const checks = look(key({ quota: notOffered, ownSettings: notOffered, self: notOffered }));
  expect(JSON.stringify(checks)).not.toMatch(/DocSpace API|DOCSPACE_URL/);
  expect(checks.find(({ check }) => check === 'seats')).toMatchObject({ unchecked: true });
});
