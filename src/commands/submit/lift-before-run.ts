import { liftHold, resume } from '../../batch/stop-queues.ts';
import { OnboardError } from '../../errors.ts';
import { readHold } from '../../ledger/stops/holds.ts';
import { line } from '../../printable.ts';
import type { Context } from '../context.ts';
import type { Store } from '../open/store.ts';
import { endedText } from '../text/stop-text.ts';
import type { SubmissionFlags } from './prepare.ts';

/**
 * Lifts the hold in force before `run` starts its workers: on a private Redis, whose holds are this
 * user's own, or with `--resume`. On a Redis that others use, a hold may be the pause of a
 * colleague. `--resume` also ends waits, as `onboard resume` does. Returns the code of the hold that was lifted.
 * @throws {OnboardError} E_HELD with the remedy, before anything is submitted.
 */
export async function liftBeforeRun(
  { io, config }: Context,
  store: Store,
  flags: SubmissionFlags,
): Promise<string | undefined> {
  const hold = await readHold(store.ledger);
  if (flags.resume) {
    const { waits } = await resume(store);
    for (const wait of waits) io.stderr.write(`${endedText(wait)}\n`);
  }
  if (hold === undefined) return undefined;
  const { code, reason, remedy } = hold;
  if (!mayLift({ config }, flags)) {
    const text = line`nothing was submitted: held (${code}): ${reason} What to do: ${remedy} Then run onboard resume, or the same command with --resume.`;
    throw new OnboardError('E_HELD', text, { details: { hold: code } });
  }
  await liftHold(store);
  io.stderr.write(`${line`lifted (${code}): ${reason}`}\n`);
  return code;
}

/** Whether `run` may end stops: on a Redis that others use, only when it is asked to. */
export function mayLift({ config }: Pick<Context, 'config'>, flags: SubmissionFlags): boolean {
  return config.redisUrl === undefined || flags.resume === true;
}
