import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { Logger } from './logger.ts';

/** Resources of a command, closed in reverse order. */
export class Closers {
  readonly #opened: { name: string; close: () => unknown }[] = [];
  readonly #timings: Timings;
  #ask: () => Promise<unknown> = () => Promise.resolve();

  constructor(timings: Timings) {
    this.#timings = timings;
  }

  add(name: string, close: () => unknown): void {
    this.#opened.push({ name, close });
  }

  /** Sets the dependency of closing, such as Redis. `ask` rejects, or stays silent, without it. */
  dependOn(ask: () => Promise<unknown>): void {
    this.#ask = ask;
  }

  /**
   * Resolves when the dependency has not answered for `silenceMs`, or the signal aborts. Waiting
   * longer is useless: nothing can be recorded, and every row has its doubt (rule 3).
   */
  async silence(signal: AbortSignal): Promise<void> {
    const { silenceMs, silencePollMs } = this.#timings;
    let heardAt = performance.now();
    while (!signal.aborted && performance.now() - heardAt < silenceMs) {
      const heard = () => {
        heardAt = performance.now();
      };
      this.#ask().then(heard, () => undefined);
      await sleep(silencePollMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * Closes everything, newest first, with one deadline, because BullMQ's `close` hangs while Redis
   * is down (B-OUTAGE-04). The rest ends with the process. Without the dependency the deadline is
   * `silenceMs`.
   */
  async closeAll({ deadlineMs, logger }: { deadlineMs: number; logger: Logger }): Promise<void> {
    const done = new AbortController();
    const { signal } = done;
    const deadline = sleep(deadlineMs, undefined, { signal }).catch(() => undefined);
    const end = Promise.race([deadline, this.silence(signal)]);
    for (let next = this.#opened.pop(); next !== undefined; next = this.#opened.pop()) {
      const { name, close } = next;
      const closing = (async () => close())().catch((error: unknown) => {
        logger.warn({ part: name, reason: messageOf(error) }, 'closing failed');
      });
      const late = end.then(() => 'late');
      if ((await Promise.race([closing, late])) === 'late') {
        logger.warn({ part: name }, 'not closed within the deadline');
      }
    }
    done.abort();
  }
}

interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: () => void): unknown;
}

/**
 * Makes a signal that aborts on the first SIGINT, SIGTERM or SIGHUP (drain); the second calls
 * `force`. A closed terminal sends SIGHUP, which would otherwise end requests halfway.
 */
export function interruption(source: SignalSource, force: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) force();
    controller.abort();
  };
  source.on('SIGINT', stop);
  source.on('SIGTERM', stop);
  source.on('SIGHUP', stop);
  return controller.signal;
}
