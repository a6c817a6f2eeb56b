import { createPerson } from './create-person.ts';
import type { Endpoint } from './exchange.ts';
import { invitePeople } from './invite.ts';
import { findByEmail, personExists, readKeySelf, readSelf, readSettings } from './reads.ts';
import { resendInvites } from './resend.ts';

const ACCOUNTS_WRITE = ['*:write', 'accounts:write'];
const ACCOUNTS_READ = ['*:read', 'accounts:read', ...ACCOUNTS_WRITE];
const SELF_READ = ['*:read', '*:write', 'accounts.self:read', 'accounts.self:write'];

/** What of a real portal's API the sandbox has, by method and lower-case path. */
export const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  ['POST /api/2.0/people', { scopes: 'none', act: createPerson }],
  ['GET /api/2.0/people/exists', { scopes: 'none', act: personExists }],
  ['GET /api/2.0/people/email', { scopes: ACCOUNTS_READ, act: findByEmail }],
  ['GET /api/2.0/people/@self', { scopes: SELF_READ, act: readSelf }],
  [
    'POST /api/2.0/people/invite',
    { scopes: ACCOUNTS_WRITE, policy: 'invitations', act: invitePeople },
  ],
  [
    'PUT /api/2.0/people/invite',
    { scopes: ACCOUNTS_WRITE, policy: 'sensitive', act: resendInvites },
  ],
  ['GET /api/2.0/keys/@self', { scopes: 'none', act: readKeySelf }],
  ['GET /api/2.0/settings', { scopes: 'settings', act: readSettings }],
]);
