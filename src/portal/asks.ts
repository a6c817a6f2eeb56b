import type { AccountType } from '../account-types.ts';
import type { Person } from '../person.ts';
import type { Timings } from '../timings.ts';
import type { HttpRequest } from './request.ts';

const API = '/api/2.0';

/**
 * What to ask of the portal, before key and deadline are added: `isPublic` goes without the key,
 * `extraMs` lengthens the deadline.
 */
export type Ask = Omit<HttpRequest, 'headers' | 'timeoutMs'> & {
  isPublic?: true;
  extraMs?: number;
};

/** One invite: everybody in it is sent in a single request. */
export interface Invitations {
  people: readonly { email: string; type: AccountType }[];
  culture?: string;
}

/** A reading request; `path` is below /api/2.0. */
export function get(path: string): Ask {
  return { method: 'GET', path: `${API}${path}` };
}

function post(path: string, body: unknown): Ask {
  return { method: 'POST', path: `${API}${path}`, body: JSON.stringify(body) };
}

/**
 * GET /people/email (docspace-contract 2.2), answered in English. An unescaped + would be read as
 * a blank and give a false 404 (trap 21).
 */
export function lookupAsk(email: string): Ask {
  return get(`/people/email?email=${encodeURIComponent(email)}&culture=en-US`);
}

/**
 * POST /people (docspace-contract 2.1): `lastName` is sent even when empty (trap 7), `type` always
 * (trap 2).
 */
export function personAsk(person: Person): Ask {
  const { email, firstName, lastName, type, culture, department, comment } = person;
  return post('/people', {
    email,
    firstName,
    lastName,
    type,
    ...(culture === undefined ? {} : { cultureName: culture }),
    ...(department === undefined ? {} : { department }),
    ...(comment === undefined ? {} : { comment }),
  });
}

/** POST /people/invite (docspace-contract 2.6), with `invitationMs` more for each person. */
export function inviteAsk({ people, culture }: Invitations, { invitationMs }: Timings): Ask {
  const invitations = people.map(({ email, type }) => ({ email, type }));
  const body = { invitations, ...(culture === undefined ? {} : { culture }) };
  return {
    ...post('/people/invite', body),
    extraMs: people.length * invitationMs,
  };
}
