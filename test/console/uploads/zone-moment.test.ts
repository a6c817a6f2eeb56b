import { expect, test } from 'vitest';
import { isZone, momentIn, zoneText } from '../../../src/console/uploads/zone-moment.ts';

const utc = (text: string) => Date.parse(`${text}Z`);

test.each([
  ['in winter', '2026-12-01T08:00', 'Europe/Berlin', '2026-12-01T07:00'],
  ['in summer', '2026-07-01T08:00', 'Europe/Berlin', '2026-07-01T06:00'],
  [
    'in an hour that comes twice, the first',
    '2026-10-25T02:30',
    'Europe/Berlin',
    '2026-10-25T00:30',
  ],
  ['right after a skipped hour', '2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00'],
  ['right before a skipped hour', '2026-03-29T01:59', 'Europe/Berlin', '2026-03-29T00:59'],
  ['in a zone of half an hour', '2026-12-01T08:00', 'Asia/Kolkata', '2026-12-01T02:30'],
  [
    'where the clocks move by half an hour',
    '2026-04-05T01:45',
    'Australia/Lord_Howe',
    '2026-04-04T14:45',
  ],
  ['a day ahead of UTC', '2026-01-01T05:00', 'Pacific/Kiritimati', '2025-12-31T15:00'],
  ['west of UTC', '2026-12-31T23:00', 'America/New_York', '2027-01-01T04:00'],
  ['in UTC', '2026-12-01T08:00', 'UTC', '2026-12-01T08:00'],
])('a time %s is the moment that its zone has', (_, local, zone, expected) => {
  expect(momentIn(local, zone)).toBe(utc(expected));
});

test.each([
  ['in an hour that the clocks skip', '2026-03-29T02:30', 'Europe/Berlin'],
  ['on a day that a zone skipped', '2011-12-30T12:00', 'Pacific/Apia'],
  ['on a day that no month has', '2026-02-30T12:00', 'UTC'],
  ['that is none', 'tomorrow', 'UTC'],
  ['in a zone that nobody knows', '2026-12-01T08:00', 'Mars/Base'],
])('a time %s is refused', (_, local, zone) => {
  expect(momentIn(local, zone)).toBeUndefined();
});

test('a moment is shown with its offset, and in UTC', () => {
  expect(zoneText(utc('2026-12-01T02:30'), 'America/St_Johns')).toBe(
    '2026-11-30 23:00 America/St_Johns (-03:30), 2026-12-01 02:30 UTC',
  );
  expect([isZone('Europe/Berlin'), isZone('<b>')]).toEqual([true, false]);
});
