/**
 * Lets the used keys expire after a number of requests. An unused key stays valid, so that a run
 * can continue with a new key.
 */
export class KeyExpiry {
  #used = new Set<string>();
  #remaining = Number.POSITIVE_INFINITY;

  /** Restarts the count; null means never. Expired keys become valid again. */
  restart(requests: number | null): void {
    this.#used = new Set();
    this.#remaining = requests ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a key is still valid; if so, the request counts. */
  admits(secret: string): boolean {
    if (this.#remaining === 0) return !this.#used.has(secret);
    this.#used.add(secret);
    this.#remaining -= 1;
    return true;
  }
}
