import { healthy } from '../../src/sandbox/faults/faults.ts';

/** The names of the sandbox's rates, and of its kinds of outage and tenant trouble that rounds use. */
export function faultsOf(): string[] {
  const lock = { serviceMs: 0, waitMs: 0 };
  const limits = {
    requestsPerMinute: 0,
    concurrentReads: 0,
    concurrentWrites: 0,
    writesPerDay: 0,
    resendsPerQuarterHour: 0,
    invitationsPerDay: 0,
    invitationLimit: 0,
    adminSeats: 0,
    userSeats: 0,
    minuteMs: 1,
    dayMs: 1,
  };
  const { create, invite } = healthy({ seed: 1, latencyMs: 0, lock, limits });
  const rates = new Set([...Object.keys(create), ...Object.keys(invite)]);
  const outages = ['refused', 'killed', 'reset', '502', '503', 'lock'];
  const states = ['keyExpiresAfter', 'tenantStatus', 'tariff', 'userSeats', 'clockOffsetMs'];
  return [...rates, ...outages, ...states, 'limiterResetUnit', 'writesPerDay', 'version'];
}
