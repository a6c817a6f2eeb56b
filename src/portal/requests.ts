import type { AccountType } from '../people/account-types.ts';
import type { Person } from '../people/person.ts';
import type { Timings } from '../timings.ts';
import type { HttpRequest } from './exchange.ts';

const API = '/api/2.0';

/** A request to the portal, before key and deadline are added. */
export type PortalRequest = Omit<HttpRequest, 'headers' | 'timeoutMs'> & {
  /** Sent without the key. */
  isPublic?: true;
  /** Lengthens the deadline. */
  extraMs?: number;
};

/** One invite: everybody in it is sent in a single request. */
export interface Invitations {
  people: readonly { email: string; type: AccountType }[];
  culture?: string | undefined;
}

/** A request that reads; `path` is below /api/2.0. */
export function get(path: string): PortalRequest {
  return { method: 'GET', path: `${API}${path}` };
}

/** A request that writes. JSON leaves out what is undefined. */
function post(path: string, body: unknown): PortalRequest {
  return { method: 'POST', path: `${API}${path}`, body: JSON.stringify(body) };
}

/**
 * GET /people/email (P-LOOKUP-01), answered in English. An unescaped + would be read as
 * a space and give a false 404.
 */
export function lookupRequest(email: string): PortalRequest {
  return get(`/people/email?email=${encodeURIComponent(email)}&culture=en-US`);
}

/**
 * POST /people (P-CREATE-01): `lastName` is sent even when empty (P-CREATE-05), `type` always
 * (P-ROLE-05).
 */
export function personRequest(person: Person): PortalRequest {
  const { email, firstName, lastName, type, culture, department, comment } = person;
  return post('/people', {
    email,
    firstName,
    lastName,
    type,
    cultureName: culture,
    department,
    comment,
  });
}

/** POST /people/invite (P-INVITE-01), with `invitationMs` more for each person. */
export function inviteRequest(
  { people, culture }: Invitations,
  { invitationMs }: Timings,
): PortalRequest {
  const invitations = people.map(({ email, type }) => ({ email, type }));
  return {
    ...post('/people/invite', { invitations, culture }),
    extraMs: people.length * invitationMs,
  };
}
