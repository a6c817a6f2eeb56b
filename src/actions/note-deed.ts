import type { Ledger } from '../ledger/ledger.ts';
import { type Action, type Details, logDone } from '../ledger/notes/action-log.ts';
import type { Actor } from '../process/actor.ts';

/** Deeds that change no batch, and yet are recorded. */
type Noted = Extract<
  Action,
  | 'sign-in'
  | 'sign-in-failed'
  | 'sign-out'
  | 'show-people'
  | 'download'
  | 'find'
  | 'plan'
  | 'approve'
  | 'discard'
>;

interface Deed {
  action: Noted;
  by: Actor;
  batch?: string | undefined;
  details?: Details;
}

/** Records what somebody did or saw in the action log. Details never name a person of a list. */
export function noteDeed(ledger: Ledger, deed: Deed): Promise<void> {
  return logDone(ledger, deed);
}
