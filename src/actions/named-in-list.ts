import { OnboardError } from '../errors.ts';
import type { Source } from '../intake/source.ts';
import {
  cellKey,
  type GroupMode,
  hasReservedGroup,
  type NamedGroups,
  nameKey,
} from '../people/groups.ts';
import { line } from '../printable.ts';

/** How a submission reads names of groups. */
export interface GroupOptions {
  /** Without it, unknown names are left out. */
  groups?: GroupMode | undefined;
  /** Names or ids of groups for everybody. */
  group?: readonly string[] | undefined;
  /** Adds people who had an account already, too. */
  joinExisting?: boolean | undefined;
}

/** Longest name that is compared with those of the portal. */
const MAX_LENGTH = 500;

/**
 * Checks the options about groups, without asking the portal.
 * @throws {OnboardError} E_USAGE; E_CONFIG when names must be known and no key finds them.
 */
export function checkGroupOptions(
  { groups = 'existing', group = [], joinExisting }: GroupOptions,
  { hasKey }: { hasKey: boolean },
): void {
  if (groups === 'ignore' && (group.length > 0 || joinExisting)) {
    throw usage('groups are ignored: leave out --group and --join-existing, or --groups ignore');
  }
  for (const name of group) {
    if (name.trim() === '' || name.length > MAX_LENGTH)
      throw usage('--group: give a name or an id');
    if (hasReservedGroup(name)) {
      throw usage(line`--group ${name}: this is a system group of the portal, which changes roles`);
    }
  }
  if (groups === 'require' && !hasKey) {
    const text =
      'configuration: --groups require needs the key of the portal here, to find the groups: set DOCSPACE_API_KEY or DOCSPACE_API_KEY_FILE';
    throw new OnboardError('E_CONFIG', text);
  }
}

/** Names of groups in a list, with the rows of each; undefined for a list that names none. */
export async function namedInList(
  source: Pick<Source, 'has' | 'entries'>,
  { groups = 'existing', group = [] }: GroupOptions,
): Promise<NamedGroups | undefined> {
  if (groups === 'ignore' || (group.length === 0 && !source.has('department'))) return undefined;
  const rows = new Map<string, number>();
  let people = 0;
  for await (const entry of source.entries()) {
    if (entry.kind !== 'person') continue;
    people += 1;
    for (const key of new Set((entry.person.department ?? []).map(cellKey))) {
      rows.set(key, (rows.get(key) ?? 0) + 1);
    }
  }
  for (const name of group) rows.set(nameKey(name.trim()), people);
  if (rows.size === 0) return undefined;
  return new Map([...rows].map(([key, count]) => [key, { rows: count }]));
}

function usage(text: string): OnboardError {
  return new OnboardError('E_USAGE', text);
}
