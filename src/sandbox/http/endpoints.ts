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
import { invitePeople, resendInvites } from '../people/invite-people.ts';
import { type Endpoint, FULL_READ } from './server-exchange.ts';

const ACCOUNTS_WRITE = ['*:write', 'accounts:write'];
const ACCOUNTS_READ = ['*:read', 'accounts:read', ...ACCOUNTS_WRITE];
const SELF_READ = ['*:read', '*:write', 'accounts.self:read', 'accounts.self:write'];

/** Endpoints of the sandbox by method and lower-case path below /api/2.0. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  'POST /people': { scopes: 'none', rates: 'create', act: createPerson },
  'GET /people/exists': read({ scopes: 'none', open: ['unpaid'], act: personExists }),
  'GET /people/email': read({ scopes: ACCOUNTS_READ, act: findByEmail }),
  'GET /people/@self': read({ scopes: SELF_READ, open: ['moving', 'unpaid'], act: readSelf }),
  'POST /people/invite': {
    scopes: ACCOUNTS_WRITE,
    policy: 'invitations',
    rates: 'invite',
    act: invitePeople,
  },
  'PUT /people/invite': { scopes: ACCOUNTS_WRITE, policy: 'sensitive', act: resendInvites },
  'GET /keys/@self': read({ scopes: 'none', open: ['moving'], act: readKeySelf }),
  'GET /settings': read({
    scopes: 'settings',
    open: ['suspended', 'moving', 'unpaid'],
    act: readSettings,
  }),
  'GET /settings/invitationsettings': read({ scopes: 'settings', act: readInvitationSettings }),
  'GET /portal/payment/quota': read({
    scopes: FULL_READ,
    open: ['moving', 'unpaid'],
    act: readQuota,
  }),
};

function read(endpoint: Endpoint): Endpoint {
  return { ...endpoint, rates: 'read' };
}

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
