import { describe, expect, test } from 'vitest';
import { optionsIn } from '../../../src/console/routes/submit-form.ts';

function form(fields: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  const entries = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, each]),
  );
  return new URLSearchParams(entries);
}

describe('the form of an upload', () => {
  test('asks for nothing where it was left as it is', () => {
    const untouched = {
      ...{ type: 'User', invite: 'now', inviteAt: '', inviteZone: 'UTC', inviteSize: '' },
      ...{ culture: ' ', groups: '', group: '', limit: '', batch: '', map: '', ignore: '\r\n' },
      ...{ delimiter: '', encoding: '', sheet: '', splitName: '' },
    };
    expect(optionsIn(form(untouched))).toEqual({ type: 'User' });
  });

  test.each<[Record<string, string | string[]>, object]>([
    [{ allowTypes: ['RoomAdmin', 'Owner', 'User'] }, { allowTypes: ['User', 'RoomAdmin'] }],
    [{ group: 'Sales\r\n\r\n IT ' }, { group: ['Sales', 'IT'] }],
    [
      { map: 'A=email\nB=C=type', ignore: 'x' },
      { map: ['A=email', 'B=C=type'], ignore: ['x'] },
    ],
    [
      { limit: '10', maxFailedPercent: '0', minCreatedPercent: '100' },
      { limit: 10, maxFailedPercent: 0, minCreatedPercent: 100 },
    ],
    [{ inviteSize: '0' }, { inviteSize: 0 }],
    [
      { joinExisting: 'yes', lookup: 'yes' },
      { joinExisting: true, lookup: true },
    ],
    [{ batch: ' march-2026 ' }, { batch: 'march-2026' }],
    [
      { groups: 'create', culture: 'de' },
      { groups: 'create', culture: 'de' },
    ],
    [{ invite: 'hold', inviteAt: 'nonsense' }, { inviteHeld: true }],
    [
      { invite: 'at', inviteAt: '2026-12-01T08:00', inviteZone: 'Europe/Berlin' },
      { inviteAt: Date.UTC(2026, 11, 1, 7), inviteZone: 'Europe/Berlin' },
    ],
  ])('%j asks for %j', (fields, options) => {
    expect(optionsIn(form(fields))).toEqual(options);
  });

  test.each([
    [{ canNotify: 'yes' }, { notify: false }],
    [{ canNotify: 'yes', notify: 'yes' }, {}],
    // The switch is not on the page where no address is set.
    [{ notify: 'yes' }, {}],
  ])('switches notifications: %j', (fields, options) => {
    expect(optionsIn(form(fields))).toEqual(options);
  });

  test.each([
    [{ type: 'Owner' }, '“Type of people without one” Owner: choose a type of the list'],
    [{ groups: 'all' }, '“Groups that the portal does not have” all: choose one of the list'],
    [{ limit: '0' }, '“Begin with this many people” 0: give a whole number, 1 or more'],
    [{ limit: '1.5' }, '“Begin with this many people” 1.5: give a whole number'],
    [{ limit: '9'.repeat(12) }, 'give a whole number'],
    [
      { maxFailedPercent: '101' },
      '“Hold everything when more failed, %” 101: give a share from 0 to 100 percent',
    ],
    [
      { minCreatedPercent: 'half' },
      '“Hold it back while fewer have an account, %” half: give a share',
    ],
    [
      { inviteSize: '-1' },
      '“Most people in one invite request” -1: give a whole number, 0 or more',
    ],
    [{ batch: '../x' }, '“Name of the batch” ../x: use '],
    [
      { invite: 'at', inviteAt: '2026-12-01T08:00', inviteZone: 'Mars' },
      '“Zone of this time” Mars: choose a zone',
    ],
    [
      { invite: 'at', inviteAt: 'soon', inviteZone: 'UTC' },
      '“Time of the invite” soon: give a date',
    ],
    [
      { invite: 'at', inviteAt: '2026-03-29T02:30', inviteZone: 'Europe/Berlin' },
      'give a date with a time that exists in Europe/Berlin',
    ],
  ])('refuses %j with what to give', (fields, message) => {
    expect(() => optionsIn(form(fields))).toThrow(
      expect.objectContaining({ code: 'E_USAGE', message: expect.stringContaining(message) }),
    );
  });
});
