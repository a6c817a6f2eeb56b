import { randomUUID } from 'node:crypto';
import { type Actor, readActor } from '../actor.ts';
import { cancel } from '../batch/cancel.ts';
import { retry } from '../batch/redrive.ts';
import { resume } from '../batch/resume.ts';
import type { Producer } from '../batch/submit.ts';
import { submitLogged } from '../batch/submit-logged.ts';
import { batchIds, readBatch } from '../ledger/batches.ts';
import type { Hold } from '../ledger/holds.ts';
import { logged } from '../ledger/log.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { type ReportRow, reportRows } from '../ledger/report-rows.ts';
import { emailIdentity } from '../person.ts';
import { openParts, type Parts } from './parts.ts';
import type { PeopleSource } from './people.ts';
import type { OnboardOptions } from './settings.ts';
import { type FileInput, prepare, type SubmitOptions } from './submission.ts';

/** Result of a submission. */
export interface Submitted {
  batchId: string;
  /** Whether the batch had been submitted before, so that nothing was added. */
  already: boolean;
  report: Report;
}

/** Selection of failed and cancelled people; all by default. */
export interface RetryOptions {
  /** Codes of the report. */
  reasons?: readonly string[];
  /** E-mails of people. */
  emails?: readonly string[];
}

/** The producer's side: enqueues people for workers elsewhere, and reports their outcomes. */
export interface Onboard {
  /**
   * Validates and enqueues people by the rules of `onboard submit`: invalid rows are rejected in the
   * report, a person is in at most one unfinished batch, and the same list is the same batch. Memory does
   * not grow with the number of people.
   * @throws {OnboardError} E_USAGE, E_FILE_… (E_FILE_EMPTY also without people), E_BATCH_CONFLICT,
   * E_BATCH_BUSY, E_QUEUE_REFUSED. Passes on errors of the iteration and the reason of the signal.
   */
  submit(people: PeopleSource | FileInput, options?: SubmitOptions): Promise<Submitted>;
  /** The numbers of a batch. @throws {OnboardError} E_BATCH_UNKNOWN */
  status(batchId: string): Promise<Report>;
  /** Every row in the order of the input, read in slices. @throws {OnboardError} E_BATCH_UNKNOWN */
  report(batchId: string): AsyncIterable<ReportRow>;
  /** Ids of all stored batches, newest first. */
  batches(): Promise<string[]>;
  /**
   * Tries failed and cancelled people of a finished batch again in a new round. Returns their number.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY
   */
  retry(batchId: string, options?: RetryOptions): Promise<number>;
  /**
   * Cancels a batch permanently; people already created are invited unless `invite` is false. Returns
   * the number of cancelled people.
   * @throws {OnboardError} E_BATCH_UNKNOWN, E_BATCH_STATE, E_BATCH_BUSY
   */
  cancel(batchId: string, options?: { invite?: boolean }): Promise<number>;
  /** Lifts the current hold for all workers, and returns it. */
  resume(): Promise<Hold | undefined>;
  /** Closes the connections; submitted batches continue. */
  close(): Promise<void>;
}

/**
 * Connects to the Redis of the workers. Reads no environment and handles no signals.
 * @throws {OnboardError} E_CONFIG, E_REDIS_…
 */
export async function openOnboard(options: OnboardOptions): Promise<Onboard> {
  const parts = await openParts(options);
  const { ledger, queues } = parts;
  const by = readActor({ name: options.actor });
  return {
    submit: (people, more = {}) => submitPeople(parts, by, { people, options: more }),
    status: (batchId) => reportOf(ledger, batchId, Date.now()),
    report: (batchId) => rowsOf(parts, batchId),
    batches: () => batchIds(ledger),
    retry: (batchId, more = {}) => retryPeople(parts, by, { batchId, options: more }),
    cancel: async (batchId, { invite = true } = {}) => {
      await readBatch(ledger, batchId);
      const told = (cancelled: number) => ({ cancelled });
      const act = { action: 'cancel' as const, batch: batchId, by, details: { invite }, told };
      return logged(ledger, act, () => cancel(producerOf(parts), batchId, { invite }));
    },
    resume: () => {
      const told = (lifted: Hold | undefined) => ({ lifted: lifted?.code ?? 'nothing' });
      return logged(ledger, { action: 'resume', by, told }, () => resume({ ledger, queues }));
    },
    close: () => parts.close(),
  };
}

interface Submitting {
  people: PeopleSource | FileInput;
  options: SubmitOptions;
}

async function submitPeople(
  parts: Parts,
  by: Actor,
  { people, options }: Submitting,
): Promise<Submitted> {
  const { portal, origin } = parts;
  const { source, submission } = await prepare(portal, { people, options, origin });
  try {
    const producer = producerOf(parts, options.signal);
    const done = await submitLogged(producer, submission, { action: 'submit', by });
    return { batchId: submission.id, ...done };
  } finally {
    await source.close();
  }
}

interface Retrying {
  batchId: string;
  options: RetryOptions;
}

async function retryPeople(
  parts: Parts,
  by: Actor,
  { batchId, options }: Retrying,
): Promise<number> {
  const reasons = new Set(options.reasons);
  const emails = new Set((options.emails ?? []).map(emailIdentity));
  await readBatch(parts.ledger, batchId);
  const details = { reasons: reasons.size, emails: emails.size };
  const told = (opened: number) => ({ opened });
  const act = { action: 'retry' as const, batch: batchId, by, details, told };
  return logged(parts.ledger, act, () =>
    retry(producerOf(parts), batchId, ({ code, email }) => {
      const isReason = reasons.size === 0 || reasons.has(code);
      return isReason && (emails.size === 0 || emails.has(emailIdentity(email)));
    }),
  );
}

async function* rowsOf({ ledger }: Parts, batchId: string): AsyncGenerator<ReportRow> {
  await readBatch(ledger, batchId);
  yield* reportRows(ledger, batchId);
}

function producerOf({ ledger, queues, logger, attempts }: Parts, signal?: AbortSignal): Producer {
  const stop = signal ?? new AbortController().signal;
  return { ledger, queues, logger, attempts, token: randomUUID(), signal: stop };
}
