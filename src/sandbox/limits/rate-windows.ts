const COMPACT_AT = 4096;

/** Limit and length of a window; read each time, because both may change while the portal runs. */
export type Span = () => { limit: number; windowMs: number };

/** Moments in ascending order, with cheap removal from the front: amortised O(1) per moment. */
class Moments {
  #times: number[] = [];
  #head = 0;

  get size(): number {
    return this.#times.length - this.#head;
  }

  add(at: number): void {
    this.#times.push(at);
  }

  dropUntil(at: number): void {
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= at) this.#head += 1;
    if (this.#head < COMPACT_AT || this.#head * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#head);
    this.#head = 0;
  }
}

/** At most `limit` in any `windowMs`; refused requests do not count (P-LIMIT-06). */
export class SlidingWindow {
  readonly #span: Span;
  readonly #moments = new Moments();

  constructor(span: Span) {
    this.#span = span;
  }

  /** Takes one permit at `at` (epoch ms); false when there is none. */
  take(at: number): boolean {
    const { limit, windowMs } = this.#span();
    if (limit === Number.POSITIVE_INFINITY) return true;
    this.#moments.dropUntil(at - windowMs);
    if (this.#moments.size >= limit) return false;
    this.#moments.add(at);
    return true;
  }
}

/** At most `limit` in a window of `windowMs` that begins with its first permit. */
export class FixedWindow {
  readonly #span: Span;
  #startedAt = 0;
  #taken = 0;

  constructor(span: Span) {
    this.#span = span;
  }

  /** Takes one permit at `at` (epoch ms); false when there is none. */
  take(at: number): boolean {
    if (this.remaining(at) <= 0) return false;
    if (this.#taken === 0) this.#startedAt = at;
    this.#taken += 1;
    return true;
  }

  /** Permits left at `at`; Infinity when there is no limit. */
  remaining(at: number): number {
    const { limit, windowMs } = this.#span();
    if (at - this.#startedAt >= windowMs) this.#taken = 0;
    return limit - this.#taken;
  }

  /** When the running window ends, epoch ms. */
  get resetsAt(): number {
    return this.#startedAt + this.#span().windowMs;
  }
}

/** Records the highest number of events in any `windowMs`. */
export class PeakRate {
  readonly #windowMs: number;
  readonly #moments = new Moments();
  #highest = 0;

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  get highest(): number {
    return this.#highest;
  }

  add(at: number): void {
    this.#moments.dropUntil(at - this.#windowMs);
    this.#moments.add(at);
    this.#highest = Math.max(this.#highest, this.#moments.size);
  }
}
