import { createPerson } from './create-person.ts';
import type { Endpoint } from './exchange.ts';
import { invitePeople } from './invite.ts';
import {
  findByEmail,
  findNobody,
  personExists,
  readInvitationSettings,
  readKeySelf,
  readQuota,
  readSelf,
  readSettings,
} from './reads.ts';
import { resendInvites } from './resend.ts';
import type { Traits } from './versions.ts';

const ACCOUNTS_WRITE = ['*:write', 'accounts:write'];
const ACCOUNTS_READ = ['*:read', 'accounts:read', ...ACCOUNTS_WRITE];
const SELF_READ = ['*:read', '*:write', 'accounts.self:read', 'accounts.self:write'];

const INVITATION_SETTINGS = 'GET /api/2.0/settings/invitationsettings';

/** What of a real portal's API the sandbox has, by method and lower-case path. */
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

/** What portals up to 3.6.1 have in other form (P-VERSION-02). */
const legacy: ReadonlyMap<string, Partial<Endpoint>> = new Map<string, Partial<Endpoint>>([
  // There the path means the person with the id "exists".
  ['GET /api/2.0/people/exists', { act: findNobody }],
  ['GET /api/2.0/people/email', { scopes: 'none', open: ['unpaid'] }],
  ['GET /api/2.0/settings', { scopes: 'anonymous' }],
  [INVITATION_SETTINGS, { scopes: 'anonymous' }],
]);

/** The endpoint behind `METHOD path`, with a path in lower case; undefined where there is none. */
export function endpointOf(name: string, traits: Traits): Endpoint | undefined {
  const endpoint = endpoints.get(name);
  if (name === INVITATION_SETTINGS && !traits.hasInvitationSettings) return undefined;
  if (endpoint === undefined || !traits.isLegacy) return endpoint;
  return { ...endpoint, ...legacy.get(name) };
}
