import { z } from 'zod';

/** The published figures; limits that a stock portal lacks are off, which is 0. */
const defaults = {
  /** Sliding window per caller over 60 s (P-LIMIT-02). */
  requestsPerMinute: 1500,
  /** GETs in flight per caller, without a queue (P-LIMIT-02). */
  concurrentReads: 50,
  /** Other methods in flight per caller, without a queue (P-LIMIT-02). */
  concurrentWrites: 15,
  /** POST and PUT per caller, fixed window of 24 h from the first (P-LIMIT-02). */
  writesPerDay: 10_000,
  /** PUT /people/invite per caller, sliding window of 15 min (P-LIMIT-03). */
  resendsPerQuarterHour: 5,
  /** Invitation entries per portal, fixed window of 24 h (P-LIMIT-03). */
  invitationsPerDay: 0,
  /** Invitation mails to new addresses per 24 h, `invitationLimit` in the settings (P-LIMIT-09). */
  invitationLimit: 0,
  /** Paid seats: owner, DocSpaceAdmin and RoomAdmin together (P-CREATE-10). */
  adminSeats: 0,
  /** Quota of Users, filled by Guests (P-CREATE-20); stock plans have none. */
  userSeats: 0,
  /** Length of the sliding window, for fast tests. */
  minuteMs: 60_000,
  /** Length of the windows of a day, for fast tests. */
  dayMs: 86_400_000,
};

type Name = keyof typeof defaults;

/** Limits of the sandbox. 0 or undefined switches a limit off; an unnamed limit has its default. */
export type SandboxLimits = Record<Name, number | undefined> & Record<'minuteMs' | 'dayMs', number>;

/** Limits as numbers; 0 or Infinity is off. */
export type Limits = Record<Name, number>;

/** Limits as JSON; 0 is off. */
export const figures = z.strictObject({
  ...mapNames(defaults, () => z.int().min(0)),
  minuteMs: z.int().min(1),
  dayMs: z.int().min(1),
});

/** Fills in the defaults; undefined and Infinity become 0, which is "off" too. */
export function figuresOf(given: Partial<SandboxLimits> = {}): Limits {
  const merged = { ...defaults, ...given };
  return mapNames(defaults, (name) => (Number.isFinite(merged[name]) ? (merged[name] ?? 0) : 0));
}

/** Turns "off" into Infinity, so that no comparison needs a special case. */
export function resolveLimits(given: Partial<SandboxLimits> = {}): Limits {
  const figures = figuresOf(given);
  return mapNames(defaults, (name) => figures[name] || Number.POSITIVE_INFINITY);
}

/** Copies the names of an object with other values. */
export function mapNames<K extends string, V>(
  named: Readonly<Record<K, unknown>>,
  toValue: (name: K) => V,
): Record<K, V> {
  const entries = Object.keys(named).map((name) => [name, toValue(name as K)]);
  return Object.fromEntries(entries) as Record<K, V>;
}
