import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../errors.ts';
import type { Timings } from '../timings.ts';
import type { Logger } from './logger.ts';

type Close = () => unknown | Promise<unknown>;

/** Resources of a command, closed in reverse order. */
export class Closers {
  readonly #opened: { name: string; close: Close }[] = [];
  readonly #timings: Timings;
  #ask: () => Promise<unknown> = () => Promise.resolve();

  constructor(timings: Timings) {
    this.#timings = timings;
  }

  add(name: string, close: Close): void {
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
  async closeAll(options: { deadlineMs: number; logger: Logger }): Promise<void> {
    const [late, done] = [new AbortController(), new AbortController()];
    this.silence(done.signal).then(() => late.abort());
    const deadline = AbortSignal.any([AbortSignal.timeout(options.deadlineMs), late.signal]);
    await this.#closeEach({ ...options, deadline });
    done.abort();
  }

  async #closeEach(options: {
    deadlineMs: number;
    deadline: AbortSignal;
    logger: Logger;
  }): Promise<void> {
    const { deadline } = options;
    for (let next = this.#opened.pop(); next !== undefined; next = this.#opened.pop()) {
      const { name, close } = next;
      const closing = (async () => close())().catch((error: unknown) => {
        options.logger.warn({ part: name, reason: messageOf(error) }, 'closing failed');
      });
      const timer = new AbortController();
      const late = sleep(options.deadlineMs, 'late', {
        signal: AbortSignal.any([deadline, timer.signal]),
      }).catch(() => (deadline.aborted ? 'late' : undefined));
      if ((await Promise.race([closing, late])) === 'late') {
        options.logger.warn({ part: name }, 'not closed within the deadline');
      }
      timer.abort();
    }
  }
}

/** Source of signals: the process, or a stand-in. */
export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Makes a signal that aborts on the first SIGINT or SIGTERM (drain); the second calls `force`. */
export function interruption(source: SignalSource, force: () => void): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) force();
    controller.abort();
  };
  source.on('SIGINT', stop);
  source.on('SIGTERM', stop);
  return controller.signal;
}
