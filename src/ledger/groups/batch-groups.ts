import { z } from 'zod';
import { type GroupMode, groupModes } from '../../people/groups.ts';
import { parseJson } from '../json.ts';

/** How the names of groups in a batch are read. */
export interface BatchGroups {
  mode: GroupMode;
  /** Names of groups for everybody in the batch. */
  names: readonly string[];
  /** Whether people who had an account already are added to their groups, too. */
  joinExisting: boolean;
  /** Whether every name is settled: its groups are known, or it has none. */
  isReady: boolean;
}

/** Fields of the batch's record, in the order of `batchGroupsOf`. */
export const batchGroupFields = ['groups', 'group', 'joinExisting', 'groupsReady'] as const;

const modeSchema = z.enum(groupModes);
const namesSchema = z.array(z.string()).catch([]);

/** Reads these fields; undefined for a batch that names no groups. */
export function batchGroupsOf(
  values: readonly (string | null | undefined)[],
): BatchGroups | undefined {
  const [groups, group, joinExisting, ready] = values;
  // Most batches have none, and this is read for each person: a schema that fails makes an error.
  const mode = typeof groups === 'string' ? modeSchema.safeParse(groups).data : undefined;
  if (mode === undefined) return undefined;
  const names = namesSchema.parse(parseJson(group));
  return { mode, names, joinExisting: joinExisting === '1', isReady: ready === '1' };
}
