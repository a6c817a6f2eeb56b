import { NotNow, type Turn, Turns } from './turns.ts';

/** The part of this process in the limits that all workers share, until its lease is over. */
export interface Share {
  /** Requests in flight. */
  writers: number;
  /** Requests a second; Infinity without a limit. */
  perSecond: number;
  /** When the share is over, by `performance.now()`. */
  until: number;
}

/** Trips to Redis around a request that other jobs' requests should cover, ms. */
const TRIPS_MS = 50;

interface Waiting {
  turn: Turn;
  /** Whether `turnBack` refuses it. */
  mayRefuse: boolean;
  send: () => void;
  refuse: (reason: NotNow) => void;
}

/**
 * Sends the requests of this process within its share: no more than its writers at a time, and one
 * after the other at an even pace. Jobs are more than requests, so that their trips to Redis overlap.
 */
export class RequestLimits {
  /** Called when the share may have changed before its time. */
  onStale: (() => void) | undefined;
  readonly #now: () => number;
  readonly #turns: Turns;
  #share: Share = { writers: 0, perSecond: 0, until: 0 };
  #inFlight = 0;
  #isClosed = false;
  #line: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Mean time of a request, ms. */
  #latencyMs = TRIPS_MS;

  constructor({ turnMs, now = () => performance.now() }: { turnMs: number; now?: () => number }) {
    this.#now = now;
    this.#turns = new Turns({ turnMs, now });
  }

  /** Requests in flight, or that may be soon. */
  get inUse(): number {
    const { writers, until } = this.#share;
    return Math.max(this.#inFlight, this.#now() < until ? writers : 0);
  }

  /** Requests in flight that this process may have. */
  get writers(): number {
    return this.#share.writers;
  }

  /** Requests a second that this process may send. */
  get perSecond(): number {
    return this.#share.perSecond;
  }

  /**
   * Jobs that keep the writers of this process busy. Those beyond the writers wait with their doubt
   * written, so that a slow portal needs few of them.
   */
  get jobs(): number {
    const { writers } = this.#share;
    const more = Math.ceil((writers * TRIPS_MS) / this.#latencyMs);
    return writers + Math.min(Math.max(more, 1), 2 * writers);
  }

  /** Changes the share. Jobs that were admitted under one that is over, or is nothing, go back. */
  set(share: Share): void {
    const isLapsed = this.#share.until <= this.#now();
    this.#share = share;
    if (isLapsed || share.writers === 0) this.turnBack();
    this.#turns.set(share.perSecond);
    this.#pump();
  }

  /**
   * Resolves shortly before the next request may be sent, and keeps its place.
   * @throws {NotNow} while the process closes or has no share.
   */
  soon(): Promise<Turn> {
    if (this.#isClosed || this.#share.writers === 0) return Promise.reject(new NotNow());
    return this.#turns.soon();
  }

  /**
   * Sends a request when its turn comes and a writer is free; `heed` sees the answer before the next
   * request is sent.
   * @throws {NotNow} when the turn is over, or `turnBack` was called since; without a turn, never.
   */
  async run<T>(send: () => Promise<T>, turn?: Turn, heed?: (answer: T) => void): Promise<T> {
    await this.#start(turn);
    const startedAt = this.#now();
    try {
      const answer = await send();
      heed?.(answer);
      return answer;
    } finally {
      this.#latencyMs += (Math.max(1, this.#now() - startedAt) - this.#latencyMs) / 16;
      this.#inFlight -= 1;
      this.#pump();
    }
  }

  /** Refuses the turns that were taken so far: the portal, or a person, wants no request now. */
  turnBack(): void {
    const refused = this.#line.filter(({ mayRefuse }) => mayRefuse);
    this.#line = this.#line.filter(({ mayRefuse }) => !mayRefuse);
    for (const { refuse } of refused) refuse(new NotNow());
    this.#turns.turnBack();
  }

  /** Takes no more turns; requests without a turn are still sent. */
  close(): void {
    this.#isClosed = true;
    this.turnBack();
  }

  /** Counts the request as in flight from the moment its turn comes. */
  #start(given: Turn | undefined): Promise<void> {
    if (given !== undefined && this.#turns.isOver(given)) return Promise.reject(new NotNow());
    const turn = given ?? this.#turns.next();
    return new Promise<void>((send, refuse) => {
      this.#line.push({ turn, mayRefuse: given !== undefined, send, refuse });
      this.#pump();
    });
  }

  /** Sends those at the head of the line, or sets a timer for the first. */
  #pump(): void {
    clearTimeout(this.#timer);
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      const now = this.#now();
      // A job without a turn, as an invite, is not put back: it must end although others have all.
      const writers = Math.max(this.#share.writers, first.mayRefuse ? 0 : 1);
      if (this.#inFlight >= writers || now >= this.#share.until) return;
      if (first.turn.at > now) {
        this.#timer = setTimeout(() => this.#pump(), Math.ceil(first.turn.at - now));
        return;
      }
      this.#line.shift();
      if (first.turn.until < now) first.refuse(new NotNow());
      else {
        this.#inFlight += 1;
        first.send();
      }
    }
  }
}
