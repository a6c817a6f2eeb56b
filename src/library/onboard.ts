import { randomUUID } from 'node:crypto';
import {
  type Acting,
  cancelBatch,
  continueHeldBack,
  type RetryFilter,
  releaseInvite,
  retryPeople,
} from '../actions/batch-actions.ts';
import { findPerson } from '../actions/find-person.ts';
import { LISTED_ACTIONS, listActions } from '../actions/list-actions.ts';
import { pauseWorkers, resumeWorkers } from '../actions/pause-queues.ts';
import type { PreparedList } from '../actions/prepare-submission.ts';
import {
  type Purged,
  purgeable,
  purgeBatch,
  purgeBatches,
  refuseUnpurgeable,
} from '../actions/purge-batches.ts';
import { type RolesSet, setRoles } from '../actions/set-roles.ts';
import { type SubmittedList, submitList } from '../actions/submit-list.ts';
import { batchIds } from '../ledger/batch/batches.ts';
import { type Report, reportOf } from '../ledger/batch/numbers.ts';
import { requireBatch } from '../ledger/batch/require-batch.ts';
import type { LogEntry } from '../ledger/notes/action-log.ts';
import { type MarkFilter, marksFor } from '../ledger/rows/mark-text.ts';
import type { PersonRow } from '../ledger/rows/person-rows.ts';
import type { RowState } from '../ledger/rows/row-state.ts';
import { type ReportRow, reportRows } from '../ledger/rows/stored-rows.ts';
import type { Hold } from '../ledger/stops/holds.ts';
import type { Remark } from '../people/remark.ts';
import { type Actor, readActor } from '../process/actor.ts';
import { timings } from '../timings.ts';
import { type Call, type Checked, checkedCall, Door } from './calls.ts';
import { openParts, type Parts, rolePortal } from './parts.ts';
import type { PeopleSource } from './people.ts';
import type { OnboardOptions } from './settings.ts';
import {
  type FileInput,
  prepareFileList,
  preparePeople,
  type SubmitOptions,
} from './submission.ts';

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

type Invited = Awaited<ReturnType<typeof releaseInvite>>;

/**
 * Connects to the Redis that the workers use. Reads no environment and listens to no signal.
 * @throws {OnboardError} E_CONFIG, E_REDIS_…
 */
export async function openOnboard(options: OnboardOptions): Promise<Onboard> {
  const parts = await openParts(options, timings);
  const by = readActor({ name: options.actor });
  const door = new Door();
  return { ...submitting(parts, { by, door }), ...acting(parts, { by, door }) };
}

interface Caller {
  by: Actor;
  door: Door;
}

function actingOf(parts: Parts, by: Actor, signal = new AbortController().signal): Acting {
  return { producer: { ...parts, token: randomUUID(), signal }, by };
}

/** The calls that submit: errors of the caller's own iteration pass unchanged. */
function submitting(parts: Parts, { by, door }: Caller): Pick<Onboard, 'submit' | 'submitFiles'> {
  const submitted = async (
    { source, submission }: PreparedList,
    signal: AbortSignal | undefined,
  ): Promise<Submitted> => {
    try {
      const submit = () =>
        submitList(actingOf(parts, by, signal), submission, { action: 'submit' });
      const { already, report } = await door.run(submit);
      return { batchId: submission.id, already, report, remarks: submission.remarks ?? [] };
    } finally {
      await source.close();
    }
  };
  return {
    submit: async (people, more = {}) => {
      door.check('submit');
      return submitted(await preparePeople(parts, people, more), more.signal);
    },
    submitFiles: async (input, more = {}) => {
      door.check('submitFiles');
      return submitted(await prepareFileList(parts, input, more), more.signal);
    },
  };
}

/** The other calls, each with its arguments checked first. */
function acting(parts: Parts, { by, door }: Caller): Omit<Onboard, 'submit' | 'submitFiles'> {
  const { ledger } = parts;
  const self = () => actingOf(parts, by);
  const call = async <Name extends Call, T>(
    name: Name,
    given: readonly unknown[],
    work: (...args: Checked<Name>) => Promise<T>,
  ): Promise<T> => {
    door.check(name);
    const args = checkedCall(name, given);
    return door.run(() => work(...args));
  };
  return {
    status: (id) => call('status', [id], (batch) => reportOf(ledger, batch, Date.now())),
    report: (id, more = {}) => rowsOf(parts, door, [id, more]),
    batches: () => call('batches', [], () => batchIds(ledger)),
    retry: (id, more = {}) => call('retry', [id, more], (...args) => retryPeople(self(), ...args)),
    cancel: (id, more = {}) =>
      call('cancel', [id, more], (...args) => cancelBatch(self(), ...args)),
    continue: (id) => call('continue', [id], (batch) => continueHeldBack(self(), batch)),
    invite: (id) => call('invite', [id], (batch) => releaseInvite(self(), batch)),
    setRoles: (id, more = {}) =>
      call('setRoles', [id, more], (batch, { dryRun }) =>
        setRoles(self(), batch, { portal: rolePortal(parts), dryRun }),
      ),
    pause: () => call('pause', [], () => pauseWorkers(parts, by)),
    resume: () => call('resume', [], async () => (await resumeWorkers(parts, by)).hold),
    find: (email) => call('find', [email], (address) => found(parts, address)),
    log: (id, more = {}) =>
      call('log', [id, more], (batch, { limit = LISTED_ACTIONS }) =>
        listActions(ledger, { batch, limit }),
      ),
    purge: (id, more = {}) =>
      call('purge', [id, more], async (batch, { people, olderThan = 0 }) => {
        const what = people ? 'people' : 'batch';
        if (batch !== undefined) {
          await refuseUnpurgeable(self(), batch);
          return { removed: [await purgeBatch(self(), batch, what)], skipped: [] };
        }
        const before = Date.now() - olderThan;
        return purgeBatches(self(), await purgeable(self(), { what, before }), what);
      }),
    close: async () => {
      door.close();
      await parts.close();
    },
  };
}

async function found({ ledger, logger }: Parts, email: string): Promise<PersonRow[]> {
  const onDamaged = (batchId: string) => logger.warn({ batchId }, 'batch is unreadable');
  const rows: PersonRow[] = [];
  for await (const row of await findPerson(ledger, { email, onDamaged })) rows.push(row);
  return rows;
}

async function* rowsOf(
  { ledger }: Parts,
  door: Door,
  given: readonly unknown[],
): AsyncGenerator<ReportRow> {
  door.check('report');
  const [batchId, { states, ...filter }] = checkedCall('report', given);
  await door.run(() => requireBatch(ledger, batchId));
  yield* reportRows(ledger, batchId, { states, marks: marksFor(filter) });
}
