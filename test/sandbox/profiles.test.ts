import { describe, expect, it } from 'vitest';
import { type Account, Accounts } from '../../src/sandbox/people/accounts.ts';
import { briefProfile, fullProfile, portalDate } from '../../src/sandbox/people/profiles.ts';

const account: Account = {
  id: '5b1e8a52-0000-4000-8000-000000000000',
  email: 'Ana+x@Example.com',
  userName: 'ana',
  firstName: 'Ana',
  lastName: 'Núñez & <Co>',
  role: 'User',
  isOwner: false,
  isHalfMade: false,
  hasPassword: true,
  status: 1,
  activationStatus: 2,
  registeredAt: 0,
  origin: 'post',
};

const view = {
  origin: 'http://portal.example',
  utcOffsetMinutes: 0,
  isAdminView: true,
  isFresh: false,
  accountOf: () => undefined,
  groupsOf: () => [],
};

describe('a profile', () => {
  it('encodes its display name as HTML and its address for a URL', () => {
    const profile = briefProfile(account, 'http://portal.example');
    expect(profile.displayName).toBe('Ana N&#250;&#241;ez &amp; &lt;Co&gt;');
    expect(profile.profileUrl).toMatch(/search=ana%2Bx%40example\.com$/);
  });

  it('shows a nameless invitee by the address', () => {
    const invitee: Account = { ...account, firstName: '', lastName: '', status: 4 };
    expect(briefProfile(invitee, '').displayName).toBe('Ana+x@Example.com');
  });

  it('leaves out what is empty', () => {
    const names = Object.keys(fullProfile({ ...account, notes: '', location: '' }, view));
    const absent = ['notes', 'location', 'cultureName', 'terminated', 'createdBy', 'groups'];
    expect(names.filter((name) => absent.includes(name))).toEqual([]);
  });
});

describe('portalDate', () => {
  const at = Date.UTC(2026, 11, 31, 23, 30, 15, 999);
  const table: [number, boolean, string][] = [
    [0, true, '2026-12-31T23:30:15.9990000Z'],
    [0, false, '2026-12-31T23:30:15.0000000Z'],
    [60, true, '2027-01-01T00:30:15.9990000+01:00'],
    [-210, false, '2026-12-31T20:00:15.0000000-03:30'],
    [345, false, '2027-01-01T05:15:15.0000000+05:45'],
  ];

  it.each(table)('at %i minutes from UTC, ticks %s: %s', (offset, hasTicks, expected) => {
    expect(portalDate(at, offset, hasTicks)).toBe(expected);
    // JavaScript reads the seven digits, so the moment survives the trip.
    const expectedMs = hasTicks ? at : at - 999;
    expect(Date.parse(expected)).toBe(expectedMs);
  });
});

describe('Accounts', () => {
  it('keeps the number of guests through every change of role', () => {
    const accounts = new Accounts(() => crypto.randomUUID());
    const guest = accounts.add({ ...account, email: 'a@x.example', role: 'Guest' });
    accounts.add({ ...account, id: 'b', email: 'b@x.example', role: 'User' });
    expect(accounts.guests).toBe(1);
    accounts.changeRole(guest, 'User');
    expect(accounts.guests).toBe(0);
  });

  it('keeps the number of paid seats through every change of role', () => {
    const accounts = new Accounts(() => crypto.randomUUID());
    const one = accounts.add({ ...account, email: 'a@x.example', role: 'User' });
    accounts.add({ ...account, id: 'b', email: 'b@x.example', role: 'DocSpaceAdmin' });
    expect(accounts.paidSeats).toBe(1);
    const raised = accounts.changeRole(one, 'RoomAdmin');
    expect(accounts.paidSeats).toBe(2);
    accounts.changeRole(accounts.changeRole(raised, 'DocSpaceAdmin'), 'User');
    expect(accounts.paidSeats).toBe(1);
    expect(accounts.find('A@x.example ')?.role).toBe('User');
  });
});
