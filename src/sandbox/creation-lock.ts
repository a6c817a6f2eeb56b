import { setTimeout as pause } from 'node:timers/promises';
import { PortalError } from './portal-errors.ts';

/** How long the lock is held for one creation, and how long a creation waits for it. */
export interface LockTimes {
  /** Real portals spend a few database round trips here; 0 holds it for no time at all. */
  serviceMs: number;
  waitMs: number;
}

/** The lock that serialises the creations of one class on a portal (P-CREATE-08). */
export class CreationLock {
  readonly #times: () => LockTimes;
  readonly #waiting = new Set<() => void>();
  #isHeld = false;
  #isSeized = false;

  /** The times are asked for at each creation, because they may change while the portal runs. */
  constructor(times: () => LockTimes) {
    this.#times = times;
  }

  /**
   * Runs `work` alone, first come first served; a 500 after `waitMs` of waiting, which `gaveUp` is
   * told of first.
   */
  async run<T>(work: () => T, gaveUp: () => void = () => undefined): Promise<T> {
    const { serviceMs } = this.#times();
    if (this.#isHeld || this.#isSeized) await this.#turn(gaveUp);
    this.#isHeld = true;
    try {
      if (serviceMs > 0) await pause(serviceMs);
      return work();
    } finally {
      this.#release();
    }
  }

  /** Somebody outside takes the lock after the creation that holds it, ahead of all who wait. */
  seize(): void {
    this.#isSeized = true;
  }

  /** Gives back what `seize` took; harmless without it. */
  yield(): void {
    this.#isSeized = false;
    if (!this.#isHeld) this.#release();
  }

  #turn(gaveUp: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const granted = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(granted);
        gaveUp();
        reject(lockNotObtained());
      }, this.#times().waitMs);
      this.#waiting.add(granted);
    });
  }

  /** Hands the lock over while it is still held, so that no newcomer slips in before the next. */
  #release(): void {
    const [next] = this.#waiting;
    this.#isHeld = next !== undefined && !this.#isSeized;
    if (next === undefined || this.#isSeized) return;
    this.#waiting.delete(next);
    next();
  }
}

function lockNotObtained(): PortalError {
  const type = 'ASC.Common.Threading.DistributedLock.Abstractions.DistributedLockException';
  return new PortalError(500, type, 'The distributed lock was not obtained in time');
}
