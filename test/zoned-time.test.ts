import { expect, test } from 'vitest';
import { zonedTime } from '../src/zoned-time.ts';

test.each([0, Date.UTC(2026, 6, 1, 22, 30), Date.UTC(2026, 11, 31, 23, 59, 59)])(
  'a printed time has its zone, and is the same moment when it is read: %i',
  (at) => {
    const text = zonedTime(at);
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
    expect(Date.parse(text.replace(' ', 'T'))).toBe(at);
    expect(zonedTime(new Date(at).toISOString())).toBe(text);
  },
);
