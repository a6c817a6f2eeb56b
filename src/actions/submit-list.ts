import type { OptionChange } from '../batch/option-changes.ts';
import { type Submission, submit } from '../batch/submit-batch.ts';
import type { Batch } from '../ledger/batch/batches.ts';
import { type Report, reportOf } from '../ledger/batch/numbers.ts';
import { type Action, type Details, logged } from '../ledger/notes/action-log.ts';
import { areAllUsers } from '../people/account-types.ts';
import type { Acting } from './batch-actions.ts';

interface Submitting {
  /** `run` when the same command also works the batch. */
  action: Extract<Action, 'submit' | 'run'>;
  /** Code of a hold that the same command lifted. */
  lifted?: string | undefined;
  /** The options that were stored before, for a batch that exists. */
  changes?: OptionChange[] | undefined;
}

export interface SubmittedList {
  /** The batch had been submitted before; nothing was added. */
  already: boolean;
  report: Report;
  /** The batch as it is stored. */
  batch: Batch;
  /** The options that were given for a batch that was stored before. */
  changes: OptionChange[];
}

/**
 * Submits a list, and logs its options and numbers.
 * @throws {OnboardError} E_BATCH_CONFLICT, E_BATCH_BUSY, E_QUEUE_REFUSED; what the rows throw.
 */
export function submitList(
  { producer, by }: Acting,
  submission: Submission,
  { action, lifted, changes = [] }: Submitting,
): Promise<SubmittedList> {
  const { ledger } = producer;
  const details = detailsOf(submission);
  if (lifted !== undefined) details.lifted = lifted;
  const result = ({ already, report }: SubmittedList) => {
    const { accepted, rejected, duplicates, types } = report;
    const byType = areAllUsers(types) ? {} : types;
    return { already, accepted, rejected, duplicates, ...byType };
  };
  return logged(ledger, { action, batch: submission.id, by, details, result }, async () => {
    const submitted = await submit(producer, submission);
    const all = changes.length > 0 ? changes : submitted.changes;
    return {
      ...submitted,
      changes: all,
      report: await reportOf(ledger, submission.id, Date.now()),
    };
  });
}

/** The options that the log shows, by name: a new one may be a secret. */
function detailsOf(submission: Submission): Details {
  const { inviteType, culture, maxFailedPercent, inviteSize, limit } = submission;
  const { inviteHeld, inviteAt, minCreatedPercent } = submission;
  const options = { maxFailedPercent, inviteSize, limit, inviteHeld, inviteAt, minCreatedPercent };
  const { groups, group, joinExisting } = submission;
  const ofGroups = { groups, group: group?.length, joinExisting };
  return { inviteType, culture, ...options, ...ofGroups };
}
