import { liftHold, resume } from '../../batch/stop-queues.ts';
import { OnboardError } from '../../errors.ts';
import { readHold } from '../../ledger/stops/holds.ts';
import { line } from '../../printable.ts';
import type { Context } from '../context.ts';
import type { Store } from '../open/store.ts';
import { endedText } from '../text/stop-text.ts';
import type { SubmissionFlags } from './prepare.ts';

/**
 * Refuses to run under a hold on a Redis that others use, where it may be the pause of a colleague:
 * before options are stored and groups are made.
 * @throws {OnboardError} E_HELD with the remedy
 */
export async function refuseHeld(
  context: Pick<Context, 'config'>,
  { ledger }: Pick<Store, 'ledger'>,
  flags: SubmissionFlags,
): Promise<void> {
  const hold = await readHold(ledger);
  if (hold === undefined || mayLift(context, flags)) return;
  const { code, reason, remedy } = hold;
  const text = line`nothing was submitted: held (${code}): ${reason} What to do: ${remedy} Then run onboard resume, or the same command with --resume.`;
  throw new OnboardError('E_HELD', text, { details: { hold: code } });
}

/**
 * Lifts the hold in force before `run` starts its workers: on a private Redis, whose holds are this
 * user's own, or with `--resume`, which also ends waits, as `onboard resume` does. Returns the code of
 * the hold that was lifted.
 * @throws {OnboardError} E_HELD
 */
export async function liftBeforeRun(
  context: Context,
  store: Store,
  flags: SubmissionFlags,
): Promise<string | undefined> {
  const { stderr } = context.io;
  await refuseHeld(context, store, flags);
  const hold = await readHold(store.ledger);
  if (flags.resume) {
    const { waits } = await resume(store);
    for (const wait of waits) stderr.write(`${endedText(wait)}\n`);
  }
  if (hold === undefined) return undefined;
  await liftHold(store);
  stderr.write(`${line`lifted (${hold.code}): ${hold.reason}`}\n`);
  return hold.code;
}

/** Whether `run` may end stops: on a Redis that others use, only when it is asked to. */
export function mayLift({ config }: Pick<Context, 'config'>, flags: SubmissionFlags): boolean {
  return config.redisUrl === undefined || flags.resume === true;
}
