import { DAY_MS } from '../../durations.ts';
import { OnboardError } from '../../errors.ts';
import type { Logger } from '../../process/logger.ts';
import { loggedFault } from '../logged-fault.ts';
import { Lane } from './lane.ts';
import { failed, failureOf, INTERRUPTED } from './plan-faults.ts';
import type { PlanFailure, PlanRecord, UploadOptions } from './plan-record.ts';
import type { Submitter, Upload, Who } from './submitter.ts';
import { sweepUploads } from './sweep.ts';
import type { UploadSpool } from './upload-spool.ts';

/** Steps of a plan that the action log has. */
type PlanDeed = 'plan' | 'approve' | 'discard';

export interface PlansOptions {
  spool: UploadSpool;
  submitter: Submitter;
  note(deed: PlanDeed, by: Who, record: PlanRecord): Promise<void>;
  /** Whether a batch is in the ledger. */
  isStored(batch: string): Promise<boolean>;
  logger: Logger;
  now(): number;
}

/** How far a plan is, in rows. */
export interface Progress {
  rows: number;
  all: number;
}

type NewUpload = Pick<PlanRecord, 'key' | 'files' | 'bytes' | 'options'>;

/**
 * Uploads, and what becomes of them. One is planned at a time, and one submitted: each takes a
 * process.
 */
export class Plans {
  readonly #options: PlansOptions;
  readonly #closing = new AbortController();
  readonly #planning = new Lane();
  readonly #submitting = new Lane();
  /** Work under way, and how far it is. */
  readonly #running = new Map<string, { end: AbortController; progress?: Progress }>();
  /** Failures by plan, for a disk that takes no record of them. */
  readonly #failures = new Map<string, PlanFailure>();

  constructor(options: PlansOptions) {
    this.#options = options;
  }

  /** Records an upload whose files are here, and begins to plan it. */
  add(upload: NewUpload, by: Who): Promise<void> {
    const at = this.#options.now();
    return this.#start({ ...upload, state: 'planning', by, at, expiresAt: at + DAY_MS });
  }

  /** @throws {OnboardError} E_PLAN_UNKNOWN */
  async find(key: string): Promise<PlanRecord> {
    const record = await this.#options.spool.find(key);
    if (record !== undefined && record.expiresAt > this.#options.now()) return this.#seen(record);
    const text = 'this plan is no longer here: a plan lives 24 hours; upload the list again';
    throw new OnboardError('E_PLAN_UNKNOWN', text);
  }

  progressOf(key: string): Progress | undefined {
    return this.#running.get(key)?.progress;
  }

  /** Plans that wait for somebody, newest first. */
  async waiting(): Promise<PlanRecord[]> {
    const records = await this.#options.spool.list();
    return records
      .filter(({ expiresAt }) => expiresAt > this.#options.now())
      .map((record) => this.#seen(record))
      .filter(({ state }) => state === 'ready' || state === 'failed');
  }

  /**
   * Plans an upload again, with other options.
   * @throws {OnboardError} E_PLAN_UNKNOWN, E_BATCH_STATE while it is worked
   */
  async again(key: string, options: UploadOptions, by: Who): Promise<void> {
    const record = await this.#still(key, ['failed', 'ready']);
    const { failure: _, summary: __, rejections: ___, ...upload } = record;
    await this.#start({ ...upload, state: 'planning', options, by });
  }

  /**
   * Submits exactly the plan with this id. Resolves with the end of the submission, which is recorded and
   * in the action log before it begins.
   * @throws {OnboardError} E_PLAN_UNKNOWN, E_BATCH_STATE where it was approved, discarded or made again
   * meanwhile, E_DISK_FULL
   */
  async approve(key: string, plan: string | undefined, by: Who): Promise<{ done: Promise<void> }> {
    const { spool, note } = this.#options;
    const record = await this.#still(key, ['ready']);
    if (record.summary?.id !== plan) {
      const text = 'the plan was made again since its page was shown: open it, and look once more';
      throw new OnboardError('E_BATCH_STATE', text);
    }
    const approved: PlanRecord = { ...record, state: 'submitting', approvedBy: by };
    this.#begin(key);
    try {
      await spool.save(approved);
      await note('approve', by, approved);
    } catch (error) {
      await spool.save(record).catch(() => undefined);
      this.#running.delete(key);
      throw error;
    }
    return {
      done: this.#follow(key, () => this.#submitting.run(() => this.#submit(approved, by))),
    };
  }

  /** Removes an upload that was not submitted. */
  async discard(key: string, by: Who): Promise<void> {
    const record = await this.find(key);
    if (record.state === 'submitting' || record.state === 'submitted') throw moved(record);
    this.#running.get(key)?.end.abort();
    this.#failures.delete(key);
    await this.#options.spool.remove(key);
    await this.#options.note('discard', by, record);
  }

  /** Removes the uploads of a batch that was purged, with their plans. */
  async purge(batch: string): Promise<void> {
    for (const { key, summary, options } of await this.#options.spool.list()) {
      if ((summary?.batch.id ?? options.batch) !== batch) continue;
      this.#running.get(key)?.end.abort();
      await this.#options.spool.remove(key);
    }
  }

  /** Takes up what a console before left: plans it again, or has it approved again. */
  async resume(): Promise<void> {
    const { spool, now, isStored } = this.#options;
    await sweepUploads(spool, { now: now(), isStored, isStart: true });
    for (const record of await spool.list()) {
      if (record.state === 'planning') await this.#start(record);
      if (record.state === 'submitting') await spool.save(failed(record, INTERRUPTED));
    }
  }

  /** Removes what has expired, and what is left of batches that were purged elsewhere. */
  sweep(): Promise<void> {
    const { spool, now, isStored } = this.#options;
    return sweepUploads(spool, { now: now(), isStored });
  }

  /** Ends every process between two slices, and waits for it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#planning.idle(), this.#submitting.idle()]);
  }

  async #start(record: PlanRecord): Promise<void> {
    const { key } = record;
    this.#begin(key);
    try {
      await this.#options.spool.save(record);
    } catch (error) {
      this.#running.delete(key);
      throw error;
    }
    void this.#follow(key, () => this.#planning.run(() => this.#plan(record)));
  }

  /** Keeps everything else from a plan, from now on. */
  #begin(key: string): void {
    this.#running.set(key, { end: new AbortController() });
    this.#failures.delete(key);
  }

  /** Runs the work of a plan that has begun. */
  #follow(key: string, work: () => Promise<void>): Promise<void> {
    return work()
      .catch((error: unknown) => this.#fail(key, error))
      .finally(() => this.#running.delete(key));
  }

  /** Notes why work has ended; work that was stopped stays for the next console. */
  async #fail(key: string, error: unknown): Promise<void> {
    if (this.#signalOf(key).aborted) return;
    const { spool, logger } = this.#options;
    logger.error(loggedFault(error), 'an upload was not worked');
    const failure = failureOf(error);
    this.#failures.set(key, failure);
    const record = await spool.find(key).catch(() => undefined);
    if (record !== undefined) await spool.save(failed(record, failure)).catch(() => undefined);
  }

  /** A record as it stands: a full disk may have kept the failure of its work from it. */
  #seen(record: PlanRecord): PlanRecord {
    const failure = this.#failures.get(record.key);
    return failure === undefined ? record : failed(record, failure);
  }

  #signalOf(key: string): AbortSignal {
    const own = this.#running.get(key)?.end.signal;
    return own === undefined ? this.#closing.signal : AbortSignal.any([own, this.#closing.signal]);
  }

  #uploadOf({ key, files, options }: PlanRecord): Upload {
    return { folder: this.#options.spool.filesOf(key), files, options };
  }

  async #plan(record: PlanRecord): Promise<void> {
    const { spool, submitter, note } = this.#options;
    const { key } = record;
    const signal = this.#signalOf(key);
    if (signal.aborted) return;
    const onProgress = (rows: number, all: number) => {
      const entry = this.#running.get(key);
      if (entry !== undefined) entry.progress = { rows, all };
    };
    const rejected = spool.rejectedOf(key);
    const planned = await submitter.plan(this.#uploadOf(record), { rejected, onProgress, signal });
    // A plan that was interrupted stays as it is: the next console plans it again.
    if (signal.aborted) return;
    const isReady = planned.failure === undefined;
    const done: PlanRecord = { ...record, ...planned, state: isReady ? 'ready' : 'failed' };
    await spool.save(done);
    await note('plan', record.by, done);
  }

  async #submit(record: PlanRecord, by: Who): Promise<void> {
    const { spool, submitter } = this.#options;
    const { failure: _, ...clean } = record;
    const submitting = { plan: record.summary?.id ?? '', by, signal: this.#signalOf(record.key) };
    const { failure } = await submitter.submit(this.#uploadOf(record), submitting);
    if (failure !== undefined) return spool.save({ ...clean, state: 'ready', failure });
    await spool.save({ ...clean, state: 'submitted' });
    await spool.removePeople(record.key);
  }

  async #still(key: string, states: readonly PlanRecord['state'][]): Promise<PlanRecord> {
    const record = await this.find(key);
    if (states.includes(record.state) && !this.#running.has(key)) return record;
    throw moved(record);
  }
}

function moved({ state }: PlanRecord): OnboardError {
  const text = `the plan is ${state} now, and nothing was changed: open its page`;
  return new OnboardError('E_BATCH_STATE', text);
}
