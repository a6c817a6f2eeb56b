import type { RowMark } from './marks.ts';

const sentences: Partial<Record<RowMark, string>> = {
  'not-invitable':
    "The portal's invite does not take this address; the activation mail was sent at the creation.",
  'invite-refused': 'Left out of the invite; the activation mail was sent at the creation.',
  'half-made': 'The answer to its creation was lost: it is looked up again before the invite.',
  'to-mail': 'Its activation mail may be missing: it is sent again before the invite.',
  'to-join': 'It is added to its groups before the invite.',
  unmailed: 'Its activation mail may be missing: send it again in the accounts of the portal.',
};

/** The code of the report for a row that has none of its own. */
export function codeOfMarks(marks: readonly RowMark[]): string {
  if (marks.includes('unmailed')) return 'unmailed';
  if (marks.includes('not-invitable') || marks.includes('invite-refused')) return 'not-invitable';
  if (marks.includes('other-role')) return 'role-differs';
  return marks.includes('groupless') ? 'groups-missing' : '';
}

/** Sentences about a row with these marks: `type` was asked for, `role` was made. */
export function markSentences(
  marks: readonly RowMark[],
  { type, role }: { type: string; role: string | undefined },
): string[] {
  const known = marks.flatMap((mark) => sentences[mark] ?? []);
  const differs = marks.includes('other-role') || marks.includes('other-role-before');
  if (!differs || role === undefined) return known;
  return [`The account is a ${role} where a ${wantedRole(type)} was asked for.`, ...known];
}

/** Type All gets no group, and no group is a RoomAdmin (P-ROLE-04). */
function wantedRole(type: string): string {
  return type === 'All' ? 'RoomAdmin' : type;
}

/** Names of facts about accounts that a reader may ask for, with the marks of such rows. */
const namedMarks = {
  /** Accounts with another role than asked. */
  'role-differs': ['other-role', 'other-role-before'],
  /** Created people whom the invite does not take. */
  'not-invitable': ['not-invitable', 'invite-refused'],
  /** Created people who may have had no activation mail. */
  unmailed: ['half-made', 'to-mail', 'unmailed'],
  /** People who are not in every group that was asked for. */
  'groups-missing': ['groupless'],
} as const satisfies Record<string, readonly RowMark[]>;

export type MarkName = keyof typeof namedMarks;
export const markNames = Object.keys(namedMarks) as MarkName[];

/** The marks of a name: rows with one of them are meant. */
export function marksNamed(name: MarkName): readonly RowMark[] {
  return namedMarks[name];
}

/** Which rows with marks a reader asks for. */
export interface MarkFilter {
  roleDiffers?: boolean | undefined;
  notInvitable?: boolean | undefined;
  unmailed?: boolean | undefined;
}

/** The marks of a filter; undefined when it asks for none. */
export function marksFor({
  roleDiffers,
  notInvitable,
  unmailed,
}: MarkFilter): RowMark[] | undefined {
  const marks: RowMark[] = [];
  if (roleDiffers) marks.push(...namedMarks['role-differs']);
  if (notInvitable) marks.push(...namedMarks['not-invitable']);
  if (unmailed) marks.push(...namedMarks.unmailed);
  return marks.length === 0 ? undefined : marks;
}
