import { anyText, ask, type Fact, shapeA, shapeB, thrown } from './fact.ts';
import { addressIn, field, idIn, type Probe, type Seen } from './probe.ts';

const NOBODY = '5a1f0c2e-0000-4000-8000-000000000001';

export function invite(portal: Probe, invitations: unknown, culture?: string): Promise<Seen> {
  const body = { invitations, ...(culture !== undefined && { culture }) };
  return portal.ask('POST /people/invite', { body });
}

/** An address that the invite refuses, alone in its request: nobody is created. */
function refusedAddress(email: string, id = 'P-INVITE-05', message?: string): Fact {
  return {
    id,
    says: `an invite of ${email.replace(/(.)\1{9,}/, (run, one) => `${run.length} × ${one} `)} is refused`,
    risk: 'safe',
    observe: (portal) => invite(portal, [{ email, type: 'User' }]),
    expected: shapeA(400, thrown.argument, message),
  };
}

/** Invites that create nobody. */
export const invites: readonly Fact[] = [
  {
    id: 'P-INVITE-01',
    says: 'the list of invitations is required',
    risk: 'safe',
    observe: ask('POST /people/invite', { body: {} }),
    expected: shapeB('Invitations'),
  },
  {
    id: 'P-INVITE-01',
    says: 'a bad address is named by its place in the list',
    risk: 'safe',
    observe: (portal) => invite(portal, [{ email: 'nobody', type: 'User' }]),
    expected: shapeB('Invitations[0].Email'),
  },
  {
    id: 'P-INVITE-01',
    says: 'an empty list is accepted',
    risk: 'safe',
    observe: (portal) => invite(portal, []),
    expected: { status: 200 },
  },
  {
    id: 'P-INVITE-13',
    says: 'a null entry fails',
    risk: 'safe',
    observe: (portal) => invite(portal, [null]),
    expected: { status: 500 },
  },
  {
    id: 'P-INVITE-04',
    says: 'a Guest is refused',
    risk: 'safe',
    observe: (portal) => invite(portal, [{ email: portal.email(), type: 'Guest' }]),
    expected: shapeA(403, thrown.security, 'Access denied'),
  },
  ...[
    ...['conformance-é@example.com', '-conformance@example.com', 'conformance-@example.com'],
    ...['conformance@-example.com', 'conformance@example-.com', 'conformance@localhost'],
    ...[
      'conformance@bücher.example',
      'conformance@xn--bcher-kva.example',
      'conformance@example.c1',
    ],
    ...[`${'c'.repeat(64)}@example.com`, `${'c'.repeat(60)}@example.com`],
    `conformance@${'e'.repeat(64)}.com`,
  ].map((email) => refusedAddress(email)),
  ...['co--nformance@example.com', 'conformance@ex--ample.com'].map((email) =>
    refusedAddress(email, 'P-INVITE-12', 'Decoded string is not a valid IDN name.'),
  ),
  {
    id: 'P-INVITE-05',
    says: 'an address with a letter beyond ASCII is created, and then cannot be invited',
    risk: 'safe',
    observe: async (portal) => {
      const made = await portal.create({ email: portal.email('é') });
      const invited = await invite(portal, [
        { email: field(made.response, 'email'), type: 'User' },
      ]);
      return [made.status, invited.status];
    },
    expected: [200, 400],
  },
  {
    id: 'P-INVITE-06',
    says: 'someone who has an account stays who they are',
    risk: 'safe',
    observe: async (portal) => {
      const ana = await portal.ana();
      const entry = { email: field(ana.response, 'email'), type: 'User' };
      const { status } = await invite(portal, [entry, entry]);
      const read = await portal.ask(`GET /people/email?email=${addressIn(ana)}`);
      return [status, read.response];
    },
    expected: [200, { status: 1, isCollaborator: true }],
  },
  {
    id: 'P-INVITE-08',
    says: 'a success lists pending accounts without e-mail and status',
    risk: 'safe',
    observe: async (portal) => {
      const id = idIn(await portal.ana());
      const { response } = await invite(portal, []);
      return Array.isArray(response) && response.find((one) => field(one, 'id') === id);
    },
    expected: { displayName: anyText, profileUrl: anyText, email: undefined, status: undefined },
  },
  {
    id: 'P-SUCCESS-02',
    says: 'a streamed list of two counts as one',
    risk: 'safe',
    observe: async (portal) => {
      const userIds = [idIn(await portal.ana()), idIn(await portal.create())];
      return (await portal.ask('PUT /people/invite', { body: { userIds } })).json;
    },
    expected: { count: 1, response: [{ email: anyText }, { email: anyText }] },
  },
  {
    id: 'P-INVITE-10',
    says: 'an unknown id fails',
    risk: 'safe',
    observe: ask('PUT /people/invite', { body: { userIds: [NOBODY] } }),
    expected: { status: 500 },
  },
  {
    id: 'P-INVITE-10',
    says: 'ids cannot be missing',
    risk: 'safe',
    observe: ask('PUT /people/invite', { body: {} }),
    expected: shapeA(400, thrown.nullArgument),
  },
];
