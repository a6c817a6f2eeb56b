import type { Conditions } from './conditions.ts';
import type { Limits } from './limits.ts';
import { emptyReply, type Reply } from './replies.ts';
import { FixedWindow, PeakRate, SlidingWindow } from './windows.ts';

const MINUTE_MS = 60_000;
const QUARTER_HOUR_MS = 15 * MINUTE_MS;

/** What the limiters need to know of a request. */
export interface Visit {
  /** User id of the key's creator, or the peer's address when nobody is logged in. */
  partition: string;
  method: string;
  policy: 'sensitive' | 'invitations' | undefined;
  /** Entries with an e-mail in an invite request; each takes a permit. */
  invitations: number;
}

/** Let in, with the function that gives the slot back; or turned away with a 429. */
export type Verdict = { release: () => void } | { refusal: Reply };

type Gauge = { read: number; write: number };

interface Partition {
  sliding: SlidingWindow;
  inFlight: Gauge;
  daily: FixedWindow;
  sensitive: SlidingWindow;
}

/**
 * The four limiters in the order of P-LIMIT-02, with their exact headers. Their windows
 * follow the true clock: a wrong one of the portal shows in the Reset header alone.
 */
export class Admission {
  /** Refusals by limiter since the start. */
  readonly rejected = { sliding: 0, concurrency: 0, daily: 0, sensitive: 0, invitations: 0 };
  /** The most requests that were let in and unanswered at once, over all callers. */
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

  /** The highest number of requests let in during any 60 s, over all callers. */
  get mostPerMinute(): number {
    return this.#rate.highest;
  }

  /**
   * A later refusal gives back the concurrency slot only: the sliding and daily permits stay
   * spent (P-LIMIT-06).
   */
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

  /** Permits are taken one by one, so a batch that is too large burns what was left (P-LIMIT-08). */
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
   * Reset is an absolute epoch on the portal's clock, in seconds, or in ms from a later library;
   * Retry-After a distance in seconds (P-LIMIT-04).
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
