/** Starts a task, once fewer than the limit are under way. */
export type Start = (task: () => Promise<void>) => Promise<void>;

/**
 * Runs at most `limit` tasks of `body` at a time, started in order. Returns when all have ended,
 * also when the body or one of them failed; the first failure is thrown.
 */
export async function inFlight(
  limit: number,
  body: (start: Start) => Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = [];
  const oldest = async () => {
    await running.shift();
  };
  const start: Start = async (task) => {
    if (running.length >= limit) await oldest();
    const promise = task();
    // Rejects where it is awaited; until then it must not count as unhandled.
    promise.catch(() => undefined);
    running.push(promise);
  };
  try {
    await body(start);
    while (running.length > 0) await oldest();
  } finally {
    await Promise.allSettled(running);
  }
}
