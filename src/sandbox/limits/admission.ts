import type { Conditions } from '../faults/conditions.ts';
import { emptyReply, type Reply } from '../http/replies.ts';
import { FixedWindow, PeakRate, SlidingWindow } from './rate-windows.ts';

const MINUTE_MS = 60_000;
const IDLE_MS = 10_000;
const QUARTER_HOUR_MS = 15 * MINUTE_MS;

/** Facts of a request for the limiters. */
export interface Visit {
  /** User id of the key's creator, or the address of an unauthenticated peer. */
  partition: string;
  method: string;
  policy: 'sensitive' | 'invitations' | undefined;
  /** Number of entries with an e-mail in an invite; each takes a permit. */
  invitations: number;
}

type Gauge = { read: number; write: number };

type Limiter = keyof Admission['rejected'];

type Partition = ReturnType<typeof partitionOf>;

/**
 * The four limiters in the order of P-LIMIT-02, with their exact headers. Their windows follow the
 * true clock: a wrong clock of the portal affects only the Reset header.
 */
export class Admission {
  /** Refusals by limiter since the start. */
  readonly rejected = { sliding: 0, concurrency: 0, daily: 0, sensitive: 0, invitations: 0 };
  /** Largest number of admitted, unanswered requests over all callers. */
  readonly mostInFlight: Gauge = { read: 0, write: 0 };
  readonly #conditions: Conditions;
  readonly #now: () => number;
  readonly #partitions = new Map<string, Partition>();
  readonly #inFlight: Gauge = { read: 0, write: 0 };
  /** Requests behind every limiter in any 60 s, over all callers. */
  readonly rate = new PeakRate(MINUTE_MS);
  readonly #invitations: FixedWindow;
  #charged = { entries: 0, usedAt: 0 };

  constructor(conditions: Conditions, now: () => number) {
    this.#conditions = conditions;
    this.#now = now;
    this.#invitations = new FixedWindow(conditions.span('invitationsPerDay', 'dayMs'));
  }

  /**
   * Returns the function that frees the slot, or a 429. A later refusal frees only the slot; other
   * permits stay used (P-LIMIT-06).
   */
  admit(visit: Visit): { release: () => void } | { refusal: Reply } {
    const at = this.#now();
    const partition = this.#partitions.get(visit.partition) ?? partitionOf(this.#conditions);
    this.#partitions.set(visit.partition, partition);
    const refusal = this.#refusal(visit, partition, at);
    if (refusal !== undefined) return { refusal };
    const { inFlight } = partition;
    const kind = kindOf(visit.method);
    this.rate.add(at);
    inFlight[kind] += 1;
    this.#inFlight[kind] += 1;
    this.mostInFlight[kind] = Math.max(this.mostInFlight[kind], this.#inFlight[kind]);
    const release = (): void => {
      inFlight[kind] -= 1;
      this.#inFlight[kind] -= 1;
    };
    return { release };
  }

  #refusal(visit: Visit, partition: Partition, at: number): Reply | undefined {
    const { method, policy, invitations } = visit;
    const { sliding, inFlight, daily, sensitive } = partition;
    const { limits } = this.#conditions;
    if (!sliding.take(at)) return this.#tooMany('sliding', limits.requestsPerMinute);
    const inParallel = method === 'GET' ? limits.concurrentReads : limits.concurrentWrites;
    if (inFlight[kindOf(method)] >= inParallel) return this.#tooMany('concurrency', inParallel);
    if ((method === 'POST' || method === 'PUT') && !daily.take(at)) {
      return this.#tooMany('daily', limits.writesPerDay, this.#resetHeaders(daily, at));
    }
    if (policy === 'sensitive' && !sensitive.take(at)) {
      return this.#tooMany('sensitive', limits.resendsPerQuarterHour);
    }
    const charged = policy === 'invitations' ? this.#charge(invitations, at) : 0;
    // Permits are taken one by one, so a request that is too large uses all of them (P-LIMIT-08).
    for (let taken = 0; taken < charged; taken += 1) {
      if (this.#invitations.take(at)) continue;
      const reset = this.#resetHeaders(this.#invitations, at);
      return this.#tooMany('invitations', limits.invitationsPerDay, reset);
    }
    return undefined;
  }

  /** A limiter remembers the size of its first request until 10 s pass without one (P-LIMIT-10). */
  #charge(invitations: number, at: number): number {
    const { entries, usedAt } = this.#charged;
    const isRemembered = entries > 0 && at - usedAt < IDLE_MS;
    this.#charged = { entries: isRemembered ? entries : invitations, usedAt: at };
    return this.#charged.entries;
  }

  #tooMany(limiter: Limiter, limit: number, more: Record<string, string> = {}): Reply {
    this.rejected[limiter] += 1;
    const common = { 'X-RateLimit-Limit': String(limit), 'X-RateLimit-Remaining': '0' };
    return emptyReply(429, { ...common, ...more });
  }

  /**
   * Reset is an absolute epoch on the portal's clock, in seconds, or in ms with a newer library;
   * Retry-After is a number of seconds (P-LIMIT-04).
   */
  #resetHeaders(window: FixedWindow, at: number): Record<string, string> {
    const { limiterResetUnit, clockOffsetMs } = this.#conditions.faults;
    const resetsAt = Math.ceil((window.resetsAt + clockOffsetMs) / 1000);
    return {
      'X-RateLimit-Reset': String(limiterResetUnit === 'seconds' ? resetsAt : resetsAt * 1000),
      'Retry-After': String(Math.ceil((window.resetsAt - at) / 1000)),
    };
  }
}

function kindOf(method: string): keyof Gauge {
  return method === 'GET' ? 'read' : 'write';
}

/** Windows and slots of one caller. */
function partitionOf(conditions: Conditions) {
  return {
    inFlight: { read: 0, write: 0 },
    sliding: new SlidingWindow(conditions.span('requestsPerMinute', 'minuteMs')),
    daily: new FixedWindow(conditions.span('writesPerDay', 'dayMs')),
    sensitive: new SlidingWindow(() => {
      return { limit: conditions.limits.resendsPerQuarterHour, windowMs: QUARTER_HOUR_MS };
    }),
  };
}
