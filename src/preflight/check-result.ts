import type { HoldCode } from '../stops.ts';

/** Names of checks; scripts may match them. */
export type CheckName =
  | 'sources'
  | 'tls'
  | 'proxy'
  | 'redis'
  | 'redis-role'
  | 'redis-commands'
  | 'redis-persistence'
  | 'redis-memory'
  | 'redis-clock'
  | 'portal'
  | 'portal-clock'
  | 'tenant-status'
  | 'version'
  | 'name-rule'
  | 'key'
  | 'key-scopes'
  | 'groups'
  | 'key-expiry'
  | 'owner'
  | 'inviting'
  | 'invitation-limit'
  | 'invite-length'
  | 'seats'
  | 'portal-settings';

/** One line of the preflight. */
export interface Check {
  /**
   * `fault`: the batch would be held, or all people in question would fail. `warning`: the result
   * may differ from the request.
   */
  level: 'ok' | 'warning' | 'fault';
  check: CheckName;
  /** The finding: one sentence without a full stop. */
  what: string;
  /** The remedy of a warning or fault. */
  remedy?: string;
  /** Words of the portal, for the person who checks; a submission that stops does not repeat them. */
  detail?: string;
  /** Hold that a fault would lead to, or `outage` for a fault that workers wait out. */
  because?: HoldCode | 'outage';
  /** Marks a warning about a check that was not possible. */
  unchecked?: true;
}

export function ok(check: CheckName, what: string): Check {
  return { level: 'ok', check, what };
}

export function warning(check: CheckName, what: string, remedy: string): Check {
  return { level: 'warning', check, what, remedy };
}

/** A check that was not possible; `check` shows it, submissions do not. */
export function unchecked(check: CheckName, what: string, remedy: string): Check {
  return { ...warning(check, what, remedy), unchecked: true };
}

export function fault(check: CheckName, what: string, remedy: string): Check {
  return { level: 'fault', check, what, remedy };
}

/** Turns faults with these causes into warnings, where work continues in spite of them. */
export function tolerate(checks: readonly Check[], causes: readonly Check['because'][]): Check[] {
  return checks.map((check) => {
    const isTolerated = check.because !== undefined && causes.includes(check.because);
    return check.level === 'fault' && isTolerated ? { ...check, level: 'warning' } : check;
  });
}

/** Tolerance for the whole seconds of `Date` and the time of the answer. */
const TOLERATED_MS = 60_000;

/**
 * Checks how far another clock is ahead of this machine's, in ms. Nothing depends on the
 * difference, because times of different clocks are never compared; but it makes waits and reports
 * confusing.
 */
export function clockCheck(check: CheckName, whose: string, aheadMs: number): Check {
  if (Math.abs(aheadMs) <= TOLERATED_MS) {
    return ok(check, `${whose} clock and this machine's agree within a minute`);
  }
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const what = `${whose} clock is ${seconds} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  return warning(check, what, 'correct the wrong clock (NTP)');
}
