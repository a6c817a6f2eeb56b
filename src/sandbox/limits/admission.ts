import type { Conditions } from '../faults/conditions.ts';
import { emptyReply, type Reply } from '../http/replies.ts';
import type { Limits } from './limit-figures.ts';
import { FixedWindow, PeakRate, SlidingWindow } from './rate-windows.ts';

const MINUTE_MS = 60_000;
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

/** Admitted, with the function that returns the slot; or refused with a 429. */
export type Verdict = { release: () => void } | { refusal: Reply };

type Gauge = { read: number; write: number };

interface Partition {
  sliding: SlidingWindow;
  inFlight: Gauge;
  daily: FixedWindow;
  sensitive: SlidingWindow;
}

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
  readonly #rate = new PeakRate(MINUTE_MS);
  readonly #invitations: FixedWindow;

  constructor(conditions: Conditions, now: () => number) {
    this.#conditions = conditions;
    this.#now = now;
    this.#invitations = new FixedWindow(() => this.#perDay(this.#limits.invitationsPerDay));
  }

  /** Largest number of requests admitted in any 60 s, over all callers. */
  get mostPerMinute(): number {
    return this.#rate.highest;
  }

  /** A later refusal returns only the concurrency slot; other permits stay used (P-LIMIT-06). */
  admit(visit: Visit): Verdict {
    const at = this.#now();
    const partition = this.#partition(visit.partition);
    const kind = visit.method === 'GET' ? 'read' : 'write';
    const refusal =
      this.#slide(partition, at) ??
      this.#occupy(partition, kind) ??
      this.#passDaily(partition, visit, at) ??
      this.#passPolicy(partition, visit, at);
    if (refusal !== undefined) return { refusal };
    this.#enter(kind, at);
    partition.inFlight[kind] += 1;
    return { release: () => this.#leave(partition, kind) };
  }

  #slide(partition: Partition, at: number): Reply | undefined {
    if (partition.sliding.take(at)) return undefined;
    this.rejected.sliding += 1;
    return tooMany(this.#limits.requestsPerMinute);
  }

  #occupy(partition: Partition, kind: keyof Gauge): Reply | undefined {
    const limit = kind === 'read' ? this.#limits.concurrentReads : this.#limits.concurrentWrites;
    if (partition.inFlight[kind] < limit) return undefined;
    this.rejected.concurrency += 1;
    return tooMany(limit);
  }

  #passDaily(partition: Partition, visit: Visit, at: number): Reply | undefined {
    if (visit.method !== 'POST' && visit.method !== 'PUT') return undefined;
    if (partition.daily.take(at)) return undefined;
    this.rejected.daily += 1;
    return tooMany(this.#limits.writesPerDay, this.#resetHeaders(partition.daily, at));
  }

  #passPolicy(partition: Partition, visit: Visit, at: number): Reply | undefined {
    if (visit.policy === 'sensitive') return this.#passSensitive(partition, at);
    if (visit.policy === 'invitations') return this.#passInvitations(visit.invitations, at);
    return undefined;
  }

  #passSensitive(partition: Partition, at: number): Reply | undefined {
    if (partition.sensitive.take(at)) return undefined;
    this.rejected.sensitive += 1;
    return tooMany(this.#limits.resendsPerQuarterHour);
  }

  /** Permits are taken one by one, so a request that is too large uses all of them (P-LIMIT-08). */
  #passInvitations(entries: number, at: number): Reply | undefined {
    for (let taken = 0; taken < entries; taken += 1) {
      if (this.#invitations.take(at)) continue;
      this.rejected.invitations += 1;
      const reset = this.#resetHeaders(this.#invitations, at);
      return tooMany(this.#limits.invitationsPerDay, reset);
    }
    return undefined;
  }

  #enter(kind: keyof Gauge, at: number): void {
    this.#rate.add(at);
    this.#inFlight[kind] += 1;
    this.mostInFlight[kind] = Math.max(this.mostInFlight[kind], this.#inFlight[kind]);
  }

  #leave(partition: Partition, kind: keyof Gauge): void {
    partition.inFlight[kind] -= 1;
    this.#inFlight[kind] -= 1;
  }

  #partition(name: string): Partition {
    const known = this.#partitions.get(name);
    if (known !== undefined) return known;
    const fresh: Partition = {
      sliding: new SlidingWindow(() => {
        const { requestsPerMinute, minuteMs } = this.#limits;
        return { limit: requestsPerMinute, windowMs: minuteMs };
      }),
      inFlight: { read: 0, write: 0 },
      daily: new FixedWindow(() => this.#perDay(this.#limits.writesPerDay)),
      sensitive: new SlidingWindow(() => {
        return { limit: this.#limits.resendsPerQuarterHour, windowMs: QUARTER_HOUR_MS };
      }),
    };
    this.#partitions.set(name, fresh);
    return fresh;
  }

  get #limits(): Limits {
    return this.#conditions.limits;
  }

  #perDay(limit: number): { limit: number; windowMs: number } {
    return { limit, windowMs: this.#limits.dayMs };
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

function tooMany(limit: number, more: Record<string, string> = {}): Reply {
  return emptyReply(429, {
    'X-RateLimit-Limit': String(limit),
    'X-RateLimit-Remaining': '0',
    ...more,
  });
}
