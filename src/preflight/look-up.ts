import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { inFlight } from '../batch/in-flight.ts';
import { OnboardError } from '../errors.ts';
import { emailHash } from '../ledger/record-rows.ts';
import type { Person } from '../person.ts';
import type { Portal } from '../portal/client.ts';
import { paceOf, startsPerSecond } from '../queue/pace.ts';

/** Reads that a portal takes at a time, as documented (P-LIMIT-02). */
const READS_AT_ONCE = 50;
/** A read that fails is tried so often; then nobody knows about this person. */
const TRIES = 3;
const FIRST_NAMED = 5;

export interface LookUp {
  portal: Portal;
  /** 0 is no limit. */
  requestsPerMinute: number;
  /** Requests in flight that are configured. */
  concurrency: number;
  signal: AbortSignal;
}

/** Who of the people has an account. */
export interface Present {
  count: number;
  /** The first e-mails that were found. */
  first: string[];
  /** People about whom the portal gave no answer. */
  unknown: number;
  /** Of the e-mails that were found, in whatever order, as hexadecimal. */
  digest: string;
}

/** Asks the portal about one person after the other, at its limits, and keeps count. */
export class Lookup {
  readonly #options: LookUp;
  readonly #gapMs: number;
  #nextAt = 0;
  #mark = 0n;
  #found: Omit<Present, 'digest'> = { count: 0, first: [], unknown: 0 };

  constructor(options: LookUp) {
    this.#options = options;
    // Every request in flight listens to it; Node warns of more than ten.
    setMaxListeners(0, options.signal);
    this.#gapMs = 1000 / startsPerSecond(paceOf(options.requestsPerMinute));
  }

  /**
   * Looks these people up, at most 50 at a time.
   * @throws {OnboardError} E_REFUSED when the portal refuses to tell anybody; the signal's reason.
   */
  async ask(people: readonly Person[]): Promise<void> {
    await inFlight(Math.min(READS_AT_ONCE, this.#options.concurrency), async (start) => {
      for (const { email } of people) {
        this.#options.signal.throwIfAborted();
        await this.#turn();
        await start(() => this.#askAbout(email));
      }
    });
  }

  result(): Present {
    return { ...this.#found, digest: this.#mark.toString(16) };
  }

  /** Starts are evenly spread; a 429 moves all of them. */
  async #turn(): Promise<void> {
    const now = performance.now();
    this.#nextAt = Math.max(now, this.#nextAt + this.#gapMs);
    if (this.#nextAt > now) {
      await pause(this.#nextAt - now, undefined, { signal: this.#options.signal });
    }
  }

  async #askAbout(email: string): Promise<void> {
    for (let left = TRIES; left > 0; ) {
      const { portal, signal } = this.#options;
      const verdict = await portal.findByEmail(email, { signal });
      signal.throwIfAborted();
      if (verdict.kind === 'ok') return this.#note(email);
      if (verdict.kind === 'absent') return;
      if (verdict.kind === 'stopped') {
        throw new OnboardError('E_REFUSED', `--lookup: ${verdict.reason} ${verdict.remedy}`);
      }
      if (verdict.kind === 'rate-limited') {
        this.#nextAt = Math.max(this.#nextAt, performance.now() + verdict.waitMs);
      } else left -= 1;
      await this.#turn();
    }
    this.#found.unknown += 1;
  }

  #note(email: string): void {
    this.#found.count += 1;
    if (this.#found.first.length < FIRST_NAMED) this.#found.first.push(email);
    this.#mark ^= Buffer.from(emailHash(email), 'base64url').readBigUInt64BE();
  }
}
