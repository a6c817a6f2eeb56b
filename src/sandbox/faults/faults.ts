import { z } from 'zod';
import { defined } from '../../defined.ts';
import { messageOf, OnboardError } from '../../errors.ts';
import { figures, mapNames } from '../limits/limit-figures.ts';

/** Share of requests, 0 to 1. */
const rate = z.number().min(0).max(1);
const durationMs = z.number().min(0);

/**
 * Faults of any request. "Before" means before all of the work, "after" means after it, so that
 * only the answer is affected; a refusal of the portal itself is not affected.
 */
const wire = {
  error500Before: rate,
  error500After: rate,
  resetBefore: rate,
  resetAfter: rate,
  /** The portal continues after `stallMs`, even without a client. */
  stallBefore: rate,
  stallAfter: rate,
  html502Before: rate,
  html502After: rate,
  /** 200 with a complete HTTP answer around half of the JSON. */
  truncatedJson: rate,
  /** 200 whose connection ends before the announced length. */
  cutShort: rate,
};

const createRates = z.strictObject({
  ...wire,
  /**
   * 500 with an account without its group, its mail, and for half of the people without a password: a
   * paid RoomAdmin (P-CREATE-13).
   */
  error500Groupless: rate,
  /** Such an account, by a server that is killed: the connection is reset. */
  halfMade: rate,
  /** Lost race for the user name, without an account (P-RACE-02). */
  race403: rate,
  race400: rate,
});
const inviteRates = z.strictObject({
  ...wire,
  /** The entry in the middle is refused; earlier entries stay done and mailed (P-INVITE-03). */
  refusedMidway: rate,
});
const readRates = z.strictObject(wire);
const changeRates = z.strictObject(wire);

/** A real portal spends some database round trips under the lock; 0 is no time. */
const lock = z.strictObject({ serviceMs: durationMs, waitMs: durationMs });

const outage = z.strictObject({
  kind: z.enum(['refused', 'killed', 'reset', '502', '503', 'lock']),
  startsInMs: durationMs.default(0),
  lastsMs: z.int().min(1),
});

const whole = z.strictObject({
  seed: z.int(),
  create: bounded(createRates),
  invite: bounded(inviteRates),
  read: bounded(readRates),
  change: bounded(changeRates),
  stallMs: durationMs,
  outages: z.array(outage),
  keyExpiresAfter: z.int().min(1).nullable(),
  tenantStatus: z.enum([
    'Active',
    'Suspended',
    'RemovePending',
    'Transfering',
    'Restoring',
    'Migrating',
    'Encryption',
  ]),
  tariff: z.enum(['paid', 'grace', 'unpaid']),
  latencyMs: durationMs,
  lock,
  /** Time between the row of an account and its group (P-RACE-04). */
  groupDelayMs: durationMs,
  limits: figures,
  limiterResetUnit: z.enum(['seconds', 'milliseconds']),
  /** The name of the host leads to no portal (P-KEY-11). */
  hostUnknown: z.boolean(),
  /** The portal does not allow the address of the client (P-TENANT-05). */
  addressRefused: z.boolean(),
  clockOffsetMs: z.int(),
  /** Guests of the portal beside its accounts. */
  guests: z.int().min(0),
  version: z.string().regex(/^3\.\d{1,3}\.\d{1,3}$/, { error: 'give a version like 3.7.2' }),
});

const patch = z
  .strictObject({
    ...whole.shape,
    create: createRates.partial(),
    invite: inviteRates.partial(),
    read: readRates.partial(),
    change: changeRates.partial(),
    lock: lock.partial(),
    limits: figures.partial(),
    reset: z.boolean(),
  })
  .partial();

/**
 * Current faults of the portal, also the JSON of GET /__sandbox/faults: rates for single requests
 * (`create`: POST /people, `invite`: POST /people/invite, `read`: every GET, `change`: groups, types and
 * PUT /people/invite), outages, and lasting states. Times are ms; 0 switches a limit off.
 */
export type Faults = z.output<typeof whole>;
/** Any part of `Faults` and of its groups; `reset` starts from a healthy portal. */
export type FaultsPatch = z.input<typeof patch>;
/** A time in which the front is absent, the server is dead or the creation locks are taken. */
export type Outage = Faults['outages'][number];
/** Group of rates of a request. */
export type RateGroup = 'create' | 'invite' | 'read' | 'change';
/** Faults of a draw, over all groups. */
export type FaultKind = keyof Faults['create'] | keyof Faults['invite'];
/** All kinds in the order of a draw. */
export const faultKinds: readonly FaultKind[] = createRates
  .extend(inviteRates.shape)
  .keyof().options;

/** A portal without faults, with the figures of the start. */
export function healthy(start: Pick<Faults, 'seed' | 'latencyMs' | 'lock' | 'limits'>): Faults {
  return {
    ...start,
    create: mapNames(createRates.shape, () => 0),
    invite: mapNames(inviteRates.shape, () => 0),
    read: mapNames(readRates.shape, () => 0),
    change: mapNames(changeRates.shape, () => 0),
    // Longer than the client's 30 s, but over before its lookup 35 s later (P-CREATE-16).
    stallMs: 45_000,
    outages: [],
    keyExpiresAfter: null,
    tenantStatus: 'Active',
    tariff: 'paid',
    limiterResetUnit: 'seconds',
    groupDelayMs: 0,
    hostUnknown: false,
    addressRefused: false,
    clockOffsetMs: 0,
    guests: 0,
    version: '3.7.2',
  };
}

/**
 * Checks a change of the faults, from a request or from the caller of `startSandbox`.
 * @throws OnboardError E_CONFIG that names all invalid parts
 */
export function readPatch(input: unknown): z.output<typeof patch> {
  return checked(patch.safeParse(input));
}

/**
 * Reads a change of the faults from the JSON of a request or a flag.
 * @throws OnboardError E_CONFIG for invalid JSON or an invalid change
 */
export function parseFaults(text: string): FaultsPatch {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    const sentence = `The faults for the sandbox are not JSON (${messageOf(error)}): give an object.`;
    throw new OnboardError('E_CONFIG', sentence, { cause: error });
  }
  return readPatch(input);
}

/**
 * Applies a change to the faults: unnamed parts stay, groups change partly, lists completely.
 * @throws OnboardError E_CONFIG when the rates of a group exceed 1 in total
 */
export function withPatch(current: Faults, change: z.output<typeof patch>): Faults {
  const { reset: _, ...named } = change;
  const groups = ['create', 'invite', 'read', 'change', 'lock', 'limits'] as const;
  const merged = groups.map((group) => [
    group,
    { ...current[group], ...defined({ ...named[group] }) },
  ]);
  const candidate = { ...current, ...defined(named), ...Object.fromEntries(merged) };
  return checked(whole.safeParse(candidate));
}

function checked<T>(result: z.ZodSafeParseResult<T>): T {
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  const text = `The faults for the sandbox cannot be used (${faults.join('; ')}): correct these and try again.`;
  throw new OnboardError('E_CONFIG', text, { details: { faults } });
}

/** One draw decides on all rates of a group, so that a request has at most one fault. */
function bounded<T extends z.ZodObject<Record<string, typeof rate>>>(rates: T): T {
  return rates.check(({ value, issues }) => {
    const sum = Object.values(value).reduce((total, one) => total + one, 0);
    if (sum <= 1 + Number.EPSILON * 16) return;
    const message = `the rates add up to ${sum}; their sum must not exceed 1`;
    issues.push({ code: 'custom', input: value, message });
  });
}
