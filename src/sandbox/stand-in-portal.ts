import { randomUUID } from 'node:crypto';
import { DAY_MS } from '../durations.ts';
import type { Logger } from '../process/logger.ts';
import { type ConditionOptions, Conditions } from './faults/conditions.ts';
import { ServerLife } from './faults/server-life.ts';
import { GroupRecords } from './groups/group-records.ts';
import { Journal } from './journal.ts';
import { Admission } from './limits/admission.ts';
import { FixedWindow } from './limits/rate-windows.ts';
import { type Account, Accounts, employeeStatus } from './people/accounts.ts';
import { type ApiKey, demoKey, readKey, type SandboxKey } from './people/api-keys.ts';
import { CreationLock } from './people/creation-lock.ts';
import { type Locale, type Texts, textsOf } from './people/portal-texts.ts';

/** Age of existing accounts: older than any batch. */
const EXISTING_AGE_MS = 365 * DAY_MS;

/** Options of the stand-in portal; all have defaults. */
export interface PortalOptions extends ConditionOptions {
  /** API keys; one demo key of the owner by default. */
  keys?: readonly (string | SandboxKey)[] | undefined;
  /** E-mails already on the portal: active Users, registered a year ago. */
  existing?: readonly string[] | undefined;
  /** E-mails of disabled accounts (status 2). */
  disabled?: readonly string[] | undefined;
  /** Names of groups already on the portal, without members. */
  groups?: readonly string[] | undefined;
  /** Language of the portal's own messages; default en. */
  locale?: Locale | undefined;
  /** Time zone of dates, minutes east of UTC; default 0. */
  utcOffsetMinutes?: number | undefined;
  /** The setting AllowInvitingMembers; default true. */
  allowInvitingMembers?: boolean | undefined;
  logger?: Logger | undefined;
  /** The true clock, epoch ms; a fault may shift the portal's clock against it. */
  now?: (() => number) | undefined;
  newId?: (() => string) | undefined;
}

/** One running portal: its people, its keys, its limiters and its settings. */
export type Portal = Readonly<ReturnType<typeof buildPortal>>;

/**
 * Builds a portal that does not listen yet; its outages are planned later.
 * @throws OnboardError E_CONFIG for an invalid key and for invalid faults
 */
export function buildPortal(options: PortalOptions) {
  const { now: trueClock = Date.now, newId = randomUUID, logger } = options;
  const { utcOffsetMinutes = 0, allowInvitingMembers = true } = options;
  const conditions = new Conditions(options);
  /** The portal's own clock, epoch ms. */
  const now = (): number => trueClock() + conditions.faults.clockOffsetMs;
  const lockTimes = () => conditions.faults.lock;
  const texts = textsOf(options.locale ?? 'en');
  const accounts = new Accounts(newId);
  const registry = { accounts, texts, now, newId };
  const ownerId = staffAccount({}, registry).id;
  const keys = (options.keys ?? [demoKey]).map((given) => issueKey(given, registry));
  const groups = new GroupRecords(newId);
  for (const name of options.groups ?? []) groups.add(name);
  settle(accounts, options, now() - EXISTING_AGE_MS);
  return {
    ...registry,
    /** Language of the portal itself; `texts` are those of one caller. */
    culture: texts.culture,
    ownerId,
    groups,
    keys: new Map(keys.map((key) => [key.secret, key])),
    conditions,
    life: new ServerLife(),
    utcOffsetMinutes,
    allowInvitingMembers,
    logger,
    admission: new Admission(conditions, trueClock),
    invitations: new FixedWindow(conditions.span('invitationLimit', 'dayMs')),
    locks: { members: new CreationLock(lockTimes), paid: new CreationLock(lockTimes) },
    journal: new Journal(),
  };
}

interface Registry {
  accounts: Accounts;
  texts: Texts;
  now: () => number;
  newId: () => string;
}

function issueKey(given: string | SandboxKey, registry: Registry): ApiKey {
  const { key: secret, ...entry } = readKey(given);
  const { permissions = [], expiresAt, isActive = true } = entry;
  const id = registry.newId();
  const owner = staffAccount(entry, registry);
  const times = { expiresAt, createdAt: registry.now(), lastUsedAt: 0 };
  return { id, secret, permissions, isActive, owner, ...times };
}

function staffAccount(
  { role = 'owner', culture }: Pick<SandboxKey, 'role' | 'culture'>,
  { accounts, texts, now }: Registry,
): Account {
  const suffix = culture === undefined || role === 'owner' ? '' : `.${culture}`;
  const email = `${role}${suffix}@sandbox.example`.toLowerCase();
  const isOwner = role === 'owner';
  return (
    accounts.find(email) ??
    accounts.add({
      email,
      firstName: 'Sandbox',
      lastName: isOwner ? 'Owner' : role,
      role: isOwner ? 'DocSpaceAdmin' : role,
      isOwner,
      registeredAt: now() - EXISTING_AGE_MS,
      origin: 'staff',
      cultureName: culture ?? texts.culture,
    })
  );
}

/** Adds the existing people. */
function settle(accounts: Accounts, options: PortalOptions, registeredAt: number): void {
  const common = { firstName: 'Existing', lastName: 'Person', role: 'User', registeredAt } as const;
  const disabled = { status: employeeStatus.terminated, terminatedAt: registeredAt + DAY_MS };
  const addNew = (email: string, more: Partial<Account> = {}): void => {
    if (accounts.find(email)) return;
    accounts.add({ ...common, ...more, email, origin: 'existing' });
  };
  for (const email of options.existing ?? []) addNew(email);
  for (const email of options.disabled ?? []) addNew(email, disabled);
}
