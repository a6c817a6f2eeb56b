import { z } from 'zod';
import { messageOf, OnboardError } from '../errors.ts';

/** Share of requests, 0 to 1. */
const rate = z.number().min(0).max(1);
const durationMs = z.number().min(0);
const lengthMs = z.int().min(1);
const figure = z.int().min(0);

/**
 * What may happen to any request. "Before": nothing has been done yet. "After": everything has,
 * and only the answer suffers; where the portal refuses by itself, there is nothing to spoil.
 */
const wire = {
  error500Before: rate,
  error500After: rate,
  resetBefore: rate,
  resetAfter: rate,
  /** The portal goes on after `stallMs`, whether or not anybody still waits. */
  stallBefore: rate,
  stallAfter: rate,
  html502Before: rate,
  html502After: rate,
  /** 200 with a whole HTTP answer around half of the JSON. */
  truncatedJson: rate,
  /** 200 whose connection ends before the length that its head promised. */
  cutShort: rate,
};

const readRates = z.strictObject(wire);
const createRates = z.strictObject({
  ...wire,
  /** 500 with the account there, but without its group: a paid RoomAdmin (2.1, step 14). */
  error500Groupless: rate,
  /** Losing a race for the user name to somebody else, so that no account is made (6). */
  race403: rate,
  race400: rate,
});
const inviteRates = z.strictObject({
  ...wire,
  /** The entry in the middle is refused; those before it stay done and mailed (2.6). */
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
 * Everything that is wrong with the portal at a moment, also the JSON of GET /__sandbox/faults:
 * rates of what happens to single requests (`create`: POST /people, `invite`: POST /people/invite,
 * `read`: every GET), windows of time, and states that last. Times in ms; 0 switches a limit off.
 */
export type Faults = z.output<typeof whole>;
/** Any part of `Faults`, a group in part too; `reset` goes back to a healthy portal first. */
export type FaultsPatch = z.input<typeof patch>;
/** A time of trouble: the front is away, or somebody else holds the creation locks. */
export type Outage = Faults['outages'][number];
/** Which rates a request draws from. */
export type RateGroup = 'create' | 'invite' | 'read';
/** What one draw may bring, over all groups. */
export type FaultKind = keyof Faults['create'] | keyof Faults['invite'];

/** A portal without faults, with the figures that the sandbox was started with. */
export function healthy(figures: Pick<Faults, 'seed' | 'latencyMs' | 'lock' | 'limits'>): Faults {
  return {
    ...figures,
    create: zeroes(createRates.shape),
    invite: zeroes(inviteRates.shape),
    read: zeroes(readRates.shape),
    // Beyond the client's 30 s, but over before it looks the person up 35 s later (P-CREATE-16).
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
 * @throws OnboardError E_CONFIG that names every fault in it
 */
export function readPatch(input: unknown): z.output<typeof patch> {
  return checked(patch.safeParse(input));
}

/**
 * The same from JSON text, of a request or a flag.
 * @throws OnboardError E_CONFIG for text that is no JSON or that names no change
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
 * The faults with a change made: what it does not name stays, groups are changed in part, lists as
 * a whole. @throws OnboardError E_CONFIG when the rates of a group then exceed 1 together
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

/** One draw decides on all rates of a group, so that each request suffers one fault at most. */
function addsUp(rates: Readonly<Record<string, number>>): boolean {
  return sumOf(rates) <= 1 + Number.EPSILON * 16;
}

function addsUpText({ input }: { input: unknown }): string {
  const rates = isGroup(input) ? Object.values(input) : [];
  return `the rates add up to ${sumOf(rates)}, and together they must not exceed 1`;
}

function sumOf(rates: object): number {
  return Object.values(rates).reduce((sum, one) => sum + Number(one), 0);
}

function zeroes<K extends string>(shape: Readonly<Record<K, unknown>>): Record<K, number>;
function zeroes(shape: object): Record<string, number> {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, 0]));
}
