import { z } from 'zod';
import type { PortalRequest } from './requests.ts';
import { groupName, text } from './wire.ts';

const API = '/api/2.0';

const named = z.object({ id: text, name: groupName });
const groupSchema = named.extend({ membersCount: z.number().catch(0) });
/** A group of the portal. */
export type PortalGroup = z.infer<typeof groupSchema>;

const pageSchema = z.object({ items: z.array(groupSchema), total: z.number().optional() });
/** A page of groups, with the number of all where the portal says it. */
export type GroupPage = z.infer<typeof pageSchema>;

/** Part of a list: its first place, and its length, 100 at most (P-GROUP-04). */
export interface Page {
  startIndex: number;
  count: number;
}

/** GET /group (P-GROUP-04). */
export function groupsRequest({ startIndex, count }: Page): PortalRequest<GroupPage> {
  const path = `${API}/group?startIndex=${startIndex}&count=${count}`;
  return { facts: { kind: 'groups' }, method: 'GET', path, schema: pageSchema };
}

/** POST /group (P-GROUP-01). */
export function createGroupRequest(name: string): PortalRequest<z.infer<typeof named>> {
  return {
    facts: { kind: 'create-group' },
    method: 'POST',
    path: `${API}/group`,
    body: JSON.stringify({ groupName: name }),
    schema: named,
  };
}

/** PUT /group/{id}/members (P-GROUP-06). */
export function addMembersRequest(
  group: string,
  members: readonly string[],
): PortalRequest<undefined> {
  return {
    facts: { kind: 'add-members' },
    method: 'PUT',
    path: `${API}/group/${encodeURIComponent(group)}/members`,
    body: JSON.stringify({ members }),
    schema: z.unknown().transform(() => undefined),
  };
}

/** Texts of a list; anything else in it is left out. */
const culturesSchema = z
  .array(z.unknown())
  .transform((names) => names.filter((name) => typeof name === 'string'));

/** GET /settings/cultures, which anybody may read (P-CULTURE-01). */
export const culturesRequest: PortalRequest<string[]> = {
  facts: { kind: 'cultures' },
  method: 'GET',
  path: `${API}/settings/cultures`,
  schema: culturesSchema,
  isPublic: true,
};
