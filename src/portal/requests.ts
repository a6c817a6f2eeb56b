import { z } from 'zod';
import type { Person } from '../people/person.ts';
import type { Timings } from '../timings.ts';
import type { RequestFacts, RequestKind } from './answer.ts';
import type { HttpRequest } from './exchange.ts';
import { type MeasuredInvitations, streamed } from './invite-body.ts';
import {
  invitationSettingsSchema,
  invitedSchema,
  keyInfoSchema,
  ownSettingsSchema,
  quotaSchema,
  settingsSchema,
} from './portal-facts.ts';
import { type AccountRole, accountSchema } from './wire.ts';

const API = '/api/2.0';

/** A request to the portal, before key and deadline are added; `T` is the value of its answer. */
export interface PortalRequest<T> extends Pick<HttpRequest, 'method' | 'path' | 'body'> {
  facts: RequestFacts;
  schema: z.ZodType<T>;
  /** Sent without the key. */
  isPublic?: true;
  /** Lengthens the deadline. */
  extraMs?: number;
}

function get<T>(kind: RequestKind, path: string, schema: z.ZodType<T>): PortalRequest<T> {
  return { facts: { kind }, method: 'GET', path: `${API}${path}`, schema };
}

/** Reads of facts about the key and the portal. */
export const reads = {
  whoami: get('whoami', '/keys/@self', keyInfoSchema),
  self: get('self', '/people/@self', accountSchema),
  settings: { ...get('settings', '/settings', settingsSchema), isPublic: true },
  ownSettings: get('own-settings', '/settings', ownSettingsSchema),
  invitationSettings: {
    ...get('invitation-settings', '/settings/invitationsettings', invitationSettingsSchema),
    isPublic: true,
  },
  quota: get('quota', '/portal/payment/quota', quotaSchema),
} as const;

/**
 * GET /people/email (P-LOOKUP-01), answered in English. An unescaped + would be read as
 * a space and give a false 404.
 */
export function lookupRequest(email: string) {
  const query = `email=${encodeURIComponent(email)}&culture=en-US`;
  return get('lookup', `/people/email?${query}`, accountSchema);
}

/**
 * POST /people (P-CREATE-01): `lastName` is sent even when empty (P-CREATE-05), `type` always
 * (P-ROLE-05). JSON leaves out what is undefined.
 */
export function personRequest({ culture: cultureName, ...person }: Person) {
  const { email, firstName, lastName, type, department, comment } = person;
  const body = { email, firstName, lastName, type, cultureName, department, comment };
  return {
    facts: { kind: 'create', type },
    method: 'POST',
    path: `${API}/people`,
    body: JSON.stringify(body),
    schema: accountSchema,
  } as const;
}

/** POST /people/invite (P-INVITE-01), with `invitationMs` more for each person. */
export function inviteRequest(invitations: MeasuredInvitations, { invitationMs }: Timings) {
  return {
    facts: { kind: 'invite' },
    method: 'POST',
    path: `${API}/people/invite`,
    body: streamed(invitations),
    schema: invitedSchema,
    extraMs: invitations.people * invitationMs,
  } as const;
}

/**
 * PUT /people/invite (P-INVITE-10): mails people again who have not set their password yet; others
 * are skipped. `invitationMs` more for each person.
 */
export function resendRequest(userIds: readonly string[], { invitationMs }: Timings) {
  return {
    facts: { kind: 'resend' },
    method: 'PUT',
    path: `${API}/people/invite`,
    body: JSON.stringify({ userIds, resendAll: false }),
    schema: z.unknown(),
    extraMs: userIds.length * invitationMs,
  } as const;
}

/** PUT /people/type (P-TYPE-01): gives accounts another type. */
export function typeRequest(type: AccountRole, userIds: readonly string[]) {
  return {
    facts: { kind: 'set-type' },
    method: 'PUT',
    path: `${API}/people/type/${type}`,
    body: JSON.stringify({ userIds }),
    schema: z.unknown(),
  } as const;
}
