/** Limits of the sandbox. 0 or undefined switches a limit off; an unnamed limit has its default. */
export interface SandboxLimits {
  /** Sliding window per caller over 60 s (P-LIMIT-02). */
  requestsPerMinute: number | undefined;
  /** GETs in flight per caller, without a queue (P-LIMIT-02). */
  concurrentReads: number | undefined;
  /** Other methods in flight per caller, without a queue (P-LIMIT-02). */
  concurrentWrites: number | undefined;
  /** POST and PUT per caller, fixed window of 24 h from the first (P-LIMIT-02). */
  writesPerDay: number | undefined;
  /** PUT /people/invite per caller, sliding window of 15 min (P-LIMIT-03). */
  resendsPerQuarterHour: number | undefined;
  /** Invitation entries per portal, fixed window of 24 h (P-LIMIT-03). */
  invitationsPerDay: number | undefined;
  /** Invitation mails to new addresses per 24 h, `invitationLimit` in the settings (P-LIMIT-09). */
  invitationLimit: number | undefined;
  /** Paid seats: owner, DocSpaceAdmin and RoomAdmin together (P-CREATE-10). */
  adminSeats: number | undefined;
  /** Seats of all others; stock plans have no such limit. */
  userSeats: number | undefined;
  /** Length of the sliding window, for fast tests; default 60,000. */
  minuteMs: number;
  /** Length of the windows of a day, for fast tests; default 86,400,000. */
  dayMs: number;
}

/** Limits as plain numbers; 0 is off. */
type Figures = Record<keyof SandboxLimits, number>;

/** The published figures (P-LIMIT-02, P-LIMIT-03); limits that a stock portal lacks are off. */
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

/** Limits as numbers; Infinity is off. */
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
