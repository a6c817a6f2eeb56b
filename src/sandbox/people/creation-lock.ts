import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from '../faults/faults.ts';
import { ServerKilled } from '../faults/server-life.ts';
import { PortalError } from '../http/portal-exceptions.ts';

/** Behaviour of a request around its time under the lock, and the life of its server. */
interface Waiting {
  life?: AbortSignal;
  gaveUp?: () => void;
  /** Runs with the lock, before its time of service; what it throws ends the request. */
  check?: () => void;
}

/** The lock that serialises the creations of one class on a portal (P-CREATE-08). */
export class CreationLock {
  readonly #times: () => Faults['lock'];
  readonly #waiting = new Set<() => void>();
  #isHeld = false;
  #isSeized = false;

  /** The times are read at each creation, because they may change while the portal runs. */
  constructor(times: () => Faults['lock']) {
    this.#times = times;
  }

  /**
   * Runs `work` alone, first come, first served. Calls `gaveUp` and throws a 500 after `waitMs`; a
   * request whose server is killed meanwhile does nothing.
   * @throws ServerKilled
   */
  async run<T>(work: () => T, { life, gaveUp, check = () => undefined }: Waiting = {}): Promise<T> {
    const { serviceMs } = this.#times();
    if (this.#isHeld || this.#isSeized) await this.#turn(gaveUp);
    this.#isHeld = true;
    try {
      check();
      if (serviceMs > 0) await sleep(serviceMs, undefined, { signal: life }).catch(() => undefined);
      if (life?.aborted) throw new ServerKilled();
      return work();
    } finally {
      this.#release();
    }
  }

  /** Takes the lock for an outage after the current creation, before all waiting ones. */
  seize(): void {
    this.#isSeized = true;
  }

  /** Returns the lock that `seize` took; does nothing without it. */
  yield(): void {
    this.#isSeized = false;
    if (!this.#isHeld) this.#release();
  }

  #turn(gaveUp: () => void = () => undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const granted = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(granted);
        gaveUp();
        reject(new PortalError('lockNotObtained'));
      }, this.#times().waitMs);
      this.#waiting.add(granted);
    });
  }

  /** Passes the lock on while it is held, so that no newcomer gets in before the next. */
  #release(): void {
    const [next] = this.#waiting;
    this.#isHeld = next !== undefined && !this.#isSeized;
    if (next === undefined || this.#isSeized) return;
    this.#waiting.delete(next);
    next();
  }
}
