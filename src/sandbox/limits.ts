/**
 * Every figure that the sandbox holds callers to. 0 or undefined switches that limit off; a limit
 * that is not named keeps its default.
 */
export interface SandboxLimits {
  /** Sliding window per caller over 60 s (P-LIMIT-02). */
  requestsPerMinute: number | undefined;
  /** GETs in flight per caller, without a queue (row 2). */
  concurrentReads: number | undefined;
  /** Other methods in flight per caller, without a queue (row 2). */
  concurrentWrites: number | undefined;
  /** POST and PUT per caller, fixed window of 24 h from the first one (row 3). */
  writesPerDay: number | undefined;
  /** PUT /people/invite per caller, sliding window of 15 min (row 4, sensitive_api). */
  resendsPerQuarterHour: number | undefined;
  /** Invitation entries per portal, fixed window of 24 h (row 4, email_invitation_api). */
  invitationsPerDay: number | undefined;
  /** Invitation mails to new addresses per 24 h, `invitationLimit` in the settings (2.8). */
  invitationLimit: number | undefined;
  /** Paid seats: owner, DocSpaceAdmin and RoomAdmin together (2.1, step 11). */
  adminSeats: number | undefined;
  /** Seats of everybody else; stock plans have no such limit (2.1, step 11). */
  userSeats: number | undefined;
  /** Length of the sliding window, for tests that cannot wait; default 60,000. */
  minuteMs: number;
  /** Length of the windows of a day, for the same; default 86,400,000. */
  dayMs: number;
}

/** The same as plain numbers, 0 where a limit is off. */
type Figures = Record<keyof SandboxLimits, number>;

/** The published figures (P-LIMIT-02, P-LIMIT-03); what a stock portal has off is off. */
const defaultLimits: Figures = {
  requestsPerMinute: 1500,
  concurrentReads: 50,
  concurrentWrites: 15,
  writesPerDay: 10_000,
  resendsPerQuarterHour: 5,
  invitationsPerDay: 0,
  invitationLimit: 0,
  adminSeats: 0,
  userSeats: 0,
  minuteMs: 60_000,
  dayMs: 86_400_000,
};

/** The limits as numbers: the defaults under what was given, Infinity where a limit is off. */
export type Limits = Readonly<Figures>;

/** Fills in the defaults; undefined and Infinity become 0, which is "off" too. */
export function figuresOf(given: Partial<SandboxLimits> = {}): Figures {
  const merged = { ...defaultLimits, ...given };
  const figure = (value = 0): number => (Number.isFinite(value) ? value : 0);
  return mapLimits((name) => figure(merged[name]));
}

/** Turns "off" into Infinity, so that no comparison needs a special case. */
export function resolveLimits(given: Partial<SandboxLimits> = {}): Limits {
  const figures = figuresOf(given);
  return mapLimits((name) => figures[name] || Number.POSITIVE_INFINITY);
}

function mapLimits(figure: (name: keyof SandboxLimits) => number): Figures {
  return {
    requestsPerMinute: figure('requestsPerMinute'),
    concurrentReads: figure('concurrentReads'),
    concurrentWrites: figure('concurrentWrites'),
    writesPerDay: figure('writesPerDay'),
    resendsPerQuarterHour: figure('resendsPerQuarterHour'),
    invitationsPerDay: figure('invitationsPerDay'),
    invitationLimit: figure('invitationLimit'),
    adminSeats: figure('adminSeats'),
    userSeats: figure('userSeats'),
    minuteMs: figure('minuteMs'),
    dayMs: figure('dayMs'),
  };
}
