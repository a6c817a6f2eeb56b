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

/** Endpoints of the sandbox by method and lower-case path below /api/2.0. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  'POST /people': { scopes: 'none', rates: 'create', act: createPerson },
  'GET /people/exists': { scopes: 'none', rates: 'read', open: ['unpaid'], act: personExists },
  'GET /people/email': { scopes: ACCOUNTS_READ, rates: 'read', act: findByEmail },
  'GET /people/@self': {
    scopes: SELF_READ,
    rates: 'read',
    open: ['moving', 'unpaid'],
    act: readSelf,
  },
  'POST /people/invite': {
    scopes: ACCOUNTS_WRITE,
    policy: 'invitations',
    rates: 'invite',
    act: invitePeople,
  },
  'PUT /people/invite': { scopes: ACCOUNTS_WRITE, policy: 'sensitive', act: resendInvites },
  'GET /keys/@self': { scopes: 'none', rates: 'read', open: ['moving'], act: readKeySelf },
  'GET /settings': {
    scopes: 'settings',
    rates: 'read',
    open: ['suspended', 'moving', 'unpaid'],
    act: readSettings,
  },
  'GET /settings/invitationsettings': {
    scopes: 'settings',
    rates: 'read',
    act: readInvitationSettings,
  },
  'GET /portal/payment/quota': {
    scopes: ['*:read', '*:write'],
    rates: 'read',
    open: ['moving', 'unpaid'],
    act: readQuota,
  },
};

/** Differences of portals up to 3.6.1 (P-VERSION-02). */
const legacy: Readonly<Record<string, Partial<Endpoint>>> = {
  // Early portals read the path as the person with the id "exists".
  'GET /people/exists': { act: findNobody },
  'GET /people/email': { scopes: 'none', open: ['unpaid'] },
  'GET /settings': { scopes: 'anonymous' },
  'GET /settings/invitationsettings': { scopes: 'anonymous' },
};

/** The endpoint of `METHOD path` in lower case; undefined for an unknown path. */
export function endpointOf(name: string, traits: Traits): Endpoint | undefined {
  const endpoint = endpoints[name];
  if (endpoint?.act === readInvitationSettings && !traits.hasInvitationSettings) return undefined;
  return endpoint && traits.isLegacy ? { ...endpoint, ...legacy[name] } : endpoint;
}
