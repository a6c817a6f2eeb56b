import {
  figuresOf,
  type Limits,
  resolveLimits,
  type SandboxLimits,
} from '../limits/limit-figures.ts';
import type { Span } from '../limits/rate-windows.ts';
import { Draws } from './draws.ts';
import {
  type FaultKind,
  type Faults,
  type FaultsPatch,
  faultKinds,
  healthy,
  type RateGroup,
  readPatch,
  withPatch,
} from './faults.ts';
import { KeyExpiry } from './key-expiry.ts';
import { Outages } from './outages.ts';
import { type Traits, traitsOf } from './versions.ts';

/** Initial conditions of a portal. */
export interface ConditionOptions {
  /** Duration of an admitted request; default 20. */
  latencyMs?: number;
  /** Time for which a creation holds the lock of its class; default 0. */
  lockServiceMs?: number;
  /** Longest wait of a creation for the lock; default 30,000. */
  lockWaitMs?: number;
  limits?: Partial<SandboxLimits>;
  /** Seed of all draws; the same seed and the same requests meet the same faults. Default 1. */
  seed?: number;
  /** Initial faults; none by default. */
  faults?: FaultsPatch;
}

/** Current conditions of the portal; they may change while it runs. */
export class Conditions {
  readonly keyExpiry = new KeyExpiry();
  /** The initial ones are planned when the portal listens. */
  readonly outages = new Outages();
  readonly #healthy: Faults;
  #current: { faults: Faults; limits: Limits; traits: Traits };
  #draws: Draws;

  /** @throws OnboardError E_CONFIG for invalid faults */
  constructor(options: ConditionOptions) {
    const { seed = 1, latencyMs = 20, limits } = options;
    const lock = { serviceMs: options.lockServiceMs ?? 0, waitMs: options.lockWaitMs ?? 30_000 };
    this.#healthy = healthy({ seed, latencyMs, lock, limits: figuresOf(limits) });
    this.#current = currentOf(this.#healthy);
    this.#draws = new Draws(seed);
    this.#apply(readPatch(options.faults ?? {}));
  }

  get faults(): Faults {
    return this.#current.faults;
  }

  get limits(): Limits {
    return this.#current.limits;
  }

  get traits(): Traits {
    return this.#current.traits;
  }

  /** Span of a window with two current limits. */
  span(limit: keyof Limits, length: 'minuteMs' | 'dayMs'): Span {
    return () => ({ limit: this.limits[limit], windowMs: this.limits[length] });
  }

  /**
   * Applies a change from the next request on, completely or not at all. Named outages begin now, a
   * new seed restarts the draws, a new key expiry the count of its requests, and a reset all three.
   * @throws OnboardError E_CONFIG for an invalid change
   */
  change(input: unknown): void {
    const patch = readPatch(input);
    this.#apply(patch);
    if (patch.reset || patch.outages !== undefined) this.outages.plan(this.faults.outages);
  }

  #apply(patch: ReturnType<typeof readPatch>): void {
    const faults = withPatch(patch.reset ? this.#healthy : this.faults, patch);
    this.#current = currentOf(faults);
    if (patch.reset || patch.seed !== undefined) this.#draws = new Draws(faults.seed);
    if (patch.reset || patch.keyExpiresAfter !== undefined) {
      this.keyExpiry.restart(faults.keyExpiresAfter);
    }
  }

  /** Draws yes or no with equal chance. */
  toss(decision: string): boolean {
    return this.#draws.next(decision) < 0.5;
  }

  /** Draws the fault of the next request of a group about a subject. */
  drawFault(group: RateGroup, subject: string): FaultKind | undefined {
    let drawn = this.#draws.next(`${group} ${subject}`);
    const rates: Partial<Record<FaultKind, number>> = this.faults[group];
    return faultKinds.find((kind) => {
      drawn -= rates[kind] ?? 0;
      return drawn < 0;
    });
  }
}

function currentOf(faults: Faults): { faults: Faults; limits: Limits; traits: Traits } {
  return { faults, limits: resolveLimits(faults.limits), traits: traitsOf(faults.version) };
}
