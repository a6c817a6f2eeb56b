import type { Actor } from '../actor.ts';
import { type Action, type Details, logged } from '../ledger/log.ts';
import { type Report, reportOf } from '../ledger/report.ts';
import { type Producer, type Submission, submit } from './submit.ts';

/** Who submits, and as what it is written down. */
interface Submitting {
  action: Action;
  by: Actor;
  /** Code of a hold that the same act lifted. */
  lifted?: string | undefined;
}

/**
 * Submits, and writes into the action log with which options and what came of it. `already` tells that
 * the batch had been submitted before.
 */
export function submitLogged(
  producer: Producer,
  submission: Submission,
  { action, by, lifted }: Submitting,
): Promise<{ already: boolean; report: Report }> {
  const details = { ...optionsOf(submission), ...(lifted === undefined ? {} : { lifted }) };
  const told = ({ already, report }: { already: boolean; report: Report }) => {
    const { accepted, rejected, duplicates } = report;
    return { already, accepted, rejected, duplicates };
  };
  const { ledger } = producer;
  return logged(ledger, { action, batch: submission.id, by, details, told }, async () => {
    const { already } = await submit(producer, submission);
    return { already, report: await reportOf(ledger, submission.id, Date.now()) };
  });
}

/** The options that were given, apart from those that name the batch. */
function optionsOf(submission: Submission): Details {
  const { rows, id, digest, portal, acceptedOnPortal, ...options } = submission;
  const given = Object.entries(options).flatMap(([name, value]) => {
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}
