import type { Submission } from '../batch/submit-batch.ts';
import { OnboardError } from '../errors.ts';
import { hasBatch } from '../ledger/batch/batches.ts';
import { areGroupsReady, readNamed } from '../ledger/groups/named-groups.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { GroupBook } from '../people/group-book.ts';
import { unknownRemarks } from '../people/group-remarks.ts';
import { type GroupMode, mayBeMade, type NamedGroups } from '../people/groups.ts';
import { type MissingName, type Settled, settleNames } from '../people/settle-names.ts';
import { readAllGroups } from '../portal/all-groups.ts';
import type { Portal } from '../portal/client.ts';
import { line } from '../printable.ts';
import { rejectUnknown } from './reject-unknown.ts';

/** More readings while the portal is in trouble. */
const MORE_TRIES = 2;

/** Names of a list with their groups on the portal. */
export interface FoundGroups extends Settled {
  mode: GroupMode;
  book: GroupBook;
}

interface Finding {
  portal: Portal;
  /** Absent where no batch is stored. */
  ledger: Ledger | undefined;
  signal: AbortSignal;
  /** Limit of the time for reading, ms: a submission must not wait for a portal that hangs. */
  withinMs: number;
}

/**
 * Finds the groups that a submission names, and writes nothing. Undefined for one without any, and
 * where the portal does not list its groups now: workers then do so.
 * @throws {OnboardError} E_GROUP_AMBIGUOUS, E_GROUP_UNKNOWN; E_REFUSED when names must be known and
 * cannot be read.
 */
export async function findGroups(
  { portal, ledger, signal: stop, withinMs }: Finding,
  { id, named, groups: mode = 'existing' }: Submission,
): Promise<FoundGroups | undefined> {
  if (named === undefined) return undefined;
  const stored = await storedNames(ledger, id);
  if (stored !== undefined) return { ...stored, mode, book: new GroupBook([]) };
  const signal = AbortSignal.any([stop, AbortSignal.timeout(withinMs)]);
  let read = await readAllGroups(portal, { signal });
  for (let left = MORE_TRIES; left > 0 && read.kind === 'unknown'; left -= 1) {
    read = await readAllGroups(portal, { signal });
  }
  stop.throwIfAborted();
  if (read.kind !== 'ok') {
    if (mode !== 'require') return undefined;
    const why = 'reason' in read ? read.reason : 'The portal asks for a wait.';
    const text = `the groups of the portal cannot be read, which --groups require needs: ${why}`;
    throw new OnboardError('E_REFUSED', text);
  }
  const book = new GroupBook(read.value);
  const settled = settleNames(named.groups, book);
  refuseAmbiguous(book);
  if (mode !== 'create') refuseMissing(settled.missing, book);
  return { ...settled, mode, book };
}

/** Names that an earlier start of the same submission has settled: its rows must stay the same. */
async function storedNames(ledger: Ledger | undefined, id: string): Promise<Settled | undefined> {
  if (ledger === undefined || !(await hasBatch(ledger, id))) return undefined;
  if (!(await areGroupsReady(ledger, id))) return undefined;
  return { named: await readNamed(ledger, id), missing: [] };
}

function refuseAmbiguous({ ambiguous }: GroupBook): void {
  if (ambiguous.size === 0) return;
  const names = [...ambiguous].map(([name, groups]) => {
    const which = groups.map(({ id, membersCount }) => `${id} (${membersCount} members)`);
    return `${JSON.stringify(name)} is ${which.join(' and ')}`;
  });
  const text = line`several groups of the portal have one name: ${names.join('; ')}: write the id of the one that is meant, or rename the others`;
  throw new OnboardError('E_GROUP_AMBIGUOUS', text);
}

function refuseMissing(missing: readonly MissingName[], book: GroupBook): void {
  const lacking = missing.filter(({ isForAll }) => isForAll);
  if (lacking.length === 0) return;
  const names = lacking.map(({ name }) => {
    const near = book.nearest(name).map((each) => JSON.stringify(each));
    return `${JSON.stringify(name)}${near.length === 0 ? '' : ` (like ${near.join(', ')})`}`;
  });
  const text = line`--group: the portal has no group ${names.join(', ')}: correct the name, make the group, or give --groups create`;
  throw new OnboardError('E_GROUP_UNKNOWN', text);
}

/** Names that workers, or this command, make as groups. */
export function namesToMake({ mode, missing }: FoundGroups): MissingName[] {
  return mode === 'create' ? missing.filter(({ name }) => mayBeMade(name)) : [];
}

/** The submission with the groups that were found; names to be made are left to workers. */
export function withGroups(submission: Submission, found: FoundGroups): Submission {
  const { mode, missing, named, book } = found;
  if (mode === 'require') {
    const { rows } = submission;
    const settled = { groups: named, isSettled: true };
    return { ...submission, named: settled, rows: () => rejectUnknown(rows(), { named, book }) };
  }
  if (namesToMake(found).length > 0) return submission;
  const remarks = [...(submission.remarks ?? []), ...unknownRemarks(missing, book)];
  return { ...submission, remarks, named: settledNames(named) };
}

export function settledNames(groups: NamedGroups) {
  return { groups, isSettled: true };
}
