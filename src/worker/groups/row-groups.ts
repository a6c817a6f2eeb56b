import { groupsOfPerson } from '../../ledger/groups/named-groups.ts';
import type { PendingRow } from '../../ledger/rows/pending-row.ts';
import {
  cellKey,
  type GroupRef,
  hasReservedGroup,
  isGroupId,
  nameKey,
} from '../../people/groups.ts';
import type { Account } from '../../portal/wire.ts';
import { printable } from '../../printable.ts';
import type { WorkerDeps } from '../deps.ts';
import type { Outcome } from '../outcome.ts';
import { prepareGroups } from './prepare-groups.ts';

/** The groups of one person. */
export interface RowGroups {
  asked: readonly GroupRef[];
  /** Names that no group of the portal has. */
  missing: readonly string[];
  /** Whether an account that existed before is added, too. */
  joinExisting: boolean;
}

export const noGroups: RowGroups = { asked: [], missing: [], joinExisting: false };

/**
 * Groups that a person is to be in. The first person of a batch has its names found on the portal;
 * the outcome when that is not possible now.
 */
export function rowGroups(
  deps: WorkerDeps,
  batch: string,
  { person, groups }: PendingRow,
): Promise<RowGroups | Outcome> {
  const { department: cells } = person;
  if (groups === undefined && cells === undefined) return without;
  return namedGroups(deps, batch, { cells: cells ?? [], groups });
}

/** For most people nothing is to be read. */
const without = Promise.resolve(noGroups);

async function namedGroups(
  deps: WorkerDeps,
  batch: string,
  { cells, groups }: { cells: readonly string[]; groups: PendingRow['groups'] },
): Promise<RowGroups | Outcome> {
  if (groups === undefined) return { ...noGroups, asked: idsIn(cells) };
  const keys = [...cells.map(cellKey), ...groups.names.map(nameKey)];
  if (keys.length === 0) return noGroups;
  if (!groups.isReady) {
    const outcome = await prepareGroups(deps, batch, groups);
    if (outcome !== undefined) return outcome;
  }
  const { groups: asked, missing } = await groupsOfPerson(deps.ledger, batch, keys);
  return { asked, missing, joinExisting: groups.joinExisting };
}

/** Groups of a batch of an older version, which had ids only. */
function idsIn(cells: readonly string[]): GroupRef[] {
  const ids = cells.filter((cell) => isGroupId(cell) && !hasReservedGroup(cell));
  return ids.map((id) => ({ id, name: id }));
}

/** The groups among those asked for that an account is not in. */
export function lackedGroups(asked: readonly GroupRef[], { groups }: Account): GroupRef[] {
  const has = new Set(groups.map(({ id }) => id.toLowerCase()));
  return asked.filter(({ id }) => !has.has(id.toLowerCase()));
}

/** Sentences about names without a group. */
export function missingWarnings({ missing }: RowGroups): string[] {
  return missing.map((name) => `The portal has no group ${shown(name)}: the account is not in it.`);
}

/** The sentence about a group that the portal left out without a word (P-GROUP-14). */
export function droppedWarning({ name }: GroupRef): string {
  return `The portal left out the group ${shown(name)}: add the account there.`;
}

/** A name between quotes, short. */
export function shown(name: string): string {
  return `"${printable(name.slice(0, 128))}"`;
}
