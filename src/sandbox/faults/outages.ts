import type { Outage } from './faults.ts';

type Kind = Outage['kind'];

/** Callbacks for the begin and the end of outages of one kind. */
interface Follower {
  begin: () => void;
  end: () => void;
}

/**
 * Outages by real time, because connections and locks are real too. Outages of one kind may overlap
 * and end with the last of them.
 */
export class Outages {
  readonly #active = new Map<Kind, number>();
  readonly #followers = new Map<Kind, Follower>();
  #timers = new Set<NodeJS.Timeout>();

  /** Registers the follower of a kind, and calls it at once for a current outage. */
  follow(kind: Kind, follower: Follower): void {
    this.#followers.set(kind, follower);
    if (this.isActive(kind)) follower.begin();
  }

  isActive(kind: Kind): boolean {
    return this.#active.has(kind);
  }

  /** Ends current and planned outages, then plans these from now on. */
  plan(outages: readonly Outage[]): void {
    this.stop();
    for (const { kind, startsInMs, lastsMs } of outages) {
      if (startsInMs === 0) this.#begin(kind);
      else this.#after(startsInMs, () => this.#begin(kind));
      this.#after(startsInMs + lastsMs, () => this.#end(kind));
    }
  }

  /** Ends current and planned outages. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = new Set();
    for (const kind of [...this.#active.keys()]) this.#over(kind);
  }

  #begin(kind: Kind): void {
    const others = this.#active.get(kind) ?? 0;
    this.#active.set(kind, others + 1);
    if (others === 0) this.#followers.get(kind)?.begin();
  }

  #end(kind: Kind): void {
    const others = (this.#active.get(kind) ?? 0) - 1;
    if (others > 0) this.#active.set(kind, others);
    else this.#over(kind);
  }

  #over(kind: Kind): void {
    if (this.#active.delete(kind)) this.#followers.get(kind)?.end();
  }

  #after(delayMs: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, delayMs);
    this.#timers.add(timer);
  }
}
