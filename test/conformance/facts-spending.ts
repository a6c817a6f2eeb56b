import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { create, type Fact, harmful, shapeA, thrown } from './fact.ts';
import { invite } from './facts-invites.ts';
import { idIn } from './probe.ts';

const EMAIL = 'ana@example.com';
const LOOKUP = `GET /people/email?email=${EMAIL}`;
const ADMINS = 'cd84e66b-b803-40fc-99f9-b2969a54a1de';
const GUESTS = 'aced04fa-dd96-4b35-af3e-346bf1eb972d';
const USERS = '88f11e7c-7407-4bea-b4cb-070010cdbb6b';
const EVERYONE = 'c5cc67d1-c3e8-43c0-a3ad-3928ae3e5b5e';
const ROOM_ADMINS = 'abef62db-11a8-4673-9d32-ef1d8af19dc0';
const HALF_MADE: SandboxOptions = { faults: { create: { error500Groupless: 1 } } };

function department(id: string, flags: object): Fact {
  return harmful('P-GROUP-12', `the system group ${id.slice(0, 8)} in a department`, {
    state: { limits: { adminSeats: 1 }, keys: [{ key: 'sk-rooms', permissions: ['rooms:read'] }] },
    observe: create({ department: [id] }),
    expected: { status: 200, response: flags },
  });
}

/** Invites that mail and promote, and groups that change roles. */
export const spending: readonly Fact[] = [
  harmful('P-INVITE-02', 'paid types are counted before anything is sent', {
    state: { limits: { adminSeats: 1 } },
    observe: async (portal) => [
      await invite(portal, [
        { email: 'b@example.com', type: 'User' },
        { email: EMAIL, type: 'RoomAdmin' },
      ]),
      (await portal.ask('GET /people')).json,
    ],
    expected: [shapeA(402, thrown.quota), { total: 1 }],
  }),
  harmful(
    'P-INVITE-03',
    'what comes before a refused entry stays, what comes after is not processed',
    {
      observe: async (portal) => {
        const emails = [EMAIL, 'bad@localhost', 'after@example.com'];
        const { status } = await invite(
          portal,
          emails.map((email) => ({ email, type: 'User' })),
        );
        const after = await portal.ask('GET /people/email?email=after@example.com');
        return [status, (await portal.ask(LOOKUP)).status, after.status];
      },
      expected: [400, 200, 404],
    },
  ),
  harmful('P-INVITE-06', 'a type that ranks higher promotes, All does not', {
    observe: async (portal) => {
      await portal.create({ email: EMAIL });
      await invite(portal, [{ email: EMAIL, type: 'All' }]);
      const before = (await portal.ask(LOOKUP)).response;
      await invite(portal, [{ email: EMAIL, type: 'RoomAdmin' }]);
      return [before, (await portal.ask(LOOKUP)).response];
    },
    expected: [{ isCollaborator: true }, { isRoomAdmin: true }],
  }),
  harmful('P-INVITE-14', 'an entry of type All finds no seat, and what comes before it stays', {
    state: { limits: { adminSeats: 1 } },
    observe: async (portal) => {
      await portal.create({ email: EMAIL });
      const entries = [{ email: 'new@example.com', type: 'User' }, { email: 'b@example.com' }];
      const { status } = await invite(portal, entries);
      return [status, (await portal.ask('GET /people')).json];
    },
    expected: [402, { total: 3 }],
  }),
  harmful('P-INVITE-13', 'a malformed culture makes the account of the invite', {
    observe: async (portal) => [
      await invite(portal, [{ email: EMAIL, type: 'User' }], 'x'),
      await portal.ask(LOOKUP),
    ],
    expected: [shapeA(400, thrown.culture), shapeA(400, thrown.culture)],
  }),
  harmful('P-INVITE-07', 'a new address is pending, without names', {
    observe: async (portal) => {
      const { response } = await invite(portal, [{ email: EMAIL, type: 'User' }]);
      return [response, (await portal.ask(LOOKUP)).response];
    },
    expected: [[{ displayName: EMAIL }], { status: 4, firstName: '', lastName: '' }],
  }),
  harmful('P-INVITE-07', 'a new address of type 99 is a RoomAdmin', {
    observe: async (portal) => {
      await invite(portal, [{ email: EMAIL, type: 99 }]);
      return (await portal.ask(LOOKUP)).response;
    },
    expected: { isRoomAdmin: true },
  }),
  harmful('P-INVITE-11', 'the same address twice is one account', {
    observe: async (portal) => {
      const entry = { email: EMAIL, type: 'User' };
      return (await invite(portal, [entry, entry])).json;
    },
    expected: { count: 1 },
  }),
  department(ADMINS, { isAdmin: true, isCollaborator: false }),
  department(GUESTS, { isVisitor: true, isCollaborator: false }),
  ...[USERS, EVERYONE, ROOM_ADMINS].map((id) => department(id, { isCollaborator: true })),
  harmful('P-GROUP-13', 'the group of Users makes a half-made account a User', {
    state: HALF_MADE,
    observe: async (portal) => {
      await portal.create({ email: EMAIL });
      const members = [idIn(await portal.ask(LOOKUP))];
      const { response } = await portal.ask(`PUT /group/${USERS}/members`, { body: { members } });
      return [response, (await portal.ask(LOOKUP)).response];
    },
    expected: [{ members: [{ email: EMAIL }] }, { isRoomAdmin: false, isCollaborator: true }],
  }),
  harmful(
    'P-TYPE-02',
    'the type of a half-made account is refused, and an invite changes nothing',
    {
      state: HALF_MADE,
      observe: async (portal) => {
        await portal.create({ email: EMAIL });
        const userIds = [idIn(await portal.ask(LOOKUP))];
        const changed = await portal.ask('PUT /people/type/User', { body: { userIds } });
        const { status } = await invite(portal, [{ email: EMAIL, type: 'User' }]);
        return [changed, status, (await portal.ask(LOOKUP)).response];
      },
      expected: [shapeA(403, thrown.security), 200, { isRoomAdmin: true }],
    },
  ),
  harmful('P-TYPE-01', 'an ordinary RoomAdmin becomes a User', {
    observe: async (portal) => {
      const userIds = [idIn(await portal.create({ type: 'RoomAdmin' }))];
      return (await portal.ask('PUT /people/type/User', { body: { userIds } })).response;
    },
    expected: [{ isCollaborator: true, isRoomAdmin: false }],
  }),
];
