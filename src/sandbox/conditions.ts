import { Draws } from './draws.ts';
import {
  type FaultKind,
  type Faults,
  type FaultsPatch,
  healthy,
  type RateGroup,
  readPatch,
  withPatch,
} from './faults.ts';
import { KeyExpiry } from './key-expiry.ts';
import { figuresOf, type Limits, resolveLimits, type SandboxLimits } from './limits.ts';
import { type Traits, traitsOf } from './versions.ts';

const LOCK_WAIT_MS = 30_000;
const LATENCY_MS = 20;

/** What a portal is like at first. */
export interface ConditionOptions {
  /** Time that an admitted request takes; default 20. */
  latencyMs?: number;
  /** How long a creation holds the lock of its class; default 0. */
  lockServiceMs?: number;
  /** How long a creation waits for that lock; default 30,000. */
  lockWaitMs?: number;
  limits?: Partial<SandboxLimits>;
  /** Seed of every chance; the same seed and the same requests meet the same faults. Default 1. */
  seed?: number;
  /** What is wrong from the start; nothing by default. */
  faults?: FaultsPatch;
}

/** What the portal is like now. Everything that may change while it runs is asked for here. */
export class Conditions {
  readonly keyExpiry = new KeyExpiry();
  readonly #healthy: Faults;
  #faults: Faults;
  #limits: Limits;
  #traits: Traits;
  #draws: Draws;

  /** @throws OnboardError E_CONFIG for faults that cannot be used */
  constructor(options: ConditionOptions) {
    this.#healthy = healthy(figuresAtStart(options));
    this.#faults = this.#healthy;
    this.#limits = resolveLimits(this.#faults.limits);
    this.#traits = traitsOf(this.#faults.version);
    this.#draws = new Draws(this.#faults.seed);
    if (options.faults !== undefined) this.change(options.faults);
  }

  get faults(): Faults {
    return this.#faults;
  }

  get limits(): Limits {
    return this.#limits;
  }

  get traits(): Traits {
    return this.#traits;
  }

  /**
   * Takes a change over as a whole or not at all. Draws begin again when it names the seed, the
   * count of a key's requests when it names that; a reset does both. Says whether it names outages.
   * @throws OnboardError E_CONFIG for one that cannot be used
   */
  change(input: unknown): { namesOutages: boolean } {
    const patch = readPatch(input);
    const isReset = patch.reset === true;
    this.#faults = withPatch(isReset ? this.#healthy : this.#faults, patch);
    this.#limits = resolveLimits(this.#faults.limits);
    this.#traits = traitsOf(this.#faults.version);
    if (isReset || patch.seed !== undefined) this.#draws = new Draws(this.#faults.seed);
    if (isReset || patch.keyExpiresAfter !== undefined) {
      this.keyExpiry.restart(this.#faults.keyExpiresAfter);
    }
    return { namesOutages: isReset || patch.outages !== undefined };
  }

  /** What happens to the next request of a group about a subject; one draw. */
  drawFault(group: RateGroup, subject: string): FaultKind | undefined {
    let drawn = this.#draws.next(`${group} ${subject}`);
    const rates: Partial<Record<FaultKind, number>> = this.#faults[group];
    for (const kind of kindsOf(rates)) {
      drawn -= rates[kind] ?? 0;
      if (drawn < 0) return kind;
    }
    return undefined;
  }
}

function kindsOf<K extends string>(rates: Partial<Record<K, number>>): K[];
function kindsOf(rates: object): string[] {
  return Object.keys(rates);
}

function figuresAtStart(options: ConditionOptions) {
  return {
    seed: options.seed ?? 1,
    latencyMs: options.latencyMs ?? LATENCY_MS,
    lock: {
      serviceMs: options.lockServiceMs ?? 0,
      waitMs: options.lockWaitMs ?? LOCK_WAIT_MS,
    },
    limits: figuresOf(options.limits),
  };
}
