import type { SandboxOptions } from '../../src/sandbox/sandbox.ts';
import { ask, create, type Fact, harmful, shapeA, thrown } from './fact.ts';
import { invite } from './facts-invites.ts';
import type { Probe, Seen } from './probe.ts';

const EMAIL = 'ana@example.com';
const LOOKUP = `GET /people/email?email=${EMAIL}`;
/** Long enough for two requests sent together to be under their locks together. */
const MEETING_MS = 150;

async function bothStatuses(seen: readonly Promise<Seen>[]): Promise<number[]> {
  return (await Promise.all(seen)).map(({ status }) => status).sort();
}

async function readAfter(portal: Probe, creation: Promise<Seen>): Promise<unknown> {
  const status = await creation.then(
    (seen) => seen.status,
    () => 'cut',
  );
  return [status, (await portal.ask(LOOKUP)).response];
}

/** A creation whose client goes away. */
function leaving(portal: Probe, leaveAfterMs: number): Promise<string> {
  return portal.create({ email: EMAIL }, { leaveAfterMs }).then(
    () => 'stayed',
    () => 'left',
  );
}

function leftBehind(kind: 'error500Groupless' | 'halfMade', status: number | string): Fact {
  return harmful('P-CREATE-13', `${kind}: the account is there, without its group`, {
    state: { faults: { create: { [kind]: 1 } } },
    observe: (portal) => readAfter(portal, portal.create({ email: EMAIL })),
    expected: [status, { isRoomAdmin: true, isCollaborator: false }],
  });
}

const GRACE: SandboxOptions = { faults: { tariff: 'grace' } };

/** Creations and races with an effect that nobody wants on a portal in use. */
export const people: readonly Fact[] = [
  harmful('P-CREATE-03', 'a portal that forbids members refuses like a missing role', {
    state: { allowInvitingMembers: false },
    observe: create({}),
    expected: shapeA(403, thrown.security, 'Access denied'),
  }),
  harmful('P-CREATE-07', 'the user name of a second info is info1', {
    state: { existing: ['info@a.example'] },
    observe: create({ email: 'info@b.example' }),
    expected: { response: { userName: 'info1' } },
  }),
  harmful('P-CREATE-08', 'a lock that is not obtained is a 500, and nothing is stored', {
    state: { lockWaitMs: 20, faults: { outages: [{ kind: 'lock', lastsMs: 60_000 }] } },
    observe: async (portal) => [await portal.create({ email: EMAIL }), await portal.ask(LOOKUP)],
    expected: [shapeA(500, /\.DistributedLockException$/), { status: 404 }],
  }),
  ...(['User', 'RoomAdmin'] as const).map((type) =>
    harmful('P-CREATE-09', `the days of grace refuse a ${type}`, {
      state: GRACE,
      observe: create({ type }),
      expected: shapeA(402, thrown.billing),
    }),
  ),
  harmful('P-CREATE-09', 'the days of grace refuse the invite of a new address', {
    state: GRACE,
    observe: (portal) => invite(portal, [{ email: EMAIL, type: 'User' }]),
    expected: shapeA(402, thrown.billing),
  }),
  ...['RoomAdmin', 'DocSpaceAdmin', 'All'].map((type) =>
    harmful('P-CREATE-10', `without a seat, the type ${type} becomes a User`, {
      state: { limits: { adminSeats: 1 } },
      observe: create({ type }),
      expected: { status: 200, response: { isRoomAdmin: false, isCollaborator: true } },
    }),
  ),
  harmful('P-CREATE-12', 'more than 20 characters for the culture make no account', {
    observe: create({ cultureName: `de-${'a'.repeat(18)}` }),
    expected: shapeA(400, thrown.argument, /^The field CultureName .* '20'\.$/),
  }),
  harmful('P-CREATE-20', 'a limit of Users counts Guests', {
    state: { limits: { userSeats: 1 }, faults: { guests: 1 } },
    observe: create({}),
    expected: shapeA(402, thrown.quota),
  }),
  harmful('P-CREATE-11', 'a duplicate under the lock is found by its user name', {
    state: { lockServiceMs: MEETING_MS },
    observe: async (portal) => {
      const seen = await Promise.all([1, 2].map(() => portal.create({ email: EMAIL })));
      return seen.find(({ status }) => status !== 200);
    },
    expected: shapeA(400, thrown.argument, 'Duplicate UserName'),
  }),
  leftBehind('error500Groupless', 500),
  leftBehind('halfMade', 'cut'),
  harmful('P-CREATE-14', 'a malformed culture fails after the account is stored, forever', {
    observe: async (portal) => [
      await portal.create({ email: EMAIL, cultureName: 'x' }),
      await portal.ask(LOOKUP),
      await portal.ask('GET /people'),
      await portal.create({ email: EMAIL }),
    ],
    expected: [...Array(3).fill(shapeA(400, thrown.culture)), shapeA(400, thrown.argument)],
  }),
  harmful('P-CREATE-14', 'a well-formed unknown culture is read as the default', {
    observe: create({ cultureName: 'zz-ZZZZZ' }),
    expected: { status: 200, response: { cultureName: 'en-US', isCollaborator: true } },
  }),
  harmful('P-CREATE-16', 'a client that leaves before its body is read prevents the creation', {
    state: { latencyMs: 300 },
    observe: async (portal) => [await leaving(portal, 50), (await portal.ask(LOOKUP)).status],
    expected: ['left', 404],
  }),
  harmful('P-CREATE-16', 'a client that leaves later does not', {
    state: { lockServiceMs: 500 },
    observe: async (portal) => {
      const end = await leaving(portal, 250);
      let { status } = await portal.ask(LOOKUP);
      for (let tries = 500; status === 404 && tries > 0; tries -= 1) {
        status = (await portal.ask(LOOKUP)).status;
      }
      return [end, status];
    },
    expected: ['left', 200],
  }),
  harmful('P-LOOKUP-03', 'a disabled account is found and counts as existing', {
    state: { disabled: [EMAIL] },
    observe: async (portal) => [
      await portal.ask(LOOKUP),
      await portal.create({ email: EMAIL }),
      await invite(portal, [{ email: EMAIL, type: 'User' }]),
    ],
    expected: [
      { status: 200, response: { status: 2 } },
      shapeA(400, thrown.argument),
      shapeA(400, thrown.argument, /: ana@example\.com$/),
    ],
  }),
  harmful('P-RACE-01', 'a User and a RoomAdmin of one address at the same time are two accounts', {
    state: { lockServiceMs: MEETING_MS },
    observe: async (portal) => {
      const types = ['User', 'RoomAdmin'];
      const seen = types.map((type) => portal.create({ email: EMAIL, type }));
      return [await bothStatuses(seen), (await portal.ask('GET /people')).json];
    },
    expected: [[200, 200], { total: 3 }],
  }),
  harmful('P-RACE-01', 'ten creations of one User at the same time are one account', {
    state: { lockServiceMs: 5 },
    observe: async (portal) => {
      await Promise.all(Array.from({ length: 10 }, () => portal.create({ email: EMAIL })));
      return (await portal.ask('GET /people')).json;
    },
    expected: { total: 2 },
  }),
  harmful('P-RACE-02', 'the loser of a race gets one of three answers', {
    state: { latencyMs: MEETING_MS },
    observe: async (portal) => {
      const seen = await Promise.all([1, 2].map(() => portal.create({ email: EMAIL })));
      return seen.find(({ status }) => status !== 200)?.json;
    },
    expected: { error: { message: /^User already exist\.$|^Duplicate UserName$|registered$/ } },
  }),
  harmful('P-RACE-03', 'two people of the same local part race, and a second attempt succeeds', {
    state: { lockServiceMs: MEETING_MS },
    observe: async (portal) => {
      const both = ['info@a.example', 'info@b.example'];
      const seen = await bothStatuses(both.map((email) => portal.create({ email })));
      return [seen, await bothStatuses(both.map((email) => portal.create({ email })))];
    },
    expected: [
      [200, 400],
      [200, 400],
    ],
  }),
  harmful('P-RACE-04', 'an account is a RoomAdmin until it has its group', {
    state: { faults: { groupDelayMs: MEETING_MS } },
    observe: async (portal) => {
      const creation = portal.create({ email: EMAIL });
      let seen = await portal.ask(LOOKUP);
      while (seen.status === 404) seen = await portal.ask(LOOKUP);
      return [seen.response, (await creation).response];
    },
    expected: [{ isRoomAdmin: true }, { isCollaborator: true }],
  }),
  harmful('P-LOOKUP-07', 'the answer about someone who exists has the status', {
    state: { disabled: [EMAIL] },
    observe: ask(`GET /people/exists?email=${EMAIL}`),
    expected: { response: { exists: true, status: 2 } },
  }),
];
