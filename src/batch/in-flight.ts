/** Slices that are on their way to Redis at the same time. */
export interface InFlight {
  /** Starts a task, once fewer than the limit are under way. */
  start(task: () => Promise<void>): Promise<void>;
  /** Waits for all that are under way. */
  settled(): Promise<void>;
}

/**
 * At most `limit` tasks at once, started in order, so that the producer prepares a slice while
 * Redis works at another. The first failure is thrown by the next call.
 */
export function inFlight(limit: number): InFlight {
  const running: Promise<void>[] = [];
  const oldest = async () => {
    await running.shift();
  };
  return {
    async start(task) {
      if (running.length >= limit) await oldest();
      const promise = task();
      // Heard by whoever awaits it; until then it must not count as unhandled.
      promise.catch(() => undefined);
      running.push(promise);
    },
    async settled() {
      while (running.length > 0) await oldest();
    },
  };
}
