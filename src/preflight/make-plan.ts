import { createHash } from 'node:crypto';
import { batchIdOf } from '../batch/identity.ts';
import type { Submission } from '../batch/submit-batch.ts';
import { defined } from '../defined.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AccountType, TypeCounts } from '../people/account-types.ts';
import { isInvitable } from '../people/invitable.ts';
import type { Person } from '../people/person.ts';
import { estimate } from './estimate.ts';
import { type Judged, judge } from './judge.ts';
import { type GroupsOfPlan, GroupTally, resolutionOf } from './plan-groups.ts';
import { type PlanParts, planId } from './plan-id.ts';
import type { Lookup } from './probe-accounts.ts';

/** People of one lookup call. */
const ASKED_TOGETHER = 1000;
const FIRST_NAMED = 5;

export type Plan = Awaited<ReturnType<typeof makePlan>>;

export type OnRejected = (row: Exclude<Judged, { kind: 'accepted' }>) => Promise<void>;

export interface ChangedRow {
  file: string;
  line: number;
  reason: string;
}

interface Planning {
  submission: Submission;
  /** Type of rows without one; part of the plan's id. */
  defaultType: AccountType;
  /** Types that rows may name besides, likewise. */
  allowedTypes?: readonly AccountType[] | undefined;
  /** The options of groups as they were asked for; a submission without names of groups has none. */
  ofGroups?: object | undefined;
  /** SHA-256 of the files' contents. */
  content: string;
  ledger?: Ledger | undefined;
  /** Absent where the names of groups were not looked for. */
  groups?: GroupsOfPlan | undefined;
  lookup?: Lookup | undefined;
  requestsPerMinute: number;
  /** Called with every row that is not accepted, in the order of the input. */
  onRejected: OnRejected;
  /** Called with the number of rows read so far. */
  progress: (rows: number) => void;
}

/**
 * Reads all rows and returns the effect of submitting them, without writing anything.
 * @throws {OnboardError} E_FILE_…, and the errors of a lookup.
 */
export async function makePlan(planning: Planning) {
  const { submission, ledger, lookup, requestsPerMinute } = planning;
  const tally = { total: 0, accepted: 0, rejected: 0, duplicates: 0, notInvitable: 0 };
  const types: TypeCounts = {};
  const changed: { count: number; example?: ChangedRow } = { count: 0 };
  let example: { file: string; person: Person } | undefined;
  const first: { email: string; name: string; type: AccountType }[] = [];
  const groups = planning.groups && new GroupTally(planning.groups, submission.group ?? []);
  let asked: Person[] = [];
  // As many rows may be accepted and yet others, after a rule of the portal has changed.
  const results = createHash('sha256');
  for await (const row of judge(submission.rows(), { batch: submission.id, ledger })) {
    tally.total += 1;
    planning.progress(tally.total);
    results.update(resultText(row));
    if (row.kind !== 'accepted') {
      tally[row.kind === 'duplicate' ? 'duplicates' : 'rejected'] += 1;
      await planning.onRejected(row);
      continue;
    }
    const { email, firstName, lastName, type } = row.person;
    if (row.warnings.length > 0) {
      changed.count += 1;
      changed.example ??= { file: row.file, line: row.line, reason: row.warnings.join('; ') };
    }
    tally.accepted += 1;
    example ??= { file: row.file, person: row.person };
    groups?.note(row.person);
    if (!isInvitable(email)) tally.notInvitable += 1;
    types[type] = (types[type] ?? 0) + 1;
    const name = `${firstName} ${lastName}`.trim();
    if (first.length < FIRST_NAMED) first.push({ email, name, type });
    if (lookup !== undefined && asked.push(row.person) === ASKED_TOGETHER) {
      await lookup.ask(asked);
      asked = [];
    }
  }
  await lookup?.ask(asked);
  const present = lookup?.result();
  const { accepted, rejected, duplicates, notInvitable } = tally;
  const { inviteSize } = submission;
  const numbers = { accepted, present: present?.count ?? 0, notInvitable };
  const work = { ...numbers, inviteSize, requestsPerMinute };
  return {
    id: idOf(planning, [accepted, rejected, duplicates, results.digest('hex')], present?.digest),
    ...tally,
    types,
    first,
    /** The first accepted row, to show what each column holds. */
    example,
    /** Accepted rows with cells that were changed or left out. */
    changed,
    present,
    /** Groups of the list; `later` where workers find them. */
    groups: groups?.result() ?? (submission.named === undefined ? undefined : ('later' as const)),
    estimate: estimate(work),
  };
}

/** The result of a row, and the person as it would be submitted. */
function resultText(row: Judged): string {
  const { file, line, kind } = row;
  const result = row.kind === 'accepted' ? row.person : row.code;
  return `${JSON.stringify([file, line, kind, result])}\n`;
}

function idOf(planning: Planning, counts: PlanParts['counts'], present?: string): string {
  const { submission, defaultType, allowedTypes, ofGroups, content } = planning;
  // The portal's clock and the address of notifications are not part of the id.
  const { rows, acceptedOnPortal, notify, digest, portal, id, remarks, ...about } = submission;
  // These three depend on the names in the list, whose change is one of the files.
  const { named, groups: _, group: __, joinExisting: ___, ...options } = about;
  // An id that is made of files and portal would make their changes look like one of an option.
  const batch = id === batchIdOf(digest) ? undefined : id;
  const given = Object.entries(
    defined({ ...options, batch, defaultType, allowedTypes, ...ofGroups }),
  );
  return planId({
    input: content,
    options: given.sort(([a], [b]) => (a < b ? -1 : 1)),
    portal,
    counts,
    present,
    groups: planning.groups && resolutionOf(planning.groups),
  });
}
