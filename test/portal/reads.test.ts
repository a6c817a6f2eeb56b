import { describe, expect, it } from 'vitest';
import { accountDto, envelope, shapeC } from './answers.ts';
import { asked, key } from './fake-portal.ts';

describe('the reads before a submission', () => {
  it('asks for the account that the key acts as', async () => {
    const { portal, first } = await asked(envelope({ ...accountDto, isOwner: true }));
    expect(await portal.self()).toMatchObject({ value: { type: 'DocSpaceAdmin', isOwner: true } });
    expect(first()).toMatchObject({ method: 'GET', url: '/api/2.0/people/@self' });
    expect(first().headers.authorization).toBe(`Bearer ${key}`);
  });

  it.each([
    [250, { invitationLimit: 250 }],
    [0, { invitationLimit: 0 }],
    [2_147_483_647, { invitationLimit: Number.POSITIVE_INFINITY }],
    ['many', {}],
  ])('reads the invitation limit %s with the key', async (told, value) => {
    const { portal, first } = await asked(envelope({ invitationLimit: told }));
    const verdict = await portal.ownSettings();
    expect(verdict).toEqual({ kind: 'ok', value, answeredAt: expect.any(Number) });
    expect(first().url).toBe('/api/2.0/settings');
    expect(first().headers.authorization).toBe(`Bearer ${key}`);
  });

  it('a 403 without a wrapper to the settings with a key is a missing scope', async () => {
    const { portal } = await asked(shapeC(403, 'Forbidden'));
    expect(await portal.ownSettings()).toMatchObject({ code: 'key-missing-scope' });
    expect(await portal.self()).toMatchObject({ code: 'portal-moving' });
  });

  it('asks without the key whether members may be invited', async () => {
    const { portal, first } = await asked(envelope({ allowInvitingMembers: false }));
    const verdict = await portal.invitationSettings();
    expect(verdict).toMatchObject({ value: { allowInvitingMembers: false } });
    expect(first().url).toBe('/api/2.0/settings/invitationsettings');
    expect(first().headers).not.toHaveProperty('authorization');
  });

  it.each([
    [5, { userLimit: 5 }],
    [0, { userLimit: 0 }],
    [-1, {}],
    [2_147_483_647, {}],
  ])('reads the limit of Users %j', async (value, quota) => {
    const { portal } = await asked(envelope({ features: [{ id: 'users', value }] }));
    expect(await portal.quota()).toMatchObject({ kind: 'ok', value: quota });
  });

  it.each([
    [{ value: 3, used: { value: 2 } }, { paidSeats: { limit: 3, used: 2 } }],
    [
      { value: -1, used: { value: 9 } },
      { paidSeats: { limit: Number.POSITIVE_INFINITY, used: 9 } },
    ],
    [{ value: 3 }, {}],
    [{ value: 3, used: { title: 'admins' } }, {}],
  ])('reads the seats %j', async (seats, value) => {
    const features = [
      { id: 'total_size', value: 1 },
      { id: 'manager', ...seats },
    ];
    const { portal, first } = await asked(envelope({ features }));
    expect(await portal.quota()).toEqual({ kind: 'ok', value, answeredAt: expect.any(Number) });
    expect(first().url).toBe('/api/2.0/portal/payment/quota');
  });
});
