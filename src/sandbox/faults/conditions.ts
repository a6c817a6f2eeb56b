import {
  figuresOf,
  type Limits,
  resolveLimits,
  type SandboxLimits,
} from '../limits/limit-figures.ts';
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
import { type Traits, traitsOf } from './versions.ts';

const LOCK_WAIT_MS = 30_000;
const LATENCY_MS = 20;

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
  readonly #healthy: Faults;
  #current: { faults: Faults; limits: Limits; traits: Traits };
  #draws: Draws;

  /** @throws OnboardError E_CONFIG for invalid faults */
  constructor(options: ConditionOptions) {
    const { seed = 1, latencyMs = LATENCY_MS, lockServiceMs: serviceMs = 0, limits } = options;
    const lock = { serviceMs, waitMs: options.lockWaitMs ?? LOCK_WAIT_MS };
    this.#healthy = healthy({ seed, latencyMs, lock, limits: figuresOf(limits) });
    this.#current = currentOf(this.#healthy);
    this.#draws = new Draws(seed);
    this.change(options.faults ?? {});
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

  /**
   * Applies a change completely or not at all. A new seed restarts the draws, a new key expiry the
   * count of its requests, and a reset both. Returns whether the change names outages.
   * @throws OnboardError E_CONFIG for an invalid change
   */
  change(input: unknown): { namesOutages: boolean } {
    const patch = readPatch(input);
    const isReset = patch.reset === true;
    const faults = withPatch(isReset ? this.#healthy : this.faults, patch);
    this.#current = currentOf(faults);
    if (isReset || patch.seed !== undefined) this.#draws = new Draws(faults.seed);
    if (isReset || patch.keyExpiresAfter !== undefined) {
      this.keyExpiry.restart(faults.keyExpiresAfter);
    }
    return { namesOutages: isReset || patch.outages !== undefined };
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
