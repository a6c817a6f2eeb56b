import type { SandboxKey } from '../../src/sandbox/people/api-keys.ts';
import { ask, create, empty, type Fact, inTurn, shapeA, shapeC, thrown } from './fact.ts';
import { invite } from './facts-invites.ts';
import { field, type Probe } from './probe.ts';

const SELF = 'GET /people/@self';
const LOOKUP = 'GET /people/email?email=nobody@example.com';

const scoped = (...permissions: string[]): SandboxKey => ({ key: 'sk-scoped', permissions });

/** Statuses of the requests that a key of these scopes gets. */
function scopes(id: string, permissions: string[], expected: Record<string, number>): Fact {
  return {
    id,
    says: `${permissions.join(' and ')} decides who may ask what`,
    risk: 'sandbox-only',
    state: { keys: [scoped(...permissions)] },
    observe: async (portal) => {
      const seen: Record<string, number> = {};
      for (const request of Object.keys(expected)) seen[request] = await statusOf(portal, request);
      return seen;
    },
    expected,
  };
}

async function statusOf(portal: Probe, request: string): Promise<number> {
  if (request === 'POST /people') return (await portal.create()).status;
  const body =
    request === 'POST /group' ? { groupName: 'A' } : { invitations: [], resendAll: true };
  return (await portal.ask(request, request.startsWith('GET') ? {} : { body })).status;
}

/** A creation by the owner of a key with this role. */
function byRole(role: SandboxKey['role'], type: string, expected: object): Fact {
  return {
    id: 'P-ROLE-06',
    says: `a ${role} asks for a ${type}`,
    risk: 'sandbox-only',
    state: { keys: [{ key: 'sk-role', ...(role && { role }) }] },
    observe: create({ type }),
    expected,
  };
}

const forbidden = (type: string): object => shapeA(403, type, 'Access denied');

/** Keys and roles, which need several keys or paid seats. */
export const keys: readonly Fact[] = [
  {
    id: 'P-ERROR-08',
    says: 'the sentence of a bad name is in the language of the key',
    risk: 'sandbox-only',
    state: { keys: [{ key: 'sk-german', role: 'DocSpaceAdmin', culture: 'de' }] },
    observe: create({ firstName: '1' }),
    expected: shapeA(400, thrown.argument, /Vorname/),
  },
  {
    id: 'P-ERROR-08',
    says: 'Access denied and the texts of shape B are English for everybody',
    risk: 'sandbox-only',
    state: { keys: [{ key: 'sk-german', role: 'DocSpaceAdmin', culture: 'de' }] },
    observe: async (portal) => [
      await portal.create({ type: 'Guest' }),
      (await portal.create({ email: 'x' })).response,
    ],
    expected: [forbidden(thrown.security), { errors: { Email: [/^The Email field/] } }],
  },
  {
    id: 'P-LOOKUP-10',
    says: 'a User finds only themselves',
    risk: 'sandbox-only',
    state: { existing: ['old@example.com'], keys: [{ key: 'sk-user', role: 'User' }] },
    observe: async (portal) => [
      await portal.ask('GET /people/email?email=old@example.com'),
      await portal.ask('GET /people/email?email=user@sandbox.example'),
    ],
    expected: [forbidden(thrown.security), { status: 200 }],
  },
  {
    id: 'P-LOOKUP-10',
    says: 'a RoomAdmin does not see who made an account',
    risk: 'sandbox-only',
    state: { keys: [{ key: 'sk-room', role: 'RoomAdmin' }] },
    observe: create({}),
    expected: { status: 200, response: { createdBy: undefined } },
  },
  {
    id: 'P-INVITE-04',
    says: 'a RoomAdmin invites no RoomAdmin',
    risk: 'sandbox-only',
    state: { keys: [{ key: 'sk-room', role: 'RoomAdmin' }] },
    observe: (portal) => invite(portal, [{ email: 'new@example.com', type: 'RoomAdmin' }]),
    expected: forbidden(thrown.security),
  },
  {
    id: 'P-INVITE-14',
    says: 'a User resends to nobody else',
    risk: 'sandbox-only',
    state: { keys: [{ key: 'sk-user', role: 'User' }] },
    observe: ask('PUT /people/invite', { body: { resendAll: true } }),
    expected: forbidden(thrown.security),
  },
  ...[{ isActive: false }, { expiresAt: 1 }].map(
    (state): Fact => ({
      id: 'P-KEY-03',
      says: `a key with ${Object.keys(state)} is rejected`,
      risk: 'sandbox-only',
      state: { keys: [{ key: 'sk-old', ...state }] },
      observe: ask(SELF),
      expected: empty(401),
    }),
  ),
  {
    id: 'P-KEY-04',
    says: 'a key with * holds everything, and lists nothing',
    risk: 'sandbox-only',
    state: { keys: [scoped('*')] },
    observe: ask('GET /keys/@self'),
    expected: { response: { permissions: [] } },
  },
  scopes('P-KEY-05', ['accounts:read'], { [LOOKUP]: 404, 'POST /people/invite': 403, [SELF]: 403 }),
  scopes('P-KEY-05', ['accounts:write'], {
    ...{ [LOOKUP]: 404, 'POST /people/invite': 200, 'PUT /people/invite': 200 },
    ...{ [SELF]: 403, 'GET /keys/@self': 200 },
  }),
  scopes('P-KEY-05', ['accounts.self:read'], { [SELF]: 200, [LOOKUP]: 403 }),
  scopes('P-KEY-06', ['rooms:read'], {
    ...{ 'POST /people': 200, 'GET /people/exists?email=nobody@example.com': 200 },
    [LOOKUP]: 403,
  }),
  {
    id: 'P-KEY-07',
    says: 'a key can expire in the middle',
    risk: 'sandbox-only',
    state: { faults: { keyExpiresAfter: 1 } },
    observe: (portal) => inTurn([() => portal.ask(SELF), () => portal.ask(SELF)]),
    expected: [200, 401],
  },
  {
    id: 'P-KEY-08',
    says: 'a missing scope is empty, on anonymous endpoints it has shape C',
    risk: 'sandbox-only',
    state: { keys: [scoped('accounts:write')] },
    observe: async (portal) => [await portal.ask(SELF), await portal.ask('GET /settings')],
    expected: [empty(403), shapeC(403)],
  },
  scopes('P-GROUP-11', ['accounts:write'], { 'GET /group': 403, 'POST /group': 200 }),
  scopes('P-GROUP-11', ['accounts:read'], { 'GET /group': 200, 'POST /group': 403 }),
  ...(
    [
      ['RoomAdmin', 1],
      ['DocSpaceAdmin', 3],
      ['User', 4],
    ] as const
  ).map(
    ([type, number]): Fact => ({
      id: 'P-ROLE-01',
      says: `the number ${number} is a ${type}`,
      risk: 'sandbox-only',
      observe: create({ type: number }),
      expected: {
        response: {
          isRoomAdmin: type === 'RoomAdmin',
          isAdmin: type === 'DocSpaceAdmin',
          isCollaborator: type === 'User',
        },
      },
    }),
  ),
  {
    id: 'P-ROLE-02',
    says: 'a disabled account has the status 2, an invited one 4',
    risk: 'sandbox-only',
    state: { disabled: ['gone@example.com'] },
    observe: async (portal) => {
      await invite(portal, [{ email: 'new@example.com', type: 'User' }]);
      const requests = ['gone', 'new'].map(
        (name) => `GET /people/exists?email=${name}@example.com`,
      );
      const seen = await Promise.all(requests.map((request) => portal.ask(request)));
      return seen.map(({ response }) => field(response, 'status'));
    },
    expected: [2, 4],
  },
  {
    id: 'P-ROLE-03',
    says: 'the owner is no administrator by flag',
    risk: 'sandbox-only',
    observe: ask(SELF),
    expected: { response: { isOwner: true, isAdmin: false } },
  },
  {
    id: 'P-ROLE-04',
    says: 'an account without a group is a RoomAdmin on a paid seat',
    risk: 'sandbox-only',
    state: { limits: { adminSeats: 2 } },
    observe: async (portal) => {
      const first = await portal.create({ type: 'All' });
      return [first.response, (await portal.create({ type: 'RoomAdmin' })).response];
    },
    expected: [{ isRoomAdmin: true }, { isCollaborator: true }],
  },
  ...[undefined, 'All', 0, 99, -1].map(
    (type): Fact => ({
      id: 'P-ROLE-05',
      says: `the type ${type} creates a RoomAdmin`,
      risk: 'sandbox-only',
      observe: create({ type }),
      expected: { status: 200, response: { isRoomAdmin: true } },
    }),
  ),
  byRole('RoomAdmin', 'User', { status: 200 }),
  byRole('RoomAdmin', 'RoomAdmin', forbidden(thrown.authorizing)),
  byRole('RoomAdmin', 'All', forbidden(thrown.authorizing)),
  byRole('DocSpaceAdmin', 'RoomAdmin', { status: 200 }),
  byRole('DocSpaceAdmin', 'DocSpaceAdmin', forbidden(thrown.security)),
  byRole('owner', 'DocSpaceAdmin', { status: 200 }),
  byRole('User', 'User', forbidden(thrown.authorizing)),
];
