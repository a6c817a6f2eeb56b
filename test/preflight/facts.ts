import type { Verdict } from '../../src/portal/verdict.ts';
import type { Account } from '../../src/portal/wire.ts';
import type { KeyFacts, PortalFacts } from '../../src/preflight/ask-portal.ts';
import type { ServerFacts } from '../../src/redis/connection/server-facts.ts';

/** A usable answer. */
export function answered<T>(value: T): Verdict<T> & { kind: 'ok' } {
  return { kind: 'ok', value };
}

export function stopped(code: 'key-missing-scope' | 'key-rejected' | 'portal-suspended') {
  return { kind: 'stopped', code, reason: 'The reason.', remedy: 'The remedy.' } as const;
}

const owner: Account = {
  id: 'id',
  email: 'owner@example.com',
  isOwner: true,
  status: 1,
  isAdmin: true,
  isRoomAdmin: false,
  isCollaborator: false,
  groups: [],
  isVisitor: false,
  type: 'DocSpaceAdmin',
};

/** The facts of a key that may do everything on a portal without limits. */
export function keyFacts(change: Partial<KeyFacts> = {}): KeyFacts {
  return {
    whoami: answered({ ownerId: 'id', permissions: [], expiresAt: undefined }),
    self: answered(owner),
    ownSettings: answered({ invitationLimit: Number.POSITIVE_INFINITY }),
    quota: answered({ paidSeats: { limit: Number.POSITIVE_INFINITY, used: 3 } }),
    ...change,
  };
}

/** The key's owner with another role. */
export function self(type: NonNullable<Account['type']>) {
  return answered<Account>({ ...owner, isOwner: false, type });
}

export function portalFacts(change: Partial<PortalFacts> = {}): PortalFacts {
  const settings = { version: '3.7.2', tenantStatus: 0, userNameRegex: '^[\\p{L} -]*$' };
  return {
    origin: 'https://p.example',
    settings: answered(settings),
    clockAheadMs: 200,
    inviting: answered({ allowInvitingMembers: true }),
    key: keyFacts(),
    ...change,
  };
}

const GIB = 1024 ** 3;

/** A Redis without faults. */
export function serverFacts(change: Partial<ServerFacts> = {}): ServerFacts {
  return {
    version: '7.0.15',
    isValkey: false,
    policy: 'noeviction',
    maxMemoryBytes: 0,
    usedMemoryBytes: GIB,
    systemMemoryBytes: 8 * GIB,
    appendOnly: true,
    appendFsync: 'everysec',
    failsToWrite: false,
    isReplica: false,
    listpackValue: 64,
    clock: 1_000_000,
    ...change,
  };
}
