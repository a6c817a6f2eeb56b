import { randomUUID } from 'node:crypto';
import {
  type Acting,
  cancelBatch,
  type RetryFilter,
  retryPeople,
} from '../actions/batch-actions.ts';
import { resumeWorkers } from '../actions/pause-queues.ts';
import type { PreparedList } from '../actions/prepare-submission.ts';
import { type SubmittedList, submitList } from '../actions/submit-list.ts';
import { batchIds } from '../ledger/batch/batches.ts';
import { type Report, reportOf } from '../ledger/batch/numbers.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import { type ReportRow, reportRows } from '../ledger/rows/stored-rows.ts';
import type { Hold } from '../ledger/stops/holds.ts';
import { readActor } from '../process/actor.ts';
import { timings } from '../timings.ts';
import { openParts, type Parts } from './parts.ts';
import type { PeopleSource } from './people.ts';
import type { OnboardOptions } from './settings.ts';
import {
  type FileInput,
  prepareFileList,
  preparePeople,
  type SubmitOptions,
} from './submission.ts';

export interface Submitted extends SubmittedList {
  batchId: string;
}

/** The producer's side: enqueues people for workers elsewhere, and reports on batches. */
export interface Onboard {
  /**
   * Validates and enqueues people by the rules of `onboard submit`: rows that cannot be worked are
   * in the report as rejected, a person is in at most one unfinished batch, and the same list
   * submitted again is the same batch. Memory does not grow with the number of people.
   * @throws {OnboardError} E_USAGE, E_FILE_… (E_FILE_EMPTY also for nobody), E_BATCH_CONFLICT,
   * E_BATCH_BUSY, E_QUEUE_REFUSED; what the iteration over the people throws; the signal's reason.
   */
  submit(people: PeopleSource, options?: SubmitOptions): Promise<Submitted>;
  /**
   * Submits files of this machine as `submit` does people. A method of its own, so that a value
   * from outside, such as the body of a request, cannot name files.
   * @throws {OnboardError} as `submit`
   */
  submitFiles(input: FileInput, options?: SubmitOptions): Promise<Submitted>;
  /** A batch in numbers. @throws {OnboardError} E_BATCH_UNKNOWN */
  status(batchId: string): Promise<Report>;
  /** Every row in the order of the input, read in slices. @throws {OnboardError} E_BATCH_UNKNOWN */
  report(batchId: string): AsyncIterable<ReportRow>;
  /** Ids of all batches, newest first. */
  batches(): Promise<string[]>;
  /**
   * Retries failed and cancelled people of a batch that is over, as a new round. Returns how many.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY
   */
  retry(batchId: string, options?: RetryFilter): Promise<number>;
  /**
   * Creates nobody else of a batch, permanently; those created are invited unless `invite` is
   * false. Returns how many people were cancelled.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY
   */
  cancel(batchId: string, options?: { invite?: boolean }): Promise<number>;
  /** Lifts the hold in force and ends waits, for all workers, and returns the hold. */
  resume(): Promise<Hold | undefined>;
  /** Closes the connections; submitted batches continue. */
  close(): Promise<void>;
}

/**
 * Connects to the Redis that the workers use. Reads no environment and listens to no signal.
 * @throws {OnboardError} E_CONFIG, E_REDIS_…
 */
export async function openOnboard(options: OnboardOptions): Promise<Onboard> {
  const parts = await openParts(options, timings);
  const { ledger } = parts;
  const by = readActor({ name: options.actor });
  const acting = (signal = new AbortController().signal): Acting => {
    return { producer: { ...parts, token: randomUUID(), signal }, by };
  };
  const submitted = async (
    { source, submission }: PreparedList,
    { signal }: SubmitOptions,
  ): Promise<Submitted> => {
    try {
      const done = await submitList(acting(signal), submission, { action: 'submit' });
      return { batchId: submission.id, ...done };
    } finally {
      await source.close();
    }
  };
  return {
    submit: async (people, more = {}) => submitted(await preparePeople(parts, people, more), more),
    submitFiles: async (input, more = {}) =>
      submitted(await prepareFileList(parts, input, more), more),
    status: (batchId) => reportOf(ledger, batchId, Date.now()),
    report: (batchId) => rowsOf(parts, batchId),
    batches: () => batchIds(ledger),
    retry: (batchId, filter) => retryPeople(acting(), batchId, filter),
    cancel: (batchId, { invite = true } = {}) => cancelBatch(acting(), batchId, { invite }),
    resume: async () => (await resumeWorkers(parts, by)).hold,
    close: () => parts.close(),
  };
}

async function* rowsOf({ ledger }: Parts, batchId: string): AsyncGenerator<ReportRow> {
  await requireBatch(ledger, batchId);
  yield* reportRows(ledger, batchId);
}
