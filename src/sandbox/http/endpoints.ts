import type { Traits } from '../faults/versions.ts';
import {
  addMembers,
  changeGroup,
  createGroup,
  deleteGroup,
  listGroups,
  readGroup,
  readGroupsOfPerson,
  removeMembers,
  replaceMembers,
} from '../groups/answer-groups.ts';
import {
  findByEmail,
  findNobody,
  personExists,
  readCultures,
  readInvitationSettings,
  readKeySelf,
  readQuota,
  readSelf,
  readSettings,
} from '../people/answer-reads.ts';
import { createPerson } from '../people/create-person.ts';
import { changeTypes } from '../people/employee-type-change.ts';
import { invitePeople, resendInvites } from '../people/invite-people.ts';
import { listPeople } from '../people/list-people.ts';
import { matchPath, type PathMatch } from './match-path.ts';
import { type Endpoint, FULL_READ } from './server-exchange.ts';

const ACCOUNTS_WRITE = ['*:write', 'accounts:write'];
/** Requests of an administrator that change people or groups. */
const CHANGE = { scopes: ACCOUNTS_WRITE, rates: 'change' } as const;
const ACCOUNTS_READ = ['*:read', 'accounts:read', ...ACCOUNTS_WRITE];
/** Groups are the one thing that `accounts:write` cannot read (P-GROUP-11). */
const GROUPS_READ = ['accounts:read', '*:read', '*:write'];
const SELF_READ = ['*:read', '*:write', 'accounts.self:read', 'accounts.self:write'];

/** Endpoints of the sandbox by method and lower-case path below /api/2.0. */
const endpoints: Readonly<Record<string, Endpoint>> = {
  'POST /people': { scopes: 'none', rates: 'create', act: createPerson },
  'GET /people': read({ scopes: ACCOUNTS_READ, act: listPeople }),
  'GET /people/filter': read({ scopes: ACCOUNTS_READ, act: listPeople }),
  'GET /people/exists': read({ scopes: 'none', open: ['unpaid'], act: personExists }),
  'GET /people/email': read({ scopes: ACCOUNTS_READ, act: findByEmail }),
  'GET /people/@self': read({ scopes: SELF_READ, open: ['unpaid'], act: readSelf }),
  'POST /people/invite': {
    scopes: ACCOUNTS_WRITE,
    policy: 'invitations',
    rates: 'invite',
    act: invitePeople,
  },
  'PUT /people/invite': { ...CHANGE, policy: 'sensitive', act: resendInvites },
  'PUT /people/type/{type}': { ...CHANGE, act: changeTypes },
  'GET /group': read({ scopes: GROUPS_READ, act: listGroups }),
  'POST /group': { ...CHANGE, act: createGroup },
  'GET /group/{id}': read({ scopes: GROUPS_READ, act: readGroup }),
  'PUT /group/{id}': { ...CHANGE, act: changeGroup },
  'DELETE /group/{id}': { ...CHANGE, hasNoBody: true, act: deleteGroup },
  'GET /group/user/{id}': read({ scopes: GROUPS_READ, act: readGroupsOfPerson }),
  'PUT /group/{id}/members': { ...CHANGE, act: addMembers },
  'POST /group/{id}/members': { ...CHANGE, act: replaceMembers },
  'DELETE /group/{id}/members': { ...CHANGE, act: removeMembers },
  'GET /keys/@self': read({ scopes: 'none', act: readKeySelf }),
  'GET /settings': read({
    scopes: 'settings',
    open: ['suspended', 'unpaid'],
    act: readSettings,
  }),
  'GET /settings/invitationsettings': read({ scopes: 'settings', act: readInvitationSettings }),
  'GET /settings/cultures': read({ scopes: 'settings', act: readCultures }),
  'GET /portal/payment/quota': read({
    scopes: FULL_READ,
    open: ['unpaid'],
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

/** An endpoint, its path in the table, and the parameter of the path. */
interface Route extends PathMatch {
  endpoint: Endpoint;
}

/** The endpoint of a method and a lower-case path below the API; undefined for an unknown path. */
export function routeOf(method: string, path: string, traits: Traits): Route | undefined {
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const [verb, template = ''] = name.split(' ');
    const match = verb === method ? matchPath(template, path) : undefined;
    if (match === undefined) continue;
    if (endpoint.act === readInvitationSettings && !traits.hasInvitationSettings) return undefined;
    return { ...match, endpoint: traits.isLegacy ? { ...endpoint, ...legacy[name] } : endpoint };
  }
  return undefined;
}
