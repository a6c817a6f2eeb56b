/** Runs one piece of work after the other. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve();

  run(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Resolves when nothing is left. */
  idle(): Promise<unknown> {
    return this.#last;
  }
}
