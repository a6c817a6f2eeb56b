/**
 * Lets the used keys expire after a number of requests. An unused key stays valid, so that a run
 * can continue with a new key.
 */
export class KeyExpiry {
  #used = new Set<string>();
  #expired = new Set<string>();
  #remaining = Number.POSITIVE_INFINITY;

  /** Restarts the count; null means never. Expired keys become valid again. */
  restart(requests: number | null): void {
    this.#used = new Set();
    this.#expired = new Set();
    this.#remaining = requests ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a key is still valid; if so, the request counts. */
  admits(secret: string): boolean {
    if (this.#expired.has(secret)) return false;
    this.#used.add(secret);
    this.#remaining -= 1;
    if (this.#remaining === 0) this.#expired = new Set(this.#used);
    return true;
  }
}
