import { describe, expect, it } from 'vitest';
import { isPromotion, parseEmployeeType } from '../../src/sandbox/people/employee-type.ts';
import { openSandbox, person, post } from './support.ts';

describe('parseEmployeeType', () => {
  const table: [unknown, number | undefined][] = [
    ['User', 4],
    ['user', 4],
    ['DOCSPACEADMIN', 3],
    [4, 4],
    ['4', 4],
    [' 1 ', 1],
    ['RoomAdmin, Guest', 3],
    [99, 99],
    [-1, -1],
    ['', undefined],
    ['User,', undefined],
    ['Collaborator', undefined],
    [2 ** 31, undefined],
    ['99999999999', undefined],
    [1.5, undefined],
    [true, undefined],
    [null, undefined],
    [{}, undefined],
  ];

  it.each(table)('makes of %j: %j', (value, expected) => {
    expect(parseEmployeeType(value)).toBe(expected);
  });
});

describe('isPromotion', () => {
  const table: [Parameters<typeof isPromotion>[0], number, boolean][] = [
    ['User', 1, true],
    ['User', 3, true],
    ['User', 4, false],
    ['User', 2, false],
    ['User', 0, false],
    ['User', 99, false],
    ['RoomAdmin', 3, true],
    ['RoomAdmin', 4, false],
    ['Guest', 4, true],
    ['DocSpaceAdmin', 1, false],
  ];

  it.each(table)('of a %s by type %i: %s', (role, type, expected) => {
    expect(isPromotion(role, type)).toBe(expected);
  });
});

describe('the type of a person', () => {
  const flags = {
    user: { isCollaborator: true, isRoomAdmin: false, isAdmin: false },
    room: { isCollaborator: false, isRoomAdmin: true, isAdmin: false },
    admin: { isCollaborator: false, isRoomAdmin: false, isAdmin: true },
  };
  const table: [unknown, object][] = [
    ['User', flags.user],
    [4, flags.user],
    ['4', flags.user],
    ['RoomAdmin', flags.room],
    ['All', flags.room],
    [0, flags.room],
    [99, flags.room],
    ['DocSpaceAdmin', flags.admin],
  ];

  it.each(table)('%j shows in the flags', async (type, expected) => {
    const answer = await post(await openSandbox(), { type });
    expect(answer.json.response).toMatchObject(expected);
  });

  it('left out makes a paid RoomAdmin', async () => {
    const sandbox = await openSandbox();
    const { type: _, ...body } = person();
    await post(sandbox, {}, { body });
    expect(sandbox.state().accounts).toMatchObject([{ type: 'RoomAdmin' }]);
  });
});

describe('the seats of the plan', () => {
  it('turn a person without one into a User, in silence', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 3 } });
    for (const [index, type] of ['RoomAdmin', 'All', 'RoomAdmin', 'DocSpaceAdmin'].entries()) {
      const answer = await post(sandbox, { email: `p${index}@example.com`, type });
      expect(answer.status).toBe(200);
    }
    const made = sandbox.state().accounts.map((account) => account.type);
    expect(made).toEqual(['RoomAdmin', 'RoomAdmin', 'User', 'User']);
  });

  it('do not limit Users', async () => {
    const sandbox = await openSandbox({ limits: { adminSeats: 1 } });
    for (const name of ['a', 'b', 'c']) {
      expect((await post(sandbox, { email: `${name}@example.com` })).status).toBe(200);
    }
    expect(Object.keys(sandbox.state().mailsSent)).toHaveLength(3);
  });
});
