/**
 * Every figure that the sandbox holds callers to. 0 or undefined switches that limit off; a limit
 * that is not named keeps its default.
 */
export interface SandboxLimits {
  /** Sliding window per caller over 60 s (docspace-contract 4, row 1). */
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
}

/** The published figures (docspace-contract 4 and 2.8); what a stock portal has off is off. */
const defaultLimits: SandboxLimits = {
  requestsPerMinute: 1500,
  concurrentReads: 50,
  concurrentWrites: 15,
  writesPerDay: 10_000,
  resendsPerQuarterHour: 5,
  invitationsPerDay: 0,
  invitationLimit: 0,
  adminSeats: 0,
};

/** The limits as numbers: the defaults under what was given, Infinity where a limit is off. */
export type Limits = Readonly<Record<keyof SandboxLimits, number>>;

/** Fills in the defaults and turns "off" into Infinity, so that no comparison needs a special case. */
export function resolveLimits(given: Partial<SandboxLimits> = {}): Limits {
  const merged = { ...defaultLimits, ...given };
  const figure = (name: keyof SandboxLimits): number => merged[name] || Number.POSITIVE_INFINITY;
  return {
    requestsPerMinute: figure('requestsPerMinute'),
    concurrentReads: figure('concurrentReads'),
    concurrentWrites: figure('concurrentWrites'),
    writesPerDay: figure('writesPerDay'),
    resendsPerQuarterHour: figure('resendsPerQuarterHour'),
    invitationsPerDay: figure('invitationsPerDay'),
    invitationLimit: figure('invitationLimit'),
    adminSeats: figure('adminSeats'),
  };
}
