import type { Verdict } from '../portal/verdict.ts';
import type { Account } from '../portal/wire.ts';
import { type AfterCreate, afterCreate } from './after-create.ts';
import { type AfterInvite, afterInvite } from './after-invite.ts';
import { type AfterLookUp, afterLookUp } from './after-look-up.ts';
import type { Reaction } from './outcome.ts';

/** An answer of the portal with what its meaning depends on. */
export type Answered =
  | { step: 'create'; verdict: Verdict<Account>; facts: AfterCreate }
  | { step: 'look-up'; verdict: Verdict<Account>; facts: AfterLookUp }
  | { step: 'invite'; verdict: Verdict<unknown>; facts: AfterInvite };

/**
 * The one place that decides what an answer leads to: what becomes of the row, and (as the job's
 * outcome) of the attempt, the queues and the batch. Pure; the table of docs/reliability.md and
 * test/worker/reaction-*.test.ts name each case with its trap (docspace-contract 8).
 */
export function reactionTo(answered: Answered): Reaction {
  switch (answered.step) {
    case 'create':
      return afterCreate(answered.verdict, answered.facts);
    case 'look-up':
      return afterLookUp(answered.verdict, answered.facts);
    case 'invite':
      return { outcome: afterInvite(answered.verdict, answered.facts) };
  }
}
