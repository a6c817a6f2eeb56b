import { describe, expect, it } from 'vitest';
import type { Person } from '../../src/people/person.ts';
import type { RequestKind } from '../../src/portal/answer.ts';
import { readValue } from '../../src/portal/classify.ts';
import { compareAccount, otherRole } from '../../src/portal/compare-account.ts';
import { invitedSchema, keyInfoSchema, settingsSchema } from '../../src/portal/portal-facts.ts';
import { accountSchema, parseDate } from '../../src/portal/wire.ts';
import { accountDto } from './answers.ts';

describe('parseDate', () => {
  it.each([
    ['seven digits and an offset', '2026-07-01T12:20:30.1234567+02:00', '2026-07-01T10:20:30.123Z'],
    ['whole seconds in UTC', '2026-07-01T12:20:30Z', '2026-07-01T12:20:30.000Z'],
    ['all zeros after the second', '2026-07-01T12:20:30.0000000Z', '2026-07-01T12:20:30.000Z'],
    ['a negative offset', '2026-07-01T12:20:30-03:30', '2026-07-01T15:50:30.000Z'],
    ['no zone at all', '2026-07-01T12:20:30', '2026-07-01T12:20:30.000Z'],
  ])('reads %s', (_what, text, expected) => {
    expect(parseDate(text)).toBe(Date.parse(expected));
  });

  it.each(['', 'yesterday', '2026-07-01', '2026-13-01T00:00:00Z', '0001-01-01T00:00:00.0000000Z'])(
    'takes "%s" for no date',
    (text) => {
      expect(parseDate(text)).toBeUndefined();
    },
  );
});

it('takes no escape, no bidi character and no megabyte from a text of an answer', () => {
  const attack = `3.7\u001b[2J\u202e${'x'.repeat(1_000_000)}`;
  const { version = '' } = settingsSchema.parse({ version: attack });
  const { id, email } = accountSchema.parse({ ...accountDto, id: attack, email: attack });
  const { ownerId, permissions } = keyInfoSchema.parse({
    createBy: { id: attack },
    permissions: [attack],
  });
  for (const text of [version, id, email, ownerId, ...permissions]) {
    expect(text).toMatch(/^3\.7\\u001b\[2J\\u202ex+$/);
    expect(text.length).toBeLessThan(600);
  }
});

describe('an account', () => {
  it('holds what matters of EmployeeFullDto', () => {
    expect(accountSchema.parse(accountDto)).toEqual({
      id: accountDto.id,
      email: 'ana.oneil@example.com',
      status: 1,
      isAdmin: false,
      isOwner: false,
      isRoomAdmin: false,
      isCollaborator: true,
      isVisitor: false,
      type: 'User',
      registrationDate: Date.parse('2026-07-01T10:20:30.123Z'),
      groups: [],
      createdBy: accountDto.createdBy.id,
    });
  });

  it.each([
    ['owner with isAdmin false', { isOwner: true }, 'DocSpaceAdmin'],
    ['administrator', { isAdmin: true }, 'DocSpaceAdmin'],
    ['room administrator', { isRoomAdmin: true }, 'RoomAdmin'],
    ['collaborator', { isCollaborator: true }, 'User'],
    ['visitor', { isVisitor: true }, 'Guest'],
    ['no flag at all', {}, undefined],
  ])('has its type from its flags: %s', (_what, flags, type) => {
    expect(accountSchema.parse({ id: '1', email: 'a@b.c', ...flags }).type).toBe(type);
  });

  it('tolerates missing and garbled members beside its id and e-mail', () => {
    const odd = { id: '1', email: 'a@b.c', status: 'x', createdBy: null, registrationDate: {} };
    const account = accountSchema.parse({ ...odd, isAdmin: 'yes' });
    expect(account).toMatchObject({ id: '1', status: 1, isAdmin: false });
    expect(account).toMatchObject({ createdBy: undefined, registrationDate: undefined });
  });
});

describe('the facts about key and portal', () => {
  it('reads whose the key is, what it may do and until when', () => {
    const dto = { id: 'k', createBy: { id: 'owner' }, permissions: ['accounts:write'] };
    const ends = '2027-01-01T00:00:00.0000000Z';
    expect(keyInfoSchema.parse({ ...dto, expiresAt: ends })).toEqual({
      ownerId: 'owner',
      permissions: ['accounts:write'],
      expiresAt: Date.parse('2027-01-01T00:00:00Z'),
    });
  });

  it('takes missing permissions for full access', () => {
    const info = keyInfoSchema.parse({ createBy: { id: 'owner' } });
    expect(info).toEqual({ ownerId: 'owner', permissions: [] });
  });

  it('reads the public settings, all of which may be missing', () => {
    const whole = { version: '3.7.2', tenantStatus: 0, userNameRegex: '^.+$' };
    expect(settingsSchema.parse({ ...whole, culture: 'en' })).toEqual(whole);
    expect(settingsSchema.parse({ version: 3 })).toEqual({});
  });
});

describe('a success whose value does not fit', () => {
  it.each<[RequestKind, string]>([
    ['create', 'wrong-envelope'],
    ['lookup', 'wrong-envelope'],
    ['whoami', 'unexpected-answer'],
    ['settings', 'unexpected-answer'],
  ])('of %s is %s', (kind, code) => {
    const verdict = readValue({ kind }, { kind: 'ok', value: 'nonsense' }, accountSchema);
    expect(verdict).toMatchObject({ code });
  });

  it('of an invite is unknown, for the mails may be out', () => {
    const verdict = readValue({ kind: 'invite' }, { kind: 'ok', value: {} }, invitedSchema);
    expect(verdict).toMatchObject({ kind: 'unknown', code: 'wrong-envelope' });
  });
});

describe('compareAccount', () => {
  const person: Person = {
    email: 'Ana.ONeil@example.com',
    firstName: 'Ana',
    lastName: "O'Neil",
    type: 'User',
  };
  const account = (change: object) => accountSchema.parse({ ...accountDto, ...change });

  it('finds nothing when only case and Unicode form differ', () => {
    expect(compareAccount(person, account({}))).toEqual([]);
    const composed = { ...person, email: 'jos\u00e9@example.com' };
    expect(compareAccount(composed, account({ email: 'JOSE\u0301@example.com' }))).toEqual([]);
  });

  it('warns of another address, masked', () => {
    const warnings = compareAccount(
      { ...person, email: 'josé@x.com' },
      account({ email: 'jose@x.com' }),
    );
    expect(warnings).toEqual(["The portal's account has another e-mail address: j***@x.com."]);
  });

  it('warns of a disabled account', () => {
    expect(compareAccount(person, account({ status: 2 }))).toEqual([
      'The account is disabled on the portal.',
    ]);
  });
});

describe('otherRole', () => {
  const account = (change: object) => accountSchema.parse({ ...accountDto, ...change });
  const roomAdmin = account({ isCollaborator: false, isRoomAdmin: true });

  it.each([
    ['a User where a RoomAdmin was asked for: no seat was left', 'RoomAdmin', account({}), 'User'],
    ['a RoomAdmin where a User was asked for: it broke off', 'User', roomAdmin, 'RoomAdmin'],
    ['a RoomAdmin for type All, which has no group', 'All', roomAdmin, undefined],
    ['a User as asked', 'User', account({}), undefined],
  ] as const)('%s', (_, type, found, role) => {
    expect(otherRole(type, found)).toBe(role);
  });
});
