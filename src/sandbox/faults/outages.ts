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
  readonly #active = new Set<Outage>();
  readonly #followers = new Map<Kind, Follower>();
  #timers: NodeJS.Timeout[] = [];

  /** Registers the follower of a kind, and calls it at once for a current outage. */
  follow(kind: Kind, follower: Follower): void {
    this.#followers.set(kind, follower);
    if (this.isActive(kind)) follower.begin();
  }

  isActive(kind: Kind): boolean {
    return [...this.#active].some((outage) => outage.kind === kind);
  }

  /** Ends current and planned outages, then plans these from now on. */
  plan(outages: readonly Outage[]): void {
    this.stop();
    for (const outage of outages) {
      const { startsInMs, lastsMs } = outage;
      if (startsInMs === 0) this.#begin(outage);
      else this.#timers.push(setTimeout(() => this.#begin(outage), startsInMs));
      this.#timers.push(setTimeout(() => this.#end(outage), startsInMs + lastsMs));
    }
  }

  /** Ends current and planned outages. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    for (const outage of this.#active) this.#end(outage);
  }

  #begin(outage: Outage): void {
    const isFirst = !this.isActive(outage.kind);
    this.#active.add(outage);
    if (isFirst) this.#followers.get(outage.kind)?.begin();
  }

  #end(outage: Outage): void {
    this.#active.delete(outage);
    if (!this.isActive(outage.kind)) this.#followers.get(outage.kind)?.end();
  }
}
