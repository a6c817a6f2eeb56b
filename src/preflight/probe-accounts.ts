import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFlight } from '../batch/in-flight.ts';
import { OnboardError } from '../errors.ts';
import { emailHash } from '../people/email-hash.ts';
import type { Person } from '../people/person.ts';
import type { Portal } from '../portal/client.ts';
import { perSecondOf } from '../queue/pace.ts';

/** Documented limit of concurrent reads (P-LIMIT-02). */
const READS_AT_ONCE = 50;
/** Tries of a lookup before the person counts as unknown. */
const TRIES = 3;
const FIRST_NAMED = 5;

interface LookUp {
  portal: Portal;
  /** 0 is no limit. */
  requestsPerMinute: number;
  /** Configured number of requests in flight. */
  concurrency: number;
  signal: AbortSignal;
}

/** Looks people up on the portal, at its limits, and counts them. */
export class Lookup {
  readonly #options: LookUp;
  readonly #gapMs: number;
  #nextAt = 0;
  #mark = 0n;
  readonly #found = {
    count: 0,
    /** The first e-mails found. */
    first: [] as string[],
    /** Number of people without an answer of the portal. */
    unknown: 0,
  };

  constructor(options: LookUp) {
    this.#options = options;
    // Every request in flight adds a listener; Node warns of more than ten.
    setMaxListeners(0, options.signal);
    this.#gapMs = 1000 / perSecondOf(options.requestsPerMinute);
  }

  /**
   * Looks these people up, at most 50 at a time.
   * @throws {OnboardError} E_REFUSED when the portal refuses lookups; the reason of the signal.
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

  /** The people found; the hexadecimal digest is independent of their order. */
  result() {
    return { ...this.#found, digest: this.#mark.toString(16) };
  }

  /** Waits for the next start; starts are evenly spread, and a 429 delays all of them. */
  async #turn(): Promise<void> {
    const now = performance.now();
    this.#nextAt = Math.max(now, this.#nextAt + this.#gapMs);
    if (this.#nextAt > now) {
      await sleep(this.#nextAt - now, undefined, { signal: this.#options.signal });
    }
  }

  async #askAbout(email: string): Promise<void> {
    for (let left = TRIES; left > 0; ) {
      const { portal, signal } = this.#options;
      const verdict = await portal.findByEmail(email, { signal });
      signal.throwIfAborted();
      if (verdict.kind === 'ok') return this.#note(email);
      const isBroken = verdict.kind === 'refused' && verdict.code === 'account-broken';
      if (isBroken) return this.#note(email);
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
