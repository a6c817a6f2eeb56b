/** Sends one value at a time; of those that come meanwhile, the latest. */
export interface LatestOnly<T> {
  send(value: T): void;
  /** Whether a value is on its way, and its receiver has not taken it. */
  isBusy(): boolean;
}

/** A receiver that is slow gets fewer values, and no queue of them grows. `work` never rejects. */
export function latestOnly<T>(work: (value: T) => Promise<unknown>): LatestOnly<T> {
  let next: { value: T } | undefined;
  let isBusy = false;

  const sendAll = async (): Promise<void> => {
    isBusy = true;
    while (next !== undefined) {
      const { value } = next;
      next = undefined;
      await work(value);
    }
    isBusy = false;
  };

  return {
    isBusy: () => isBusy,
    send: (value) => {
      next = { value };
      if (!isBusy) void sendAll();
    },
  };
}
