/**
 * A signal that ends its producer at one of its looks, as a kill at that place would: a producer
 * looks while it waits for its lock and before every slice. `at` counts the looks from 1; `then`
 * runs in place of the end when it is given.
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
