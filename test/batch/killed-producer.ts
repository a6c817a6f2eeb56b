/**
 * A signal that ends its producer at one of its checks, as a kill at that place would. A producer
 * checks its signal while it waits for the lock and before every slice. `at` counts the checks from
 * 1; `then`, if given, runs instead of the end.
 */
export function endingAt(at: number, then?: () => void): AbortSignal {
  const controller = new AbortController();
  const { signal } = controller;
  let looks = 0;
  const look = () => {
    looks += 1;
    if (looks === at && then !== undefined) then();
    else if (looks === at) controller.abort(new Error('killed'));
    AbortSignal.prototype.throwIfAborted.call(signal);
  };
  Object.defineProperty(signal, 'throwIfAborted', { value: look });
  return signal;
}
