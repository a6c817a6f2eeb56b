import type { Traits } from '../faults/versions.ts';
import {
  findByEmail,
  findNobody,
  personExists,
  readInvitationSettings,
  readKeySelf,
  readQuota,
  readSelf,
  readSettings,
} from '../people/answer-reads.ts';
import { createPerson } from '../people/create-person.ts';
import { invitePeople } from '../people/invite-people.ts';
import { resendInvites } from '../people/resend-invites.ts';
import type { Endpoint } from './server-exchange.ts';

const ACCOUNTS_WRITE = ['*:write', 'accounts:write'];
const ACCOUNTS_READ = ['*:read', 'accounts:read', ...ACCOUNTS_WRITE];
const SELF_READ = ['*:read', '*:write', 'accounts.self:read', 'accounts.self:write'];

const INVITATION_SETTINGS = 'GET /api/2.0/settings/invitationsettings';

/** Endpoints of the sandbox by method and lower-case path. */
const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['POST /api/2.0/people', { scopes: 'none', rates: 'create', act: createPerson }],
  [
    'GET /api/2.0/people/exists',
    { scopes: 'none', rates: 'read', open: ['unpaid'], act: personExists },
  ],
  ['GET /api/2.0/people/email', { scopes: ACCOUNTS_READ, rates: 'read', act: findByEmail }],
  [
    'GET /api/2.0/people/@self',
    { scopes: SELF_READ, rates: 'read', open: ['moving', 'unpaid'], act: readSelf },
  ],
  [
    'POST /api/2.0/people/invite',
    { scopes: ACCOUNTS_WRITE, policy: 'invitations', rates: 'invite', act: invitePeople },
  ],
  [
    'PUT /api/2.0/people/invite',
    { scopes: ACCOUNTS_WRITE, policy: 'sensitive', act: resendInvites },
  ],
  [
    'GET /api/2.0/keys/@self',
    { scopes: 'none', rates: 'read', open: ['moving'], act: readKeySelf },
  ],
  [
    'GET /api/2.0/settings',
    {
      scopes: 'settings',
      rates: 'read',
      open: ['suspended', 'moving', 'unpaid'],
      act: readSettings,
    },
  ],
  [INVITATION_SETTINGS, { scopes: 'settings', rates: 'read', act: readInvitationSettings }],
  [
    'GET /api/2.0/portal/payment/quota',
    { scopes: ['*:read', '*:write'], rates: 'read', open: ['moving', 'unpaid'], act: readQuota },
  ],
]);

/** Differences of portals up to 3.6.1 (P-VERSION-02). */
const legacy: ReadonlyMap<string, Partial<Endpoint>> = new Map<string, Partial<Endpoint>>([
  // Early portals read the path as the person with the id "exists".
  ['GET /api/2.0/people/exists', { act: findNobody }],
  ['GET /api/2.0/people/email', { scopes: 'none', open: ['unpaid'] }],
  ['GET /api/2.0/settings', { scopes: 'anonymous' }],
  [INVITATION_SETTINGS, { scopes: 'anonymous' }],
]);

/** The endpoint of `METHOD path` in lower case; undefined for an unknown path. */
export function endpointOf(name: string, traits: Traits): Endpoint | undefined {
  const endpoint = endpoints.get(name);
  if (name === INVITATION_SETTINGS && !traits.hasInvitationSettings) return undefined;
  if (endpoint === undefined || !traits.isLegacy) return endpoint;
  return { ...endpoint, ...legacy.get(name) };
}
