import { describe, expect, it } from 'vitest';
import { accountDto, empty, envelope, raw, shapeA, shapeB } from './answers.ts';
import { asked, fakePortal, key, openClient } from './fake-portal.ts';
import { type Row, types, verdictOf } from './verdict-of.ts';

const SALES = '3f0e0000-0000-4000-8000-000000000001';
const group = {
  name: 'Sales',
  parent: '00000000-0000-0000-0000-000000000000',
  category: '00000000-0000-0000-0000-000000000000',
  id: SALES,
  isLDAP: false,
  membersCount: 3,
};

/** The answer of GET /group: the whole number stands beside the list. */
function page(groups: readonly object[], total: number) {
  const body = { response: groups, count: groups.length, total, links: [], status: 0 };
  return raw(200, 'application/json', JSON.stringify({ ...body, statusCode: 200 }));
}

describe('groups of the portal', () => {
  it('reads a page of groups with the number of all', async () => {
    const { portal, first } = await asked(page([group], 101));
    const verdict = await portal.groups({ startIndex: 100, count: 100 });
    const items = [{ id: SALES, name: 'Sales', membersCount: 3 }];
    expect(verdict).toMatchObject({ kind: 'ok', value: { items, total: 101 } });
    expect(first().url).toBe('/api/2.0/group?startIndex=100&count=100');
    expect(first().headers.authorization).toBe(`Bearer ${key}`);
  });

  it('reads a page without the number of all', async () => {
    const { portal } = await asked(envelope([group]));
    const verdict = await portal.groups({ startIndex: 0, count: 100 });
    expect(verdict).toMatchObject({ kind: 'ok', value: { items: [{ name: 'Sales' }] } });
  });

  it('creates a group by its name', async () => {
    const { portal, first } = await asked(envelope({ ...group, members: [] }));
    const verdict = await portal.createGroup('Sales');
    expect(verdict).toMatchObject({ kind: 'ok', value: { id: SALES, name: 'Sales' } });
    expect(first()).toMatchObject({ method: 'POST', url: '/api/2.0/group' });
    expect(JSON.parse(first().body)).toEqual({ groupName: 'Sales' });
  });

  it('adds members to a group', async () => {
    const { portal, first } = await asked(envelope({ ...group, members: [accountDto] }));
    const verdict = await portal.addGroupMembers(SALES, [accountDto.id]);
    expect(verdict).toMatchObject({ kind: 'ok' });
    expect(first()).toMatchObject({ method: 'PUT', url: `/api/2.0/group/${SALES}/members` });
    expect(JSON.parse(first().body)).toEqual({ members: [accountDto.id] });
  });

  it('adds members to a group of thousands without keeping the list of them', async () => {
    const members = Array.from({ length: 1000 }, () => ({ ...accountDto, notes: 'x'.repeat(300) }));
    const { body } = envelope({ ...group, members, membersCount: 1000 });
    expect(body.length).toBeGreaterThan(600_000);
    const { portal } = await asked(raw(200, 'application/json', body));
    expect(await portal.addGroupMembers(SALES, [accountDto.id])).toMatchObject({ kind: 'ok' });
  });

  it('says nothing of members when a long answer broke off', async () => {
    const members = Array.from({ length: 1000 }, () => ({ ...accountDto, notes: 'x'.repeat(300) }));
    const { body } = envelope({ ...group, members });
    const { portal } = await asked(raw(200, 'application/json', body.slice(0, -30)));
    const verdict = await portal.addGroupMembers(SALES, [accountDto.id]);
    expect(verdict).toMatchObject({ kind: 'unknown', code: 'wrong-envelope' });
  });

  it('nobody knows whether a group exists when the answer was lost', async () => {
    const url = await fakePortal((request) => request.socket.destroy());
    const verdict = await openClient(url).createGroup('Sales');
    expect(verdict).toMatchObject({ kind: 'unknown', code: 'reset' });
  });

  it('reads the groups of an account', async () => {
    const groups = [{ id: SALES, name: 'Sales', manager: 'Ana' }];
    const { portal } = await asked(envelope({ ...accountDto, groups }));
    const verdict = await portal.findByEmail(accountDto.email);
    expect(verdict).toMatchObject({ value: { groups: [{ id: SALES, name: 'Sales' }] } });
  });

  it('an account without groups is in none', async () => {
    const { portal } = await asked();
    expect(await portal.findByEmail(accountDto.email)).toMatchObject({ value: { groups: [] } });
  });

  it('reads the cultures of the portal without the key', async () => {
    const { portal, first } = await asked(envelope(['en-US', 'de', 7]));
    expect(await portal.cultures()).toMatchObject({ kind: 'ok', value: ['en-US', 'de'] });
    expect(first().url).toBe('/api/2.0/settings/cultures');
    expect(first().headers).not.toHaveProperty('authorization');
  });
});

const denied = shapeA(403, 'Access denied', types.security);
const table: Row[] = [
  ['groups without the scope', 'groups', empty(403), 'stopped key-missing-scope'],
  ['groups that are denied', 'groups', denied, 'stopped access-denied'],
  ['a group without the scope', 'create-group', empty(403), 'stopped key-missing-scope'],
  ['a group that is denied', 'create-group', denied, 'stopped access-denied'],
  ['a bad name', 'create-group', shapeB({ GroupName: ['too long'] }), 'refused invalid-field'],
  [
    'an unknown manager',
    'create-group',
    shapeA(400, 'Nein', types.argument),
    'refused bad-request',
  ],
  ['a group after a fault', 'create-group', shapeA(500, 'x'), 'unknown server-error'],
  ['a group that is gone', 'add-members', shapeA(404, 'Nein', types.notFound), 'refused not-found'],
  ['members in a bad form', 'add-members', shapeB({ $: ['bad'] }), 'refused invalid-field'],
  ['members after a fault', 'add-members', shapeA(500, 'x'), 'unknown server-error'],
  ['a suspended portal', 'add-members', raw(404, 'text/html', '<html>'), 'stopped wrong-address'],
];

describe('the meaning of answers about groups', () => {
  it.each(table)('%s', (_, request, answer, verdict) => {
    expect(verdictOf(request, answer)).toBe(verdict);
  });

  it('a refused group is not called a person', async () => {
    const { portal } = await asked(shapeB({ GroupName: ['too long'] }));
    const verdict = await portal.createGroup('x'.repeat(129));
    expect(verdict).toMatchObject({
      reason: 'The portal refused this group (HTTP 400): "GroupName: too long".',
    });
  });
});
