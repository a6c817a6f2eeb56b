import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Worker, type WorkerOptions } from 'bullmq';
import type { Timings } from '../timings.ts';
import { complaintsOf, type WorkerDeps } from './deps.ts';
import { refusedPauseMs } from './refused-pause.ts';

/** BullMQ's options, and how long to wait after a refusal. */
export type PatientOptions = WorkerOptions & Pick<Timings, 'refusedPauseMs' | 'refusedPauseMaxMs'>;

/**
 * A worker that waits when Redis hands out no job, longer each time. BullMQ asks again at once, or
 * ten times a second on its blocking connection: a Redis out of memory was asked 1,800 times a
 * second.
 */
export class PatientWorker extends Worker {
  declare opts: PatientOptions;
  /** Refusals since the last answer. */
  #refusals = 0;
  #stop: AbortController | undefined;

  protected override async moveToActive(token: string, name?: string): Promise<Job> {
    try {
      const job = await super.moveToActive(token, name);
      this.#refusals = 0;
      return job;
    } catch (error) {
      await this.#pause();
      throw error;
    }
  }

  /** BullMQ gives no time for its wait after a failed blocking read alone. */
  override async delay(...given: Parameters<Worker['delay']>): Promise<void> {
    if (given[0]) await super.delay(...given);
    else await this.#pause();
  }

  /**
   * Begins again when an error of Redis ends the loop, as a failover does to a blocking read: BullMQ
   * reports it and takes no more jobs, or, when the worker was paused before, ends the process.
   */
  override async run(): Promise<void> {
    try {
      await super.run();
    } catch (error) {
      if (error instanceof Error) this.emit('error', error);
      await this.#pause();
      if (!this.closing && !this.paused) await this.run();
    }
  }

  override async close(force?: boolean): Promise<void> {
    this.#stop?.abort();
    await Promise.race([
      this.#reconnected(),
      sleep(this.opts.refusedPauseMaxMs, 0, { ref: false }),
    ]);
    await super.close(force);
  }

  /** BullMQ would wait in vain for the end of a connection that is about to be opened again. */
  async #reconnected(): Promise<void> {
    const client = await this.backend.blockingClient;
    if (client?.status === 'reconnecting')
      await new Promise((ready) => client.once('ready', ready));
  }

  async #pause(): Promise<void> {
    if (this.closing) return;
    this.#refusals += 1;
    this.#stop ??= new AbortController();
    const pauseMs = refusedPauseMs(this.#refusals, this.opts);
    await sleep(pauseMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}

/** Logs what workers report about Redis; `now` is ms. */
export function complaints(
  deps: Pick<WorkerDeps, 'complaints' | 'logger' | 'timings'>,
  now: () => number,
): (error: Error) => void {
  const all = complaintsOf(deps, now);
  return (error) => all.about(error, 'worker connection');
}
