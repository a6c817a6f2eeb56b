import { randomUUID } from 'node:crypto';
import type { Logger } from '../logger.ts';
import { type Account, Accounts, activationStatus, employeeStatus } from './accounts.ts';
import { localPart } from './addresses.ts';
import { Admission } from './admission.ts';
import { CreationLock } from './creation-lock.ts';
import { Journal } from './journal.ts';
import { type ApiKey, demoKey, readKey, type SandboxKey, type StaffRole } from './keys.ts';
import { type Limits, resolveLimits, type SandboxLimits } from './limits.ts';
import { type Locale, type Texts, textsOf } from './texts.ts';
import { FixedWindow } from './windows.ts';

const DAY_MS = 86_400_000;
/** Age of the accounts that were there before: older than any batch. */
const EXISTING_AGE_MS = 365 * DAY_MS;
const LOCK_WAIT_MS = 30_000;
const LATENCY_MS = 20;

/** What the stand-in portal is like; everything has a default. */
export interface PortalOptions {
  /** API keys; one demo key of the owner when absent. */
  keys?: readonly (string | SandboxKey)[];
  /** E-mails already on the portal: active Users, registered a year ago. */
  existing?: readonly string[];
  /** The same, but disabled (status 2). */
  disabled?: readonly string[];
  /** Time that an admitted request takes; default 20. */
  latencyMs?: number;
  /** How long a creation holds the lock of its class; default 0. */
  lockServiceMs?: number;
  /** How long a creation waits for that lock; default 30,000. */
  lockWaitMs?: number;
  /** Language of the portal's own messages; default en. */
  locale?: Locale;
  /** Time zone in which dates are written, minutes east of UTC; default 0. */
  utcOffsetMinutes?: number;
  /** The portal's own setting AllowInvitingMembers; default true. */
  allowInvitingMembers?: boolean;
  limits?: Partial<SandboxLimits>;
  logger?: Logger;
  /** The portal's clock, epoch ms. */
  now?: () => number;
  newId?: () => string;
}

/** One running portal: its people, its keys, its limiters and its settings. */
export interface Portal {
  readonly accounts: Accounts;
  readonly keys: ReadonlyMap<string, ApiKey>;
  readonly admission: Admission;
  readonly invitations: FixedWindow;
  readonly locks: Readonly<Record<'members' | 'paid', CreationLock>>;
  readonly journal: Journal;
  readonly limits: Limits;
  readonly texts: Texts;
  readonly latencyMs: number;
  readonly utcOffsetMinutes: number;
  readonly allowInvitingMembers: boolean;
  readonly logger: Logger | undefined;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Builds a portal that nobody can reach yet. */
export function buildPortal(options: PortalOptions): Portal {
  const { now = Date.now, newId = randomUUID } = options;
  const limits = resolveLimits(options.limits);
  const texts = textsOf(options.locale ?? 'en');
  const accounts = new Accounts(newId);
  const keys = issueKeys(options.keys ?? [demoKey], { accounts, texts, now, newId });
  settle(accounts, options, now() - EXISTING_AGE_MS);
  const lockTimes = {
    serviceMs: options.lockServiceMs ?? 0,
    waitMs: options.lockWaitMs ?? LOCK_WAIT_MS,
  };
  return {
    accounts,
    keys,
    admission: new Admission(limits, now),
    invitations: new FixedWindow(limits.invitationLimit, DAY_MS),
    locks: { members: new CreationLock(lockTimes), paid: new CreationLock(lockTimes) },
    journal: new Journal(),
    limits,
    texts,
    latencyMs: options.latencyMs ?? LATENCY_MS,
    utcOffsetMinutes: options.utcOffsetMinutes ?? 0,
    allowInvitingMembers: options.allowInvitingMembers ?? true,
    logger: options.logger,
    now,
    newId,
  };
}

interface Registry {
  accounts: Accounts;
  texts: Texts;
  now: () => number;
  newId: () => string;
}

function issueKeys(
  given: readonly (string | SandboxKey)[],
  registry: Registry,
): Map<string, ApiKey> {
  staffAccount('owner', registry);
  const issued = new Map<string, ApiKey>();
  for (const entry of given.map(readKey)) {
    issued.set(entry.key, {
      id: registry.newId(),
      secret: entry.key,
      permissions: entry.permissions ?? [],
      expiresAt: entry.expiresAt,
      isActive: entry.isActive ?? true,
      owner: staffAccount(entry.role ?? 'owner', registry),
      createdAt: registry.now(),
      lastUsedAt: 0,
    });
  }
  return issued;
}

function staffAccount(role: StaffRole, { accounts, texts, now }: Registry): Account {
  const email = `${role.toLowerCase()}@sandbox.example`;
  const known = accounts.find(email);
  if (known !== undefined) return known;
  return accounts.add({
    email,
    userName: localPart(email),
    firstName: 'Sandbox',
    lastName: role === 'owner' ? 'Owner' : role,
    role: role === 'owner' ? 'DocSpaceAdmin' : role,
    isOwner: role === 'owner',
    status: employeeStatus.active,
    activationStatus: activationStatus.activated,
    registeredAt: now() - EXISTING_AGE_MS,
    origin: 'staff',
    cultureName: texts.culture,
  });
}

/** Puts the people on the portal who were there before anybody called. */
function settle(accounts: Accounts, options: PortalOptions, registeredAt: number): void {
  for (const email of options.existing ?? []) addExisting(accounts, email, { registeredAt });
  for (const email of options.disabled ?? []) {
    addExisting(accounts, email, { registeredAt, terminatedAt: registeredAt + DAY_MS });
  }
}

function addExisting(
  accounts: Accounts,
  email: string,
  times: { registeredAt: number; terminatedAt?: number },
): void {
  if (accounts.find(email) !== undefined) return;
  accounts.add({
    email,
    userName: accounts.freeUserName(localPart(email)),
    firstName: 'Existing',
    lastName: 'Person',
    role: 'User',
    isOwner: false,
    status: times.terminatedAt === undefined ? employeeStatus.active : employeeStatus.terminated,
    activationStatus: activationStatus.activated,
    origin: 'existing',
    ...times,
  });
}
