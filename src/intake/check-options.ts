import { type AccountType, accountTypes } from '../people/account-types.ts';
import type { Finding } from './check-email.ts';

/** Width of the portal's column (P-CREATE-12). */
const MAX_CULTURE_LENGTH = 20;
const MAX_COMMENT_LENGTH = 512;
const CULTURE = /^[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?$/i;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Names of roles and their numbers in the portal's EmployeeType (P-ROLE-01). */
const typeBySpelling: ReadonlyMap<string, AccountType | 'Guest'> = new Map([
  ...accountTypes.map((type) => [type.toLowerCase(), type] as const),
  ['4', 'User'],
  ['1', 'RoomAdmin'],
  ['3', 'DocSpaceAdmin'],
  ['0', 'All'],
  ['guest', 'Guest'],
  ['2', 'Guest'],
]);

/** The role of a cell, in any case, or its fault. */
export function typeFrom(cell: string): AccountType | Finding {
  // The portal's pages say "Room admin".
  const type = typeBySpelling.get(cell.toLowerCase().replace(/(?<=[a-z])[\s_-](?=[a-z])/g, ''));
  if (type === 'Guest') {
    const reason =
      'The portal never creates guests this way; use User, or invite the guest to a room.';
    return { code: 'type-guest', reason };
  }
  return type ?? { code: 'type-unknown', reason: `The type must be ${accountTypes.join(', ')}.` };
}

/** True for a culture name such as `de`, `en-US` or `sr-Latn-RS` of at most 20 characters. */
export function isCulture(text: string): boolean {
  return text.length <= MAX_CULTURE_LENGTH && CULTURE.test(text);
}

/** All faults of a culture cell that is not empty. */
export function checkCulture(culture: string): Finding[] {
  if (isCulture(culture)) return [];
  return [
    { code: 'culture-shape', reason: 'The culture must be a name such as en-US, de or pt-BR.' },
  ];
}

/** The ids in a department cell, separated by semicolons, commas or spaces; each once. */
export function departmentsIn(cell: string): string[] {
  return [...new Set(cell.split(/[;,\s]+/).filter((id) => id !== ''))];
}

/** All faults of the ids (P-JSON-04). */
export function checkDepartments(ids: readonly string[]): Finding[] {
  if (ids.every((id) => GUID.test(id))) return [];
  const reason =
    'The department must be ids of groups of the portal (36 characters with hyphens), separated by semicolons.';
  return [{ code: 'department-guid', reason }];
}

/** All faults of a comment (P-CREATE-12). */
export function checkComment(comment: string): Finding[] {
  if (comment.length <= MAX_COMMENT_LENGTH) return [];
  const reason = `The comment has more than ${MAX_COMMENT_LENGTH} characters.`;
  return [{ code: 'too-long', reason }];
}
