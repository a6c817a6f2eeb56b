import type { RetryFilter, releaseInvite } from '../actions/batch-actions.ts';
import type { Purged } from '../actions/purge-batches.ts';
import type { RolesSet } from '../actions/set-roles.ts';
import type { SubmittedList } from '../actions/submit-list.ts';
import type { Report } from '../ledger/batch/numbers.ts';
import type { LogEntry } from '../ledger/notes/action-log.ts';
import type { MarkFilter } from '../ledger/rows/mark-text.ts';
import type { PersonRow } from '../ledger/rows/person-rows.ts';
import type { RowState } from '../ledger/rows/row-state.ts';
import type { ReportRow } from '../ledger/rows/stored-rows.ts';
import type { Hold } from '../ledger/stops/holds.ts';
import type { Remark } from '../people/remark.ts';
import type { PeopleSource } from './people.ts';
import type { FileInput, SubmitOptions } from './submission.ts';

type Invited = Awaited<ReturnType<typeof releaseInvite>>;

export interface Submitted extends Pick<SubmittedList, 'already' | 'report'> {
  batchId: string;
  /** Sentences about the files: what was not read, or in another way than it looks. */
  remarks: readonly Remark[];
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
  /**
   * Rows in the order of the input, read in slices: all, or those in `states`.
   * @throws {OnboardError} E_BATCH_UNKNOWN
   */
  report(
    batchId: string,
    options?: { states?: readonly RowState[] } & MarkFilter,
  ): AsyncIterable<ReportRow>;
  /** Ids of all batches, newest first. */
  batches(): Promise<string[]>;
  /**
   * Retries failed and cancelled people of a batch that is over, as a new round. Returns how many;
   * nothing changes when the filter matches nobody.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY; E_USAGE for a reason that
   * does not exist.
   */
  retry(batchId: string, options?: RetryFilter): Promise<number>;
  /**
   * Creates nobody else of a batch, permanently; those created are invited unless `invite` is
   * false. Returns how many people were cancelled.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY
   */
  cancel(batchId: string, options?: { invite?: boolean }): Promise<number>;
  /**
   * Creates the people whom a submission with a limit held back. Returns how many.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY
   */
  continue(batchId: string): Promise<number>;
  /**
   * Releases an invite that was held back. Returns when it is sent.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_BUSY
   */
  invite(batchId: string): Promise<Invited>;
  /**
   * Gives accounts of a batch the role that was asked for them, where they have another one. Needs
   * `apiKey`.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_CONFIG, E_PORTAL
   */
  setRoles(batchId: string, options?: { dryRun?: boolean }): Promise<RolesSet>;
  /** Stops all workers until `resume`; returns the hold in force then. */
  pause(): Promise<Hold>;
  /** Lifts the hold in force and ends waits, for all workers, and returns the hold. */
  resume(): Promise<Hold | undefined>;
  /** Every row of a person in every batch, newest first. @throws {OnboardError} E_PERSON_UNKNOWN */
  find(email: string): Promise<PersonRow[]>;
  /**
   * Who did what, newest first: to all batches, or to one; 50 entries without a `limit`.
   * @throws {OnboardError} E_BATCH_UNKNOWN
   */
  log(batchId?: string, options?: { limit?: number }): Promise<LogEntry[]>;
  /**
   * Removes a batch that is over, or with `olderThan` (ms, or as `30d`) all that ended before; with
   * `people` only names and e-mails. Asks nobody.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY for one batch; of several,
   * those that cannot be purged now are in `skipped`.
   */
  purge(
    batchId: string | undefined,
    options?: { people?: boolean; olderThan?: number | string },
  ): Promise<Purged>;
  /** Closes the connections; submitted batches continue. Later calls are E_USAGE. */
  close(): Promise<void>;
}
