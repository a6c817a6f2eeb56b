import {
  anyNumber,
  anyText,
  ask,
  create,
  empty,
  type Fact,
  shapeA,
  shapeB,
  thrown,
} from './fact.ts';
import { addressIn, field, idIn, type Probe, type Seen } from './probe.ts';

const ZERO = '00000000-0000-0000-0000-000000000000';
const NOBODY = '5a1f0c2e-0000-4000-8000-000000000001';

async function withAna(portal: Probe): Promise<{ group: string; ana: string }> {
  const ana = idIn(await portal.ana());
  return { ana, group: idIn(await portal.addGroup({ members: [ana] })) };
}

const memberIds = (seen: Seen): unknown => {
  const members = field(seen.response, 'members');
  return Array.isArray(members) ? members.map((one) => field(one, 'id')) : members;
};

/** A department that is no GUID with hyphens. */
function badDepartment(id: string): Fact {
  const says = `the department "${id.slice(0, 12)}…" does not convert`;
  const observe = create({ department: [id] });
  return { id: 'P-GROUP-14', says, risk: 'safe', observe, expected: shapeB('$.department[0]') };
}

/** Groups; all of them are deleted at the end. */
export const groups: readonly Fact[] = [
  {
    id: 'P-GROUP-01',
    says: 'a new group comes back whole',
    risk: 'safe',
    observe: async (portal) => portal.addGroup({ members: [idIn(await portal.ana())] }),
    expected: {
      status: 200,
      response: {
        ...{ name: anyText, id: anyText, parent: ZERO, category: ZERO, isLDAP: false },
        ...{ members: [{ isCollaborator: true, email: anyText }], membersCount: 1 },
      },
    },
  },
  {
    id: 'P-GROUP-01',
    says: 'the same name makes a second group',
    risk: 'safe',
    observe: async (portal) => {
      const groupName = portal.groupName();
      const [one, other] = [
        await portal.addGroup({ groupName }),
        await portal.addGroup({ groupName }),
      ];
      return [one.status, other.status, idIn(one) !== idIn(other)];
    },
    expected: [200, 200, true],
  },
  {
    id: 'P-GROUP-02',
    says: 'an empty name is refused',
    risk: 'safe',
    observe: ask('POST /group', { body: { groupName: '' } }),
    expected: shapeB('GroupName'),
  },
  {
    id: 'P-GROUP-02',
    says: 'a name of 129 characters is refused',
    risk: 'safe',
    observe: ask('POST /group', { body: { groupName: 'g'.repeat(129) } }),
    expected: shapeB('GroupName'),
  },
  {
    id: 'P-GROUP-02',
    says: 'a missing name is refused',
    risk: 'safe',
    observe: ask('POST /group', { body: {} }),
    expected: shapeB('$'),
  },
  {
    id: 'P-GROUP-02',
    says: 'a letter beyond the BMP is stored as ?',
    risk: 'safe',
    observe: async (portal) => {
      const id = idIn(await portal.addGroup({ groupName: `${portal.groupName()} 🎉` }));
      return (await portal.ask(`GET /group/${id}`)).response;
    },
    expected: { name: /^conformance .* \?$/ },
  },
  {
    id: 'P-GROUP-03',
    says: 'an unknown member makes no group',
    risk: 'safe',
    observe: (portal) => portal.addGroup({ members: [NOBODY] }),
    expected: shapeA(400, thrown.argument),
  },
  {
    id: 'P-GROUP-03',
    says: 'a member that is no GUID does not convert',
    risk: 'safe',
    observe: (portal) => portal.addGroup({ members: ['x'] }),
    expected: shapeB('$.members[0]'),
  },
  {
    id: 'P-GROUP-04',
    says: 'the list finds any part of a name in any case, without members',
    risk: 'safe',
    observe: async (portal) => {
      const groupName = portal.groupName();
      await portal.addGroup({ groupName });
      const filter = encodeURIComponent(groupName.slice(3).toUpperCase());
      return (await portal.ask(`GET /group?filterValue=${filter}&count=1&startIndex=0`)).json;
    },
    expected: { count: 1, total: 1, response: [{ membersCount: 0, members: undefined }] },
  },
  {
    id: 'P-GROUP-04',
    says: 'a page has at most 100 groups',
    risk: 'sandbox-only',
    state: { groups: Array.from({ length: 103 }, (_, index) => `Group ${index}`) },
    observe: ask('GET /group?count=103'),
    expected: { json: { count: 100, total: 103 } },
  },
  {
    id: 'P-GROUP-05',
    says: 'one group can be read without its members',
    risk: 'safe',
    observe: async (portal) => {
      const { group } = await withAna(portal);
      return (await portal.ask(`GET /group/${group}?includeMembers=false`)).response;
    },
    expected: { name: anyText, members: undefined, membersCount: 1 },
  },
  {
    id: 'P-GROUP-05',
    says: 'an unknown group is a 404 in shape A',
    risk: 'safe',
    observe: ask(`GET /group/${NOBODY}`),
    expected: shapeA(404, thrown.notFound),
  },
  {
    id: 'P-GROUP-05',
    says: 'an id that is no GUID is an empty 404',
    risk: 'safe',
    observe: ask('GET /group/conformance'),
    expected: empty(404),
  },
  {
    id: 'P-GROUP-06',
    says: 'members are added once, and unknown ids are ignored',
    risk: 'safe',
    observe: async (portal) => {
      const { group, ana } = await withAna(portal);
      const body = { members: [ana, NOBODY] };
      const seen = await portal.ask(`PUT /group/${group}/members`, { body });
      return [seen.status, JSON.stringify(memberIds(seen)) === JSON.stringify([ana])];
    },
    expected: [200, true],
  },
  {
    id: 'P-GROUP-06',
    says: 'members cannot be missing',
    risk: 'safe',
    observe: async (portal) => {
      const { group } = await withAna(portal);
      return portal.ask(`PUT /group/${group}/members`, { body: {} });
    },
    expected: shapeA(500, thrown.nullReference),
  },
  {
    id: 'P-GROUP-07',
    says: 'a POST replaces the members',
    risk: 'safe',
    observe: async (portal) => {
      const { group } = await withAna(portal);
      return memberIds(await portal.ask(`POST /group/${group}/members`, { body: { members: [] } }));
    },
    expected: [],
  },
  {
    id: 'P-GROUP-08',
    says: 'members and groups are removed with 204',
    risk: 'safe',
    observe: async (portal) => {
      const { group, ana } = await withAna(portal);
      const body = { members: [ana] };
      const removed = await portal.ask(`DELETE /group/${group}/members`, { body });
      const deleted = await portal.ask(`DELETE /group/${group}`);
      return [removed.status, deleted.status, (await portal.ask(`GET /group/${group}`)).status];
    },
    expected: [204, 204, 404],
  },
  {
    id: 'P-GROUP-09',
    says: 'a PUT changes the name and the members',
    risk: 'safe',
    observe: async (portal) => {
      const { group, ana } = await withAna(portal);
      const body = { groupName: portal.groupName(), membersToRemove: [ana] };
      return [body.groupName, (await portal.ask(`PUT /group/${group}`, { body })).response];
    },
    expected: [anyText, { members: [], membersCount: 0 }],
  },
  {
    id: 'P-GROUP-10',
    says: 'a person lists the groups by id and name',
    risk: 'safe',
    observe: async (portal) => {
      const { group, ana } = await withAna(portal);
      const { response } = await portal.ask(`GET /group/user/${ana}`);
      return Array.isArray(response) && response.find((one) => field(one, 'id') === group);
    },
    expected: { id: anyText, name: /^conformance / },
  },
  badDepartment('conformance'),
  badDepartment(`{${NOBODY}}`),
  {
    id: 'P-GROUP-14',
    says: 'a known department comes back once as group and as name, an unknown one not at all',
    risk: 'safe',
    observe: async (portal) => {
      const group = idIn(await portal.addGroup());
      const department = [group.toUpperCase(), NOBODY, group, ZERO];
      const made = await portal.create({ department });
      const read = await portal.ask(`GET /people/email?email=${addressIn(made)}`);
      return [made.response, read.response];
    },
    expected: Array(2).fill({
      department: /^conformance /,
      groups: [{ id: anyText, name: anyText }],
    }),
  },
  {
    id: 'P-TYPE-01',
    says: 'a change to the same type answers with the account in a streamed list',
    risk: 'safe',
    observe: async (portal) => {
      const body = { userIds: [idIn(await portal.ana())] };
      return (await portal.ask('PUT /people/type/User', { body })).json;
    },
    expected: { response: [{ isCollaborator: true, email: anyText }], count: anyNumber },
  },
];
