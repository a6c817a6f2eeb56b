import type { SubmittedList } from '../../actions/submit-list.ts';
import type { BatchOptions } from '../../ledger/batch/batch-options.ts';
import { isOver } from '../../ledger/batch/batch-state.ts';
import type { NewBatch } from '../../ledger/batch/batches.ts';
import { zonedTime } from '../../zoned-time.ts';
import { changesText } from './changes-text.ts';

/** The options of a batch, and whether its end is notified: the address itself is a secret. */
export type Asked = BatchOptions & { isNotified: boolean };

/** The options of a submission. */
export function askedOf({ notify, ...options }: NewBatch): Asked {
  const { inviteHeld, inviteAt, minCreatedPercent, inviteSize, limit, maxFailedPercent } = options;
  const given = { inviteHeld, inviteAt, minCreatedPercent, inviteSize, limit, maxFailedPercent };
  return { ...given, isNotified: notify !== undefined };
}

/** The lines of a submission: what a stored batch changed, and what the batch now asks for. */
export function submittedText(
  { batch, changes }: Pick<SubmittedList, 'batch' | 'changes'>,
  isNotified: boolean,
): string {
  const lines = isOver(batch) ? [] : askedLines({ ...askedOf(batch), isNotified });
  return changesText(changes) + lines.map((text) => `${text}\n`).join('');
}

/** A line for each option that a submission gave, so that nothing asked for goes unseen. */
export function askedLines(asked: Asked): string[] {
  const { inviteHeld, inviteAt, minCreatedPercent, inviteSize, limit, maxFailedPercent } = asked;
  const lines: string[] = [];
  if (limit !== undefined) lines.push(`only the first ${limit} people now (--limit)`);
  if (inviteHeld) lines.push('the invite is held back for onboard invite (--hold-invite)');
  if (inviteAt !== undefined) lines.push(`${inviteTimeText(inviteAt)} (--invite-at)`);
  if (minCreatedPercent !== undefined) {
    lines.push(
      `the invite is held back while fewer than ${minCreatedPercent} % have an account (--min-created)`,
    );
  }
  if (inviteSize === 0) lines.push('everybody in one invite request (--invite-size 0)');
  else if (inviteSize !== undefined) {
    lines.push(`at most ${inviteSize} people in an invite request (--invite-size)`);
  }
  if (maxFailedPercent !== undefined) {
    lines.push(
      `held when more than ${maxFailedPercent} % of 50 or more people failed (--max-failures)`,
    );
  }
  if (asked.isNotified) lines.push('its end, holds and waits for a person are notified (--notify)');
  return lines;
}

/** When the invite is sent; `at` in ms. */
export function inviteTimeText(at: number): string {
  return `the invite is sent at ${zonedTime(at)}, not before`;
}
