import { counted } from '../../count.ts';
import { OnboardError } from '../../errors.ts';
import { countUninvited } from '../invites/invites.ts';
import type { Ledger } from '../ledger.ts';
import { type Numbers, numbersOf } from './numbers.ts';
import { type RetryPick, rowsToRetry } from './retry-rows.ts';

/** A change of a batch that somebody confirms. */
export type ChangeName = 'retry' | 'continue' | 'invite' | 'cancel' | 'purge';

/** Round and people that a confirmation shows. */
export interface Affected {
  round: number;
  people: number;
}

/**
 * How many people a change reaches now: to try again, to create, to invite, to cancel, to remove. A
 * retry opens fewer where another unfinished batch has claimed some of them.
 * @throws {OnboardError} E_BATCH_UNKNOWN
 */
export async function countAffected(
  ledger: Ledger,
  batch: string,
  change: { action: ChangeName; pick?: RetryPick | undefined },
): Promise<Affected> {
  const numbers = await numbersOf(ledger, batch, { now: Date.now() });
  return { round: numbers.batch.round, people: await peopleOf(ledger, numbers, change) };
}

async function peopleOf(
  ledger: Ledger,
  { batch, report }: Numbers,
  { action, pick = {} }: { action: ChangeName; pick?: RetryPick | undefined },
): Promise<number> {
  switch (action) {
    case 'retry': {
      let people = 0;
      for await (const rows of rowsToRetry(ledger, batch.id, pick)) people += rows.length;
      return people;
    }
    case 'invite': {
      // An invite that is stuck is tried again with everybody whom the portal refused.
      const refused = `${ledger.keys.marks(batch.id)}invite-refused`;
      const again = batch.stuck === undefined ? 0 : await ledger.redis.bitcount(refused);
      return again + (await countUninvited(ledger, batch.id));
    }
    case 'continue':
    case 'cancel':
      return report.pending;
    case 'purge':
      return report.total;
  }
}

/**
 * Checks that a change still reaches what its confirmation showed. Fewer people to cancel, and more
 * to invite while people are still created, are no surprise.
 * @throws {OnboardError} E_MOVED with both numbers; E_BATCH_UNKNOWN.
 */
export async function refuseMoved(
  ledger: Ledger,
  batch: string,
  { shown, ...change }: { action: ChangeName; pick?: RetryPick | undefined; shown: Affected },
): Promise<void> {
  const numbers = await numbersOf(ledger, batch, { now: Date.now() });
  const { state, round } = numbers.batch;
  const now = { round, people: await peopleOf(ledger, numbers, change) };
  const isMoving = state === 'intake' || state === 'processing';
  const { action } = change;
  const isAsShown =
    now.people === shown.people ||
    (action === 'cancel' && now.people < shown.people) ||
    (action === 'invite' && isMoving && now.people > shown.people);
  if (now.round === shown.round && isAsShown) return;
  const text = `batch ${batch} has moved: ${said(shown)} were shown, now it is ${said(now)}; look at it again`;
  throw new OnboardError('E_MOVED', text, { details: { shown: { ...shown }, now } });
}

function said({ round, people }: Affected): string {
  return `${counted(people, 'person', 'people')} of round ${round}`;
}
