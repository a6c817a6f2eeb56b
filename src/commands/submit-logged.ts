import { type Submission, submit } from '../batch/submit.ts';
import { type Action, type Details, logged } from '../ledger/log.ts';
import { reportOf } from '../ledger/report.ts';
import { actorOf, type Context } from './context.ts';
import { producerOf, type Store } from './open.ts';

/**
 * Submits, and writes into the action log with which options and what came of it. `lifted` is the code
 * of a hold that the same act lifted.
 */
export function submitLogged(
  context: Context,
  store: Store,
  doing: { submission: Submission; action: Action; lifted?: string | undefined },
): ReturnType<typeof submit> {
  const { ledger } = store;
  const { submission, action, lifted } = doing;
  const batch = submission.id;
  const told = async ({ already }: { already: boolean }) => {
    const { accepted, rejected, duplicates } = await reportOf(ledger, batch, Date.now());
    return { already, accepted, rejected, duplicates };
  };
  const details = { ...optionsOf(submission), ...(lifted === undefined ? {} : { lifted }) };
  const act = { action, batch, by: actorOf(context), details, told };
  return logged(ledger, act, () => submit(producerOf(context, store), submission));
}

/** The options that were given, apart from those that name the batch. */
function optionsOf(submission: Submission): Details {
  const { rows, id, digest, portal, acceptedOnPortal, ...options } = submission;
  const given = Object.entries(options).flatMap(([name, value]) => {
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}
