import type { HoldCode } from '../portal/verdict.ts';

/** What is looked at; the names are stored nowhere but may be matched by scripts. */
export type CheckName =
  | 'redis'
  | 'redis-role'
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
  | 'key-expiry'
  | 'owner'
  | 'inviting'
  | 'invitation-limit'
  | 'seats'
  | 'portal-settings';

/** One line of the preflight. */
export interface Check {
  /**
   * `fault`: the batch would be held, or all of the people in question fail. `warning`: it may turn
   * out otherwise than wished.
   */
  level: 'ok' | 'warning' | 'fault';
  check: CheckName;
  /** What was found, one sentence without a full stop. */
  what: string;
  /** What to do; with every warning and fault. */
  remedy?: string;
  /** Of a fault: the hold that it would lead to, or `outage` for what workers wait out. */
  because?: HoldCode | 'outage';
  /** Of a warning: nothing is known to be wrong, it could only not be looked at. */
  unchecked?: true;
}

export function ok(check: CheckName, what: string): Check {
  return { level: 'ok', check, what };
}

export function warning(check: CheckName, what: string, remedy: string): Check {
  return { level: 'warning', check, what, remedy };
}

/** What could not be looked at; told by `check`, not again with every submission. */
export function unchecked(check: CheckName, what: string, remedy: string): Check {
  return { ...warning(check, what, remedy), unchecked: true };
}

export function fault(check: CheckName, what: string, remedy: string): Check {
  return { level: 'fault', check, what, remedy };
}

/** Faults with one of these causes as warnings: where work goes on in spite of them. */
export function tolerate(checks: readonly Check[], causes: readonly Check['because'][]): Check[] {
  return checks.map((check) =>
    check.level === 'fault' && check.because !== undefined && causes.includes(check.because)
      ? { ...check, level: 'warning' }
      : check,
  );
}
