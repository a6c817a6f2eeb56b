import { z } from 'zod';
import { messageOf, OnboardError } from '../../errors.ts';

/** Share of requests, 0 to 1. */
const rate = z.number().min(0).max(1);
const durationMs = z.number().min(0);
const lengthMs = z.int().min(1);
const figure = z.int().min(0);

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

const readRates = z.strictObject(wire);
const createRates = z.strictObject({
  ...wire,
  /** 500 with an account without its group: a paid RoomAdmin (P-CREATE-13). */
  error500Groupless: rate,
  /** Lost race for the user name, without an account (P-RACE-02). */
  race403: rate,
  race400: rate,
});
const inviteRates = z.strictObject({
  ...wire,
  /** The entry in the middle is refused; earlier entries stay done and mailed (P-INVITE-03). */
  refusedMidway: rate,
});

const lock = z.strictObject({ serviceMs: durationMs, waitMs: durationMs });

const limits = z.strictObject({
  requestsPerMinute: figure,
  concurrentReads: figure,
  concurrentWrites: figure,
  writesPerDay: figure,
  resendsPerQuarterHour: figure,
  invitationsPerDay: figure,
  invitationLimit: figure,
  adminSeats: figure,
  userSeats: figure,
  minuteMs: lengthMs,
  dayMs: lengthMs,
});

const outage = z.strictObject({
  kind: z.enum(['refused', 'reset', '502', '503', 'lock']),
  startsInMs: durationMs.default(0),
  lastsMs: lengthMs,
});

const whole = z.strictObject({
  seed: z.int(),
  create: createRates.refine(addsUp, { error: addsUpText }),
  invite: inviteRates.refine(addsUp, { error: addsUpText }),
  read: readRates.refine(addsUp, { error: addsUpText }),
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
  limits,
  limiterResetUnit: z.enum(['seconds', 'milliseconds']),
  clockOffsetMs: z.int(),
  version: z.string().regex(/^3\.\d{1,3}\.\d{1,3}$/, { error: 'give a version like 3.7.2' }),
});

const patch = z.strictObject({
  ...whole.partial().shape,
  create: createRates.partial().optional(),
  invite: inviteRates.partial().optional(),
  read: readRates.partial().optional(),
  lock: lock.partial().optional(),
  limits: limits.partial().optional(),
  reset: z.boolean().optional(),
});

/**
 * Current faults of the portal, also the JSON of GET /__sandbox/faults: rates for single requests
 * (`create`: POST /people, `invite`: POST /people/invite, `read`: every GET), outages, and lasting
 * states. Times are ms; 0 switches a limit off.
 */
export type Faults = z.output<typeof whole>;
/** Any part of `Faults` and of its groups; `reset` starts from a healthy portal. */
export type FaultsPatch = z.input<typeof patch>;
/** A time in which the front is absent or the creation locks are taken. */
export type Outage = Faults['outages'][number];
/** Group of rates of a request. */
export type RateGroup = 'create' | 'invite' | 'read';
/** Faults of a draw, over all groups. */
export type FaultKind = keyof Faults['create'] | keyof Faults['invite'];

/** A portal without faults, with the figures of the start. */
export function healthy(figures: Pick<Faults, 'seed' | 'latencyMs' | 'lock' | 'limits'>): Faults {
  return {
    ...figures,
    create: zeroes(createRates.shape),
    invite: zeroes(inviteRates.shape),
    read: zeroes(readRates.shape),
    // Longer than the client's 30 s, but over before its lookup 35 s later (P-CREATE-16).
    stallMs: 45_000,
    outages: [],
    keyExpiresAfter: null,
    tenantStatus: 'Active',
    tariff: 'paid',
    limiterResetUnit: 'seconds',
    clockOffsetMs: 0,
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
  return checked(whole.safeParse(merged(current, named)));
}

function merged(base: object, change: object): object {
  const known = new Map<string, unknown>(Object.entries(base));
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const before = known.get(name);
    known.set(name, isGroup(before) && isGroup(value) ? merged(before, value) : value);
  }
  return Object.fromEntries(known);
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
function addsUp(rates: Readonly<Record<string, number>>): boolean {
  return sumOf(rates) <= 1 + Number.EPSILON * 16;
}

function addsUpText({ input }: { input: unknown }): string {
  const rates = isGroup(input) ? Object.values(input) : [];
  return `the rates add up to ${sumOf(rates)}; their sum must not exceed 1`;
}

function sumOf(rates: object): number {
  return Object.values(rates).reduce((sum, one) => sum + Number(one), 0);
}

function zeroes<K extends string>(shape: Readonly<Record<K, unknown>>): Record<K, number>;
function zeroes(shape: object): Record<string, number> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, 0]));
}
