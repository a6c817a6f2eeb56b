import type { Submission } from '../batch/submit-batch.ts';
import { defined } from '../defined.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AccountType } from '../people/account-types.ts';
import type { Person } from '../people/person.ts';
import { type Estimate, estimate } from './estimate.ts';
import { type Judged, judge } from './judge.ts';
import { planId } from './plan-id.ts';
import type { Lookup, Present } from './probe-accounts.ts';

/** People of one lookup call. */
const ASKED_TOGETHER = 1000;
const FIRST_NAMED = 5;

/** Effect of a submission. */
export interface Plan {
  id: string;
  total: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  types: Partial<Record<AccountType, number>>;
  /** The first accepted people. */
  first: { email: string; name: string; type: AccountType }[];
  /** Present only with a lookup. */
  present?: Present | undefined;
  estimate: Estimate;
}

export type TurnedAway = (row: Exclude<Judged, { kind: 'accepted' }>) => Promise<void>;

interface Planning {
  submission: Submission;
  /** Type of rows without one; part of the plan's id. */
  defaultType: AccountType;
  /** SHA-256 of the files' contents. */
  content: string;
  ledger?: Ledger | undefined;
  lookup?: Lookup | undefined;
  requestsPerMinute: number;
  /** Called with every row that is not accepted, in the order of the input. */
  turnedAway: TurnedAway;
  /** Called with the number of rows read so far. */
  progress: (rows: number) => void;
}

/**
 * Reads all rows and returns the effect of submitting them, without writing anything.
 * @throws {OnboardError} E_FILE_…, and the errors of a lookup.
 */
export async function makePlan(planning: Planning): Promise<Plan> {
  const { submission, ledger, lookup } = planning;
  const tally = { total: 0, accepted: 0, rejected: 0, duplicates: 0 };
  const types: Plan['types'] = {};
  const first: Plan['first'] = [];
  let asked: Person[] = [];
  const ask = async () => {
    await lookup?.ask(asked);
    asked = [];
  };
  for await (const row of judge(submission.rows(), { batch: submission.id, ledger })) {
    tally.total += 1;
    planning.progress(tally.total);
    if (row.kind !== 'accepted') {
      tally[row.kind === 'duplicate' ? 'duplicates' : 'rejected'] += 1;
      await planning.turnedAway(row);
      continue;
    }
    const { email, firstName, lastName, type } = row.person;
    tally.accepted += 1;
    types[type] = (types[type] ?? 0) + 1;
    if (first.length < FIRST_NAMED)
      first.push({ email, name: `${firstName} ${lastName}`.trim(), type });
    if (lookup === undefined) continue;
    asked.push(row.person);
    if (asked.length === ASKED_TOGETHER) await ask();
  }
  await ask();
  const present = lookup?.result();
  return {
    id: idOf(planning, tally, present),
    ...tally,
    types,
    first,
    present,
    estimate: estimate({
      accepted: tally.accepted,
      present: present?.count ?? 0,
      inviteSize: submission.inviteSize,
      requestsPerMinute: planning.requestsPerMinute,
    }),
  };
}

function idOf(
  { submission, defaultType, content }: Planning,
  { accepted, rejected, duplicates }: Pick<Plan, 'accepted' | 'rejected' | 'duplicates'>,
  present: Present | undefined,
): string {
  // The portal's clock and the address of notifications are not part of the id.
  const { rows, acceptedOnPortal, notify, digest, portal, ...options } = submission;
  const given = Object.entries(defined({ ...options, defaultType }));
  const sorted = given.sort(([a], [b]) => (a < b ? -1 : 1));
  return planId({
    input: content,
    options: sorted,
    portal,
    counts: [accepted, rejected, duplicates],
    present: present?.digest,
  });
}
