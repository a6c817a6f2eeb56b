/**
 * Lets the keys in use expire after a number of requests. A key that nobody has used till then
 * works on, so that a run can be resumed with a new one.
 */
export class KeyExpiry {
  #used = new Set<string>();
  #expired = new Set<string>();
  #remaining = Number.POSITIVE_INFINITY;

  /** Counts afresh; null means never. Keys that had expired are good again. */
  restart(requests: number | null): void {
    this.#used = new Set();
    this.#expired = new Set();
    this.#remaining = requests ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a key is still good; if so, this request counts. */
  admits(secret: string): boolean {
    if (this.#expired.has(secret)) return false;
    this.#used.add(secret);
    this.#remaining -= 1;
    if (this.#remaining === 0) this.#expired = new Set(this.#used);
    return true;
  }
}
