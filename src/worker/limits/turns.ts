/** The place of one request in the pace of this process. */
export interface Turn {
  /** When it may be sent, by `performance.now()`. */
  at: number;
  /** Not sent later than this, likewise: its admission and its doubt are from before. */
  until: number;
  epoch: number;
}

/** The request was not sent, and its job goes back to the queue. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

/** A job asks for its admission this long before its request may be sent, ms: two trips to Redis. */
const LEAD_MS = 100;

/**
 * How much of the time that was lost is made up for, ms: 5 requests at the documented limit, well
 * within the 1 % that the pace leaves free.
 */
const CATCH_UP_MS = 200;

/** A job that waits for its turn; the rate may change meanwhile, so it has no place yet. */
interface Early {
  take: (turn: Turn) => void;
  refuse: (reason: NotNow) => void;
}

/** Gives the requests of this process their turns, one after the other and evenly. */
export class Turns {
  readonly #now: () => number;
  readonly #turnMs: number;
  #perSecond = 0;
  #nextAt = 0;
  #epoch = 0;
  #early: Early[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ turnMs, now }: { turnMs: number; now: () => number }) {
    this.#now = now;
    this.#turnMs = turnMs;
  }

  /** Requests a second; Infinity without a limit. Those who wait get the new pace. */
  set(perSecond: number): void {
    this.#perSecond = perSecond;
    this.#handOut();
  }

  /**
   * Resolves shortly before the next request may be sent, and keeps its place.
   * @throws {NotNow} when `turnBack` is called meanwhile.
   */
  soon(): Promise<Turn> {
    return new Promise((take, refuse) => {
      this.#early.push({ take, refuse });
      this.#handOut();
    });
  }

  /** The next turn, for a request that is sent however long it has to wait. */
  next(): Turn {
    return { at: this.#reserve(), until: Number.POSITIVE_INFINITY, epoch: this.#epoch };
  }

  /** Whether `turnBack` was called since the turn was given. */
  isOver({ epoch }: Turn): boolean {
    return epoch !== this.#epoch;
  }

  /** Ends the turns that were given so far, and refuses those who wait for one. */
  turnBack(): void {
    this.#epoch += 1;
    this.#nextAt = 0;
    clearTimeout(this.#timer);
    for (const { refuse } of this.#early.splice(0)) refuse(new NotNow());
  }

  /** When the next request may be sent. */
  get #freeAt(): number {
    return Math.max(this.#nextAt, this.#now() - CATCH_UP_MS);
  }

  #reserve(): number {
    const at = this.#freeAt;
    this.#nextAt = at + (this.#perSecond > 0 ? 1000 / this.#perSecond : 0);
    return at;
  }

  /** Gives the next turns to those who wait for them, or sets a timer for the first. */
  #handOut(): void {
    clearTimeout(this.#timer);
    while (this.#early.length > 0) {
      const now = this.#now();
      const waitMs = this.#freeAt - LEAD_MS - now;
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#handOut(), Math.ceil(waitMs));
        return;
      }
      const turn = { at: this.#reserve(), epoch: this.#epoch, until: now + this.#turnMs };
      this.#early.shift()?.take(turn);
    }
  }
}
